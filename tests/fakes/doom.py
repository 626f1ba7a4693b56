"""A process that is killed at a chosen moment: its ports stop working, all at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from s7spec.model.ips import ActiveJob, JobSnapshot
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptEvent, Holder, Lease, LedgerSnapshot
from s7spec.model.submission import Submission
from s7spec.ports import IpsGateway, Ledger

Answer = TypeVar("Answer")


class Killed(BaseException):
    """The process is gone. Not an Exception: nothing may catch it."""


class Doom:
    """Kills at the ``at``-th moment; moments lie before and after each call through a port."""

    def __init__(self, at: int | None = None) -> None:
        self.moments = 0
        self.at = at
        self.is_dead = False

    def around(self, call: Callable[[], Answer]) -> Answer:
        self._moment()
        answer = call()
        self._moment()
        return answer

    def _moment(self) -> None:
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

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        return self._doom.around(self._gateway.active_jobs)


class DoomedLedger:
    def __init__(self, ledger: Ledger, doom: Doom) -> None:
        self._ledger = ledger
        self._doom = doom

    def snapshot(self, company: str, environment: str) -> LedgerSnapshot:
        return self._doom.around(lambda: self._ledger.snapshot(company, environment))

    def attempts(self, key: JobKey) -> tuple[Attempt, ...]:
        return self._doom.around(lambda: self._ledger.attempts(key))

    def events(self, attempt_name: str) -> tuple[AttemptEvent, ...]:
        return self._doom.around(lambda: self._ledger.events(attempt_name))

    def spec_digests(self, company: str, environment: str, manifest: str) -> Mapping[str, bytes]:
        return self._doom.around(lambda: self._ledger.spec_digests(company, environment, manifest))

    def intend(
        self,
        attempt: Attempt,
        *,
        prior: Attempt | None,
        lease: Lease,
        spec_digest: bytes | None = None,
    ) -> Attempt:
        return self._doom.around(
            lambda: self._ledger.intend(attempt, prior=prior, lease=lease, spec_digest=spec_digest)
        )

    def record(self, attempt: Attempt, *, lease: Lease) -> Attempt:
        return self._doom.around(lambda: self._ledger.record(attempt, lease=lease))

    def forget(self, key: JobKey, *, at: datetime, lease: Lease) -> None:
        self._doom.around(lambda: self._ledger.forget(key, at=at, lease=lease))

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
