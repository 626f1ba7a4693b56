"""IPS: its jobs, and the company's assets and presets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from s7spec.model.asset import Asset
from s7spec.model.ips import ActiveJob, JobSnapshot, KnownJob
from s7spec.model.preset import Preset
from s7spec.model.selection import Condition
from s7spec.model.submission import Submission


class IpsGateway(Protocol):
    """IPS's jobs, keyed by the name we gave them. Threads may share it."""

    def submit(self, submission: Submission) -> str:
        """Sends exactly one submitJob and returns its job handle.

        Raises SubmitRefused, SubmitAmbiguous; never sends twice. CredentialsMissing,
        CredentialsRefused and CompanyUnknown also mean that nothing was taken.
        """
        ...

    def find(self, attempt_name: str) -> JobSnapshot | None:
        """Looks in active, scheduled and logged jobs, then in active again; None: not there.

        Raises IpsUnreachable, IpsFault, IpsAnswerUnreadable, Credentials*, CompanyUnknown.
        """
        ...

    def scheduled(self, attempt_name: str) -> JobSnapshot | None:
        """What the list of scheduled jobs alone tells: one call. None: it is not among
        them, whatever ran or runs under its name. Raises as ``find`` does."""
        ...

    def logged(self, attempt_name: str) -> JobSnapshot | None:
        """What the job logs alone tell: one call. None: they do not know the name, which says
        nothing about the other lists. Raises as ``find`` does."""
        ...

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        """Everything that runs or waits in the company now: one call. Raises as ``find`` does."""
        ...

    def known_jobs(self, since: datetime) -> tuple[KnownJob, ...]:
        """Everything the company's lists show: active, scheduled, logged since then, and active
        again, each job (name and handle) once. Raises as ``find`` does."""
        ...

    def stop(self, jobHandle: str) -> None:
        """Asks IPS to stop a job at work. It answers nothing: look for the effect (semantics: F10).
        Raises as ``find`` does; never repeated on its own."""
        ...

    def delete(self, jobHandle: str) -> None:
        """Asks IPS to take back a scheduled job; otherwise like ``stop``."""
        ...


class AssetCatalog(Protocol):
    """The company's assets and presets. Same errors as IpsGateway.find."""

    def by_name(self, names: Iterable[str]) -> tuple[Asset, ...]:
        """The assets that exist, in no particular order; unknown names are simply not there."""
        ...

    def in_folder(
        self,
        folder: str,
        *,
        recursive: bool,
        types: tuple[str, ...],
        where: tuple[Condition, ...],
    ) -> Iterator[Asset]:
        """Assets below ``folder`` page by page; empty ``types`` means all types.

        All conditions of ``where`` hold for them, as IPS understands its operators: whether upper
        and lower case differ, and what an asset without a value is, is up to IPS.
        """
        ...

    def presets(self) -> tuple[Preset, ...]: ...
