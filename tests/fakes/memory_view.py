"""The pages of a ledger in memory, and a view of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import JobKey, attempt_name
from s7spec.model.ledger import Attempt, AttemptEvent, JobHead
from s7spec.ports import LedgerConflict


@dataclass(slots=True)
class Pages:
    """``attempts`` are in the order of their first intents."""

    attempts: dict[str, Attempt] = field(default_factory=dict)
    events: dict[str, tuple[AttemptEvent, ...]] = field(default_factory=dict)
    heads: dict[JobKey, JobHead] = field(default_factory=dict)
    specs: dict[JobKey, bytes] = field(default_factory=dict)

    def copied(self) -> "Pages":
        return Pages(dict(self.attempts), dict(self.events), dict(self.heads), dict(self.specs))


class MemoryView:
    """Whatever is written meanwhile goes onto other pages."""

    def __init__(self, pages: Pages, company: str, environment: str) -> None:
        self._pages = pages
        self._here = (company, environment)

    def heads(self) -> Iterator[JobHead]:
        return iter([self._pages.heads[key] for key in sorted(self._pages.heads) if self._is(key)])

    def head(self, key: JobKey) -> JobHead | None:
        self._check(key)
        return self._pages.heads.get(key)

    def attempt(self, name: str) -> Attempt:
        if not self.knows(name):
            raise LedgerConflict(f"the ledger has no attempt {name}")
        return self._pages.attempts[name]

    def knows(self, name: str) -> bool:
        found = self._pages.attempts.get(name)
        return found is not None and self._is(found.key)

    def open_attempts(self) -> tuple[Attempt, ...]:
        return tuple(
            self._pages.attempts[head.attempt_name] for head in self.heads() if head.state.is_open
        )

    def last_generation(self, key: JobKey, data: str) -> int:
        self._check(key)
        names = attempt_name(key, Fingerprint(data=data, meta=""), 1).removesuffix("1")
        return max(
            (
                each.generation
                for each in self._pages.attempts.values()
                if each.fingerprint.data == data
                and (each.key == key or each.name.startswith(names))
            ),
            default=0,
        )

    def is_cold(self) -> bool:
        return not any(self._is(key) for key in self._pages.heads)

    def _is(self, key: JobKey) -> bool:
        return (key.company, key.environment) == self._here

    def _check(self, key: JobKey) -> None:
        if not self._is(key):
            raise ValueError(f"{key} is not of {self._here}")
