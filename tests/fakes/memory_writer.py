"""One transaction on a ledger in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, JobHead, Lease, Prior
from s7spec.ports import LedgerConflict
from tests.fakes.memory_view import Pages
from tests.fakes.view import head_of


class MemoryWriter:
    """Works on pages that become the ledger's when the transaction ends."""

    def __init__(self, pages: Pages, lease: Lease) -> None:
        self._pages = pages
        self._place = (lease.company, lease.environment)
        self.failure: BaseException | None = None
        self.is_over = False

    def intend(
        self, attempt: Attempt, *, prior: Prior | None, spec_digest: bytes | None = None
    ) -> Attempt:
        with self._step(attempt.key):
            self._check_latest(attempt.key, prior)
            _check_zone(attempt.intended_at, attempt.updated_at)
            known = self._pages.attempts.get(attempt.name)
            if prior is not None and prior.attempt_name == attempt.name:
                if known is None or known.fingerprint.data != attempt.fingerprint.data:
                    raise LedgerConflict(f"{attempt.name} was intended before with other content")
                intended = replace(attempt, version=prior.version + 1)
            elif known is not None:
                raise LedgerConflict(f"{attempt.name} was sent before, and another after it")
            else:
                self._check_is_unspent(attempt)
                intended = replace(attempt, version=1)
            self._write(intended, head_of(intended))
            self._spec(attempt.key, spec_digest)
        return intended

    def record(self, attempt: Attempt) -> Attempt:
        with self._step(attempt.key):
            return self._record(attempt)

    def amend(self, attempt: Attempt, *, spec_digest: bytes | None = None) -> Attempt:
        with self._step(attempt.key):
            self._check_latest(attempt.key, attempt.prior)
            known = self._pages.attempts[attempt.name]
            if (known.fingerprint.data, known.wanted.data) != (
                attempt.fingerprint.data,
                attempt.wanted.data,
            ):
                raise ValueError(f"{attempt.name} is to be amended to something that counts")
            recorded = self._record(attempt)
            kept = self._pages.attempts[attempt.name]
            amended = replace(
                kept,
                export_job=attempt.export_job,
                fingerprint=attempt.fingerprint,
                rerun=attempt.rerun,
            )
            self._pages.attempts[attempt.name] = amended
            self._pages.heads[attempt.key] = head_of(amended)
            self._spec(attempt.key, spec_digest)
        return recorded

    def forget(self, key: JobKey, *, prior: Prior, at: datetime, message: str) -> None:
        with self._step(key):
            self._check_latest(key, prior)
            latest = self._touched(prior, at)
            for name, each in self._pages.attempts.items():
                if each.key == key:
                    self._pages.attempts[name] = replace(each, forgotten=True)
            forgotten = replace(latest, forgotten=True)
            self._write(forgotten, head_of(forgotten), message=message)
            self._spec(key, None)

    def move(self, key: JobKey, *, to: JobKey, prior: Prior, at: datetime) -> None:
        with self._step(key, to):
            self._check_latest(key, prior)
            if any(each.key == to for each in self._pages.attempts.values()):
                raise LedgerConflict(f"{to.short} has a history of its own in the ledger")
            latest = self._touched(prior, at)
            for name, each in self._pages.attempts.items():
                if each.key == key:
                    self._pages.attempts[name] = replace(each, key=to)
            del self._pages.heads[key]
            moved = replace(latest, key=to)
            self._write(moved, head_of(moved), message=f"moved from {key} to {to}")
            self._spec(to, self._pages.specs.pop(key, None))

    def _check_is_unspent(self, attempt: Attempt) -> None:
        sent = (attempt.key, attempt.fingerprint.data, attempt.generation)
        spent = (
            (each.key, each.fingerprint.data, each.generation)
            for each in self._pages.attempts.values()
        )
        if sent in spent:
            raise LedgerConflict(
                f"{attempt.name} has content that was sent before "
                f"in generation {attempt.generation}"
            )

    @contextmanager
    def _step(self, *keys: JobKey) -> Iterator[None]:
        if self.is_over:
            raise RuntimeError("the transaction of this writer is over")
        if self.failure is not None:
            raise self.failure
        try:
            for key in keys:
                if (key.company, key.environment) != self._place:
                    raise ValueError(f"the lease of {self._place} is not for {key}")
            yield
        except BaseException as error:
            self.failure = error
            raise

    def _record(self, attempt: Attempt) -> Attempt:
        known = self._pages.attempts.get(attempt.name)
        seen = (attempt.key, attempt.version)
        if known is None or (known.key, known.version) != seen:
            raise LedgerConflict(f"{attempt.name} is no longer in version {attempt.version}")
        recorded = replace(attempt, version=attempt.version + 1)
        kept = replace(
            recorded,
            key=known.key,
            generation=known.generation,
            fingerprint=known.fingerprint,
            export_job=known.export_job,
            intended_at=known.intended_at,
            forgotten=known.forgotten,
            only=known.only,
            timing=known.timing,
            rerun=known.rerun,
            tries=known.tries,
        )
        head = self._pages.heads[known.key]
        if head.attempt_name == kept.name:
            head = replace(head, version=kept.version, state=kept.state, ended_at=kept.ended_at)
        self._write(kept, head)
        return recorded

    def _write(self, attempt: Attempt, head: JobHead, *, message: str | None = None) -> None:
        event = AttemptEvent(
            attempt_name=attempt.name,
            version=attempt.version,
            state=attempt.state,
            at=attempt.updated_at,
            message=attempt.message if message is None else message,
        )
        self._pages.attempts[attempt.name] = attempt
        self._pages.events[attempt.name] = (*self._pages.events.get(attempt.name, ()), event)
        self._pages.heads[attempt.key] = head

    def _touched(self, prior: Prior, at: datetime) -> Attempt:
        known = self._pages.attempts[prior.attempt_name]
        return replace(known, version=prior.version + 1, updated_at=at)

    def _spec(self, key: JobKey, digest: bytes | None) -> None:
        self._pages.specs.pop(key, None)
        if digest is not None:
            self._pages.specs[key] = digest

    def _check_latest(self, key: JobKey, prior: Prior | None) -> None:
        head = self._pages.heads.get(key)
        found = (
            None if head is None else Prior(attempt_name=head.attempt_name, version=head.version)
        )
        if prior != found:
            raise LedgerConflict(
                f"{key.short} has moved on: expected {_told(prior)}, found {_told(found)}"
            )


def _told(prior: Prior | None) -> str:
    return "no attempt" if prior is None else f"{prior.attempt_name} in version {prior.version}"


def _check_zone(*moments: datetime) -> None:
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("a time without a time zone")
