"""A ledger of which one only reads, held in memory."""

from collections.abc import Iterable, Iterator

from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, JobHead
from s7spec.ports import LedgerConflict


class StillView:
    """``latest`` are the latest attempts of their jobs, each the only one of its job."""

    def __init__(self, latest: Iterable[Attempt] = ()) -> None:
        self._latest = sorted(latest, key=lambda attempt: attempt.key)
        self.read: list[str] = []

    def heads(self) -> Iterator[JobHead]:
        return map(head_of, self._latest)

    def head(self, key: JobKey) -> JobHead | None:
        return next((head_of(each) for each in self._latest if each.key == key), None)

    def attempt(self, name: str) -> Attempt:
        self.read.append(name)
        for each in self._latest:
            if each.name == name:
                return each
        raise LedgerConflict(f"no attempt {name}")

    def knows(self, name: str) -> bool:
        return any(each.name == name for each in self._latest)

    def open_attempts(self) -> tuple[Attempt, ...]:
        return tuple(each for each in self._latest if each.state.is_open)

    def last_generation(self, key: JobKey, data: str) -> int:
        spent = (
            each.generation
            for each in self._latest
            if each.key == key and each.fingerprint.data == data
        )
        return max(spent, default=0)

    def is_cold(self) -> bool:
        return not self._latest


def head_of(attempt: Attempt) -> JobHead:
    return JobHead(
        key=attempt.key,
        attempt_name=attempt.name,
        version=attempt.version,
        generation=attempt.generation,
        state=attempt.state,
        forgotten=attempt.forgotten,
        wanted=attempt.wanted,
        fingerprint_version=FINGERPRINT_VERSION,
        rerun=attempt.rerun,
        ended_at=attempt.ended_at,
    )
