"""What the SDK logs when spans cannot be sent: heard, and not shown again and again."""

from __future__ import annotations

import logging

_NAME = "opentelemetry"


class Troubles(logging.Handler):
    """``seen`` turns true with the first warning. Its words, which quote addresses, are shown only
    to those who asked for what libraries log."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.seen = False
        logger = logging.getLogger(_NAME)
        logger.addHandler(self)
        logger.propagate = bool(logging.getLogger().handlers)

    def emit(self, record: logging.LogRecord) -> None:
        self.seen = True
