"""A process that is killed at a chosen moment: its ports stop working, all at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from s7spec.model.ips import ActiveJob, JobSnapshot, KnownJob
from s7spec.model.job import JobKey
from s7spec.model.ledger import (
    Attempt,
    AttemptEvent,
    Holder,
    JobHead,
    Lease,
    LedgerRecord,
    Prior,
)
from s7spec.model.submission import Submission
from s7spec.ports import IpsGateway, Ledger, LedgerView, LedgerWriter

Answer = TypeVar("Answer")


class Killed(BaseException):
    """The process is gone. Not an Exception: nothing may catch it."""


class Doom:
    """Kills at the ``at``-th moment; moments lie before and after each call through a port, and
    before and after each commit of the ledger."""

    def __init__(self, at: int | None = None) -> None:
        self.moments = 0
        self.at = at
        self.is_dead = False

    def around(self, call: Callable[[], Answer]) -> Answer:
        self.moment()
        answer = call()
        self.moment()
        return answer

    def moment(self) -> None:
        self.moments += 1
        if self.is_dead or self.moments == self.at:
            self.is_dead = True
            raise Killed


class DoomedGateway:
    def __init__(self, gateway: IpsGateway, doom: Doom) -> None:
        self._gateway = gateway
        self._doom = doom

    def submit(self, submission: Submission) -> str:
        return self._doom.around(lambda: self._gateway.submit(submission))

    def find(self, attempt_name: str) -> JobSnapshot | None:
        return self._doom.around(lambda: self._gateway.find(attempt_name))

    def scheduled(self, attempt_name: str) -> JobSnapshot | None:
        return self._doom.around(lambda: self._gateway.scheduled(attempt_name))

    def logged(self, attempt_name: str) -> JobSnapshot | None:
        return self._doom.around(lambda: self._gateway.logged(attempt_name))

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        return self._doom.around(self._gateway.active_jobs)

    def known_jobs(self, since: datetime) -> tuple[KnownJob, ...]:
        return self._doom.around(lambda: self._gateway.known_jobs(since))

    def stop(self, jobHandle: str) -> None:
        self._doom.around(lambda: self._gateway.stop(jobHandle))

    def delete(self, jobHandle: str) -> None:
        self._doom.around(lambda: self._gateway.delete(jobHandle))


class DoomedLedger:
    """Who dies inside a block of ``writing`` has written nothing of it: the error that kills
    undoes the transaction, as the operating system does with a real process's.

    ``writer_of`` is for tests whose writers fail in another way.
    """

    writer_of: Callable[[LedgerWriter, Doom], LedgerWriter]

    def __init__(self, ledger: Ledger, doom: Doom) -> None:
        self._ledger = ledger
        self._doom = doom
        self.writer_of = DoomedWriter

    @contextmanager
    def reading(self, company: str, environment: str) -> Iterator[LedgerView]:
        self._doom.moment()
        with self._ledger.reading(company, environment) as view:
            yield DoomedView(view, self._doom)
        self._doom.moment()

    @contextmanager
    def writing(self, lease: Lease) -> Iterator[LedgerWriter]:
        self._doom.moment()
        with self._ledger.writing(lease) as writer:
            yield self.writer_of(writer, self._doom)
            self._doom.moment()  # before the commit
        self._doom.moment()  # after it

    def attempts(self, key: JobKey) -> tuple[Attempt, ...]:
        return self._doom.around(lambda: self._ledger.attempts(key))

    def events(self, attempt_name: str) -> tuple[AttemptEvent, ...]:
        return self._doom.around(lambda: self._ledger.events(attempt_name))

    def spec_digests(self, company: str, environment: str, manifest: str) -> Mapping[str, bytes]:
        return self._doom.around(lambda: self._ledger.spec_digests(company, environment, manifest))

    def acquire(
        self, company: str, environment: str, *, holder: Holder, now: datetime, seconds: int
    ) -> Lease:
        return self._doom.around(
            lambda: self._ledger.acquire(
                company, environment, holder=holder, now=now, seconds=seconds
            )
        )

    def renew(self, lease: Lease, *, now: datetime, seconds: int) -> Lease:
        return self._doom.around(lambda: self._ledger.renew(lease, now=now, seconds=seconds))

    def release(self, lease: Lease) -> None:
        self._doom.around(lambda: self._ledger.release(lease))

    def lease(self, company: str, environment: str) -> Lease | None:
        return self._doom.around(lambda: self._ledger.lease(company, environment))

    def break_lease(self, lease: Lease) -> None:
        self._doom.around(lambda: self._ledger.break_lease(lease))

    def check(self) -> tuple[str, ...]:
        return self._doom.around(self._ledger.check)

    def records(self) -> Iterator[LedgerRecord]:
        self._doom.moment()
        for record in self._ledger.records():
            yield record
            self._doom.moment()

    def restore(self, records: Iterable[LedgerRecord]) -> int:
        return self._doom.around(lambda: self._ledger.restore(records))


class DoomedView:
    def __init__(self, view: LedgerView, doom: Doom) -> None:
        self._view = view
        self._doom = doom

    def heads(self) -> Iterator[JobHead]:
        self._doom.moment()
        for head in self._view.heads():
            yield head
            self._doom.moment()

    def head(self, key: JobKey) -> JobHead | None:
        return self._doom.around(lambda: self._view.head(key))

    def attempt(self, name: str) -> Attempt:
        return self._doom.around(lambda: self._view.attempt(name))

    def knows(self, name: str) -> bool:
        return self._doom.around(lambda: self._view.knows(name))

    def open_attempts(self) -> tuple[Attempt, ...]:
        return self._doom.around(self._view.open_attempts)

    def last_generation(self, key: JobKey, data: str) -> int:
        return self._doom.around(lambda: self._view.last_generation(key, data))

    def is_cold(self) -> bool:
        return self._doom.around(self._view.is_cold)


class DoomedWriter:
    def __init__(self, writer: LedgerWriter, doom: Doom) -> None:
        self._writer = writer
        self._doom = doom

    def intend(
        self, attempt: Attempt, *, prior: Prior | None, spec_digest: bytes | None = None
    ) -> Attempt:
        return self._doom.around(
            lambda: self._writer.intend(attempt, prior=prior, spec_digest=spec_digest)
        )

    def record(self, attempt: Attempt) -> Attempt:
        return self._doom.around(lambda: self._writer.record(attempt))

    def amend(self, attempt: Attempt, *, spec_digest: bytes | None = None) -> Attempt:
        return self._doom.around(lambda: self._writer.amend(attempt, spec_digest=spec_digest))

    def forget(self, key: JobKey, *, prior: Prior, at: datetime, message: str) -> None:
        self._doom.around(lambda: self._writer.forget(key, prior=prior, at=at, message=message))

    def move(self, key: JobKey, *, to: JobKey, prior: Prior, at: datetime) -> None:
        self._doom.around(lambda: self._writer.move(key, to=to, prior=prior, at=at))
