"""The steps of one transaction of the holder of a lease, and how they are refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from s7spec.adapters.ledger_rows.row import Row
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, Lease, Prior
from s7spec.ports import LedgerConflict


class Steps:
    """What writers share. A step that fails is the end of the transaction: every later one raises
    the same again, and so does ``confirm``, even when somebody caught the first."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._failure: BaseException | None = None
        self._is_over = False

    def close(self) -> None:
        """No step may follow."""
        self._is_over = True

    def confirm(self) -> None:
        """Raises what a step has failed with."""
        if self._failure is not None:
            raise self._failure

    @contextmanager
    def _step(self, *keys: JobKey) -> Iterator[None]:
        if self._is_over:
            raise RuntimeError("the transaction of this writer is over")
        if self._failure is not None:
            raise self._failure
        try:
            for key in keys:
                self._check_is_ours(key)
            yield
        except BaseException as error:
            self._failure = error
            raise

    def _check_is_ours(self, key: JobKey) -> None:
        lease = self._lease
        if (lease.company, lease.environment) != (key.company, key.environment):
            raise ValueError(f"the lease of {lease.company}/{lease.environment} is not for {key}")


def check_is_latest(key: JobKey, prior: Prior | None, head: Row | None) -> None:
    """``head`` is the job's row. Raises LedgerConflict unless it is as the caller saw it."""
    seen = None if prior is None else (prior.attempt_name, prior.version)
    found = None if head is None else (head["attempt_name"], head["version"])
    if seen != found:
        state = "" if head is None else f", {head['state']}"
        raise LedgerConflict(
            f"{key.short} has moved on in the ledger: "
            f"expected {_described(seen)}, found {_described(found)}{state}"
        )


def _described(attempt: tuple[str, int] | None) -> str:
    if attempt is None:
        return "no attempt"
    name, version = attempt
    return f"{name} in version {version}"


def check_means_the_same(before: Attempt, after: Attempt) -> None:
    """By the payloads, not by a head's hash: that may be of an older algorithm. Raises ValueError
    when what counts differs."""
    if (before.fingerprint.data, before.wanted.data) != (
        after.fingerprint.data,
        after.wanted.data,
    ):
        raise ValueError(f"{after.name} is to be amended to something that counts")


def used_before(name: str) -> LedgerConflict:
    return LedgerConflict(f"{name} was sent before, and another attempt after it")


def spent_before(attempt: Attempt) -> LedgerConflict:
    return LedgerConflict(
        f"{attempt.name} has content that was sent before in generation {attempt.generation}"
    )


def of_other_content(name: str) -> LedgerConflict:
    return LedgerConflict(f"{name} was intended before with other content")


def of_another_version(attempt: Attempt) -> LedgerConflict:
    return LedgerConflict(
        f"{attempt.name} is no longer in version {attempt.version}: another writer was faster"
    )


def with_history(key: JobKey) -> LedgerConflict:
    return LedgerConflict(f"{key.short} has a history of its own in the ledger")


def moved_message(key: JobKey, to: JobKey) -> str:
    return f"moved from {key} to {to}"
