"""A ledger of which one only reads, held in memory."""

from collections.abc import Iterable, Iterator

from s7spec.model.fingerprint import FINGERPRINT_VERSION, Fingerprint
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, JobHead
from s7spec.ports import LedgerConflict

_OF_BEFORE = Fingerprint(data="0" * 64, meta="0" * 64)


class StillView:
    """``latest`` are the latest attempts of their jobs, ``earlier`` those before them.

    ``read`` are the names of the attempts whose payloads were looked at. ``older`` heads were
    written by an algorithm of before, so their fingerprints say nothing.
    """

    def __init__(
        self,
        latest: Iterable[Attempt] = (),
        *,
        earlier: Iterable[Attempt] = (),
        older: Iterable[JobKey] = (),
    ) -> None:
        self._latest = sorted(latest, key=lambda attempt: attempt.key)
        self._all = {each.name: each for each in (*earlier, *self._latest)}
        self._older = frozenset(older)
        self.read: list[str] = []

    def heads(self) -> Iterator[JobHead]:
        return map(self._head_of, self._latest)

    def head(self, key: JobKey) -> JobHead | None:
        return next((self._head_of(each) for each in self._latest if each.key == key), None)

    def attempt(self, name: str) -> Attempt:
        self.read.append(name)
        if name not in self._all:
            raise LedgerConflict(f"no attempt {name}")
        return self._all[name]

    def knows(self, name: str) -> bool:
        return name in self._all

    def open_attempts(self) -> tuple[Attempt, ...]:
        return tuple(each for each in self._latest if each.state.is_open)

    def last_generation(self, key: JobKey, data: str) -> int:
        spent = (
            each.generation
            for each in self._all.values()
            if each.key == key and each.fingerprint.data == data
        )
        return max(spent, default=0)

    def is_cold(self) -> bool:
        return not self._all

    def _head_of(self, attempt: Attempt) -> JobHead:
        return head_of(attempt, version=0 if attempt.key in self._older else FINGERPRINT_VERSION)


def head_of(attempt: Attempt, *, version: int = FINGERPRINT_VERSION) -> JobHead:
    return JobHead(
        key=attempt.key,
        attempt_name=attempt.name,
        version=attempt.version,
        generation=attempt.generation,
        state=attempt.state,
        forgotten=attempt.forgotten,
        wanted=attempt.wanted if version == FINGERPRINT_VERSION else _OF_BEFORE,
        fingerprint_version=version,
        rerun=attempt.rerun,
        ended_at=attempt.ended_at,
    )
