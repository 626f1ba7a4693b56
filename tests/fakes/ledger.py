"""A ledger in memory, for tests that play thousands of histories: as durable as its store."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from s7spec.model.job import JobKey
from s7spec.model.ledger import (
    Attempt,
    AttemptEvent,
    Holder,
    Lease,
    LedgerRecord,
)
from s7spec.ports import LeaseHeld, LedgerConflict, LedgerUnwritable
from tests.fakes.memory_view import MemoryView, Pages
from tests.fakes.memory_writer import MemoryWriter
from tests.fakes.view import head_of

__all__ = ["MemoryLedger", "Store"]

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _HeldLease:
    lease: Lease
    seconds: int
    released: bool = False


@dataclass(slots=True)
class Store:
    """What outlives a process. ``pages`` are never changed, only replaced: keep them, and put them
    back, to play with an older copy."""

    pages: Pages = field(default_factory=Pages)
    leases: dict[_Place, _HeldLease] = field(default_factory=dict)
    is_locked: bool = False


class MemoryLedger:
    def __init__(self, store: Store | None = None) -> None:
        self.store = store or Store()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    @contextmanager
    def reading(self, company: str, environment: str) -> Iterator[MemoryView]:
        yield MemoryView(self.store.pages, company, environment)

    @contextmanager
    def writing(self, lease: Lease) -> Iterator[MemoryWriter]:
        with self._transaction() as pages:
            self._check(lease)
            writer = MemoryWriter(pages, lease)
            try:
                yield writer
            finally:
                writer.is_over = True
            if writer.failure is not None:
                raise writer.failure

    def attempts(self, key: JobKey) -> tuple[Attempt, ...]:
        return tuple(each for each in self.store.pages.attempts.values() if each.key == key)

    def events(self, attempt_name: str) -> tuple[AttemptEvent, ...]:
        return self.store.pages.events.get(attempt_name, ())

    def spec_digests(self, company: str, environment: str, manifest: str) -> Mapping[str, bytes]:
        here = (company, environment, manifest)
        return {
            key.export: digest
            for key, digest in self.store.pages.specs.items()
            if (key.company, key.environment, key.manifest) == here
        }

    def acquire(
        self, company: str, environment: str, *, holder: Holder, now: datetime, seconds: int
    ) -> Lease:
        place = (company, environment)
        end = now + timedelta(seconds=seconds)
        fence = 1
        held = self.store.leases.get(place)
        if held is not None:
            if not held.released and held.lease.expires_at > now:
                longest = now + timedelta(seconds=held.seconds)
                cut = replace(held.lease, expires_at=min(held.lease.expires_at, longest))
                self.store.leases[place] = replace(held, lease=cut)
                raise LeaseHeld(cut)
            fence = held.lease.fence + 1
        lease = Lease(
            company=company,
            environment=environment,
            fence=fence,
            holder=holder,
            taken_at=now,
            expires_at=end,
        )
        self.store.leases[place] = _HeldLease(lease=lease, seconds=seconds)
        return lease

    def renew(self, lease: Lease, *, now: datetime, seconds: int) -> Lease:
        self._check(lease)
        renewed = replace(lease, expires_at=now + timedelta(seconds=seconds))
        self.store.leases[_place(lease)] = _HeldLease(lease=renewed, seconds=seconds)
        return renewed

    def release(self, lease: Lease) -> None:
        held = self.store.leases[_place(lease)]
        if _is(held.lease, lease):
            self.store.leases[_place(lease)] = replace(held, released=True)

    def lease(self, company: str, environment: str) -> Lease | None:
        held = self.store.leases.get((company, environment))
        return None if held is None or held.released else held.lease

    def break_lease(self, lease: Lease) -> None:
        held = self.store.leases.get(_place(lease))
        if held is None or held.released or not _is(held.lease, lease):
            raise LedgerConflict(
                f"the lease of {lease.holder.user}@{lease.holder.host} is not held any more"
            )
        self.store.leases[_place(lease)] = replace(held, released=True)

    def check(self) -> tuple[str, ...]:
        return ()

    def records(self) -> Iterator[LedgerRecord]:
        pages = self.store.pages
        for attempt in pages.attempts.values():
            is_latest = pages.heads[attempt.key].attempt_name == attempt.name
            yield LedgerRecord(
                attempt=attempt,
                events=pages.events[attempt.name],
                is_latest=is_latest,
                spec_digest=pages.specs.get(attempt.key) if is_latest else None,
            )

    def restore(self, records: Iterable[LedgerRecord]) -> int:
        with self._transaction() as pages:
            if pages.attempts:
                raise LedgerConflict("the ledger is not empty: it has attempts already")
            for record in records:
                _restore(record, pages)
            headless = {each.key for each in pages.attempts.values()} - pages.heads.keys()
            if headless:
                raise ValueError(f"no record says that it is the latest of {headless.pop().short}")
            return len(pages.attempts)

    @contextmanager
    def _transaction(self) -> Iterator[Pages]:
        """One at a time: who comes meanwhile finds the ledger locked."""
        if self.store.is_locked:
            raise LedgerUnwritable("memory", "the ledger is locked by another process")
        pages = self.store.pages.copied()
        self.store.is_locked = True
        try:
            yield pages
            self.store.pages = pages
        finally:
            self.store.is_locked = False

    def _check(self, lease: Lease) -> None:
        """A lease that only ran out still holds: nobody else has written since."""
        held = self.store.leases.get(_place(lease))
        if held is None:
            raise LedgerConflict("this run holds no lease")
        if not _is(held.lease, lease):
            who = held.lease.holder
            raise LedgerConflict(
                f"this run has lost its lease: {who.user}@{who.host} (pid {who.pid}) took it over"
            )
        if held.released:
            raise LedgerConflict("this run has no lease any more: it was given back")


def _restore(record: LedgerRecord, pages: Pages) -> None:
    attempt = record.attempt
    if attempt.name in pages.attempts or (record.is_latest and attempt.key in pages.heads):
        raise ValueError(f"{attempt.name} contradicts the records before it")
    pages.attempts[attempt.name] = attempt
    pages.events[attempt.name] = record.events
    if record.is_latest:
        pages.heads[attempt.key] = head_of(attempt)
        if record.spec_digest is not None:
            pages.specs[attempt.key] = record.spec_digest


def _place(lease: Lease) -> _Place:
    return lease.company, lease.environment


def _is(held: Lease, lease: Lease) -> bool:
    """Fences begin anew in a ledger that was lost: the moment tells the leases apart."""
    return (held.fence, held.taken_at) == (lease.fence, lease.taken_at)
