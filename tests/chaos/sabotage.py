"""A process that kills or stops itself at the moments that matter most: around its submits and its
writes. The signal is a real one; only its moment is chosen from inside."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

MOMENTS = (
    "before-submit",
    "during-submit",
    "after-submit",
    "before-write",
    "mid-write",
    "after-write",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sabotage:
    """At the ``number``-th of these moments, ``delay`` seconds later: SIGKILL, or SIGSTOP."""

    moment: str
    number: int
    delay: float = 0.0
    stops: bool = False

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> Sabotage:
        return Sabotage(**json.loads(text))

    @staticmethod
    def drawn(chance: Random, *, moments: tuple[str, ...], jobs: int, stops: bool) -> Sabotage:
        moment = chance.choice(moments)
        most = jobs if "submit" in moment else 12
        late = moment == "during-submit" or chance.random() < 0.2
        return Sabotage(
            moment=moment,
            number=chance.randint(1, max(1, most)),
            delay=chance.uniform(0, 0.05) if late else 0.0,
            stops=stops,
        )

    def plant(self, ledger: str) -> None:
        """From now on this process is in danger."""
        _Saboteur(self).plant(ledger)


class _Saboteur:
    def __init__(self, plan: Sabotage) -> None:
        self._plan = plan
        self._lock = threading.Lock()
        self._left = plan.number

    def reach(self, moment: str) -> None:
        if moment != self._plan.moment:
            return
        with self._lock:
            self._left -= 1
            if self._left:
                return
        if self._plan.delay:
            timer = threading.Timer(self._plan.delay, self._strike)
            timer.daemon = True
            timer.start()
        else:
            self._strike()

    def _strike(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP if self._plan.stops else signal.SIGKILL)

    def plant(self, ledger: str) -> None:
        from s7spec.adapters.ips_soap import IpsSoapGateway

        send = IpsSoapGateway.submit

        def submit(gateway: Any, submission: Any) -> Any:
            self.reach("before-submit")
            self.reach("during-submit")
            try:
                return send(gateway, submission)
            finally:
                self.reach("after-submit")

        setattr(IpsSoapGateway, "submit", submit)  # noqa: B010
        self._plant_in(_ledger_class(ledger))

    def _plant_in(self, ledger_class: Any) -> None:
        write = ledger_class.writing

        @contextmanager
        def writing(ledger: Any, lease: Any) -> Iterator[Any]:
            self.reach("before-write")
            with write(ledger, lease) as writer:
                yield writer
                self.reach("mid-write")
            self.reach("after-write")

        ledger_class.writing = writing


def _ledger_class(name: str) -> Any:
    from s7spec.adapters.ledger_postgres import PostgresLedger
    from s7spec.adapters.ledger_sqlite import SqliteLedger

    return {"sqlite": SqliteLedger, "postgres": PostgresLedger}[name]
