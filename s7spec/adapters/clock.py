"""The wall clock behind the Clock port."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """This machine's clock (ports.Clock)."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Waits; zero and less return at once. A KeyboardInterrupt passes through."""
        if seconds > 0:
            time.sleep(seconds)
