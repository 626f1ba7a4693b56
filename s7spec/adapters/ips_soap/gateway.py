"""IpsSoapGateway: the ports IpsGateway and AssetCatalog over SOAP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap.assets import AssetReader
from s7spec.adapters.ips_soap.calls import Around, Calls, nothing_around
from s7spec.adapters.ips_soap.exchange import Exchange
from s7spec.adapters.ips_soap.failures import submit_error
from s7spec.adapters.ips_soap.jobs import JobLookup
from s7spec.adapters.ips_soap.known_jobs import KnownJobs
from s7spec.adapters.ips_soap.limits import ANSWER_BYTES, ReadRetries, Route, Timeouts
from s7spec.adapters.ips_soap.messages import to_show
from s7spec.adapters.ips_soap.scrubbing import handle_shown
from s7spec.adapters.ips_soap.templates import is_xml_text
from s7spec.model.asset import Asset
from s7spec.model.ips import ActiveJob, JobSnapshot, KnownJob
from s7spec.model.preset import Preset
from s7spec.model.schedule import Timing
from s7spec.model.selection import Condition
from s7spec.model.submission import Submission
from s7spec.ports import (
    IpsAnswerUnreadable,
    IpsFault,
    IpsUnreachable,
    PortError,
    SubmitRefused,
)

_TIMEOUTS = Timeouts()
_RETRIES = ReadRetries()
_ROUTE = Route()


class IpsSoapGateway:
    """One company of one IPS, as one user. Sends nothing until asked; threads may share it.

    ``contract`` is the folder of our WSDL: whatever WSDL the server has is never read, its
    address is replaced by ``endpoint``. Each request is made inside of ``around(operation)``.
    """

    def __init__(  # noqa: PLR0913 - all by name, and most have a default
        self,
        *,
        endpoint: str,
        company: str,
        credentials: Credentials,
        contract: Path,
        timeouts: Timeouts = _TIMEOUTS,
        retries: ReadRetries = _RETRIES,
        answer_bytes: int = ANSWER_BYTES,
        route: Route = _ROUTE,
        around: Around = nothing_around,
    ) -> None:
        exchange = Exchange(endpoint, timeouts=timeouts, answer_bytes=answer_bytes, route=route)
        self._calls = Calls(
            exchange=exchange,
            endpoint=endpoint,
            contract=contract,
            company=company,
            credentials=credentials,
            retries=retries,
            around=around,
        )
        self._jobs = JobLookup(self._calls)
        self._known_jobs = KnownJobs(self._calls)
        self._assets = AssetReader(self._calls)

    def submit(self, submission: Submission) -> str:
        """Exactly one submitJob, on a connection of its own. See ports.IpsGateway.submit."""
        envelope = self._prepare(submission)
        try:
            handle = self._calls.send_once("submitJob", envelope).needed("jobHandle")
        except PortError as error:
            meaning = submit_error(error)
            if meaning is error:
                raise
            raise meaning from error
        return handle_shown(handle, submission.attempt_name, self._calls.scrub)

    def find(self, attempt_name: str) -> JobSnapshot | None:
        """See ports.IpsGateway.find."""
        return self._jobs.find(attempt_name)

    def scheduled(self, attempt_name: str) -> JobSnapshot | None:
        """See ports.IpsGateway.scheduled."""
        return self._jobs.scheduled(attempt_name)

    def logged(self, attempt_name: str) -> JobSnapshot | None:
        """See ports.IpsGateway.logged. A log that tells no end is of an active job, even when it
        names a ZIP: only ``find`` looks further."""
        return self._jobs.logged(attempt_name)

    def active_jobs(self) -> tuple[ActiveJob, ...]:
        """See ports.IpsGateway.active_jobs."""
        return self._jobs.active()

    def known_jobs(self, since: datetime) -> tuple[KnownJob, ...]:
        """See ports.IpsGateway.known_jobs. Raises IpsAnswerUnreadable, too, when more jobs began
        in one second than IPS can show."""
        return self._known_jobs.since(since)

    def stop(self, jobHandle: str) -> None:
        """See ports.IpsGateway.stop."""
        self._control("stopJob", jobHandle)

    def delete(self, jobHandle: str) -> None:
        """See ports.IpsGateway.delete."""
        self._control("deleteJob", jobHandle)

    def by_name(self, names: Iterable[str]) -> tuple[Asset, ...]:
        """See ports.AssetCatalog.by_name."""
        return tuple(self._assets.by_name(names))

    def in_folder(
        self,
        folder: str,
        *,
        recursive: bool,
        types: tuple[str, ...],
        where: tuple[Condition, ...],
    ) -> Iterator[Asset]:
        """See ports.AssetCatalog.in_folder. A folder that does not exist yields nothing."""
        return self._assets.in_folder(folder, recursive=recursive, types=types, where=where)

    def presets(self) -> tuple[Preset, ...]:
        """The company's image presets."""
        return self._assets.presets()

    def envelope(self, submission: Submission) -> str:
        """The submitJob envelope as ``submit`` would send it, user and password blackened.

        Reads the company's handle. Raises as ``find`` does, and SubmitRefused.
        """
        return to_show(self._envelope(submission))

    def close(self) -> None:
        """Closes the kept connections."""
        self._calls.close()

    def __enter__(self) -> IpsSoapGateway:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _control(self, operation: str, jobHandle: str) -> None:
        """One request on a connection of its own: whoever sends it again must have looked first."""
        if not is_xml_text(jobHandle):
            raise IpsAnswerUnreadable("IPS has no job whose handle holds a control character")
        company = self._calls.company_handle()
        envelope = self._calls.messages().wire(
            operation, companyHandle=company, jobHandle=jobHandle
        )
        self._calls.send_once(operation, envelope)

    def _prepare(self, submission: Submission) -> bytes:
        """Whatever fails here fails before the job is sent."""
        try:
            return self._envelope(submission)
        except (IpsUnreachable, IpsFault, IpsAnswerUnreadable) as error:
            raise SubmitRefused(f"the job was not sent: {error}") from error

    def _envelope(self, submission: Submission) -> bytes:
        _check_text(submission)
        _check_timing(submission.timing)
        company = self._calls.company_handle()
        return self._calls.messages().wire(
            "submitJob",
            companyHandle=company,
            jobName=submission.attempt_name,
            execTime=submission.timing.at if submission.timing else None,
            execSchedule=submission.timing.cron if submission.timing else None,
            description=submission.description,
            exportJob={
                "assetHandleArray": {"items": submission.assetHandleArray},
                "fmt": submission.fmt.value,
                "is_modifier": submission.is_modifier,
                "macro": submission.macro,
                "emailSetting": submission.emailSetting.value,
            },
        )


def _check_text(submission: Submission) -> None:
    texts = {
        "jobName": submission.attempt_name,
        "description": submission.description,
        "is_modifier": submission.is_modifier or "",
        "macro": submission.macro or "",
        "execSchedule": (submission.timing and submission.timing.cron) or "",
        "assetHandleArray": "".join(submission.assetHandleArray),
    }
    bad = [name for name, text in texts.items() if not is_xml_text(text)]
    if bad:
        raise SubmitRefused(
            f"the job was not sent: IPS cannot take the control character in {', '.join(bad)}"
        )


def _check_timing(timing: Timing | None) -> None:
    """IPS takes a time or a cron expression, not both (facts: IPS API section 5, submitJob)."""
    if timing is None:
        return
    if (timing.at is None) == (timing.cron is None):
        raise SubmitRefused(
            "the job was not sent: its timing must be a moment or a cron expression"
        )
    if timing.at is not None and timing.at.tzinfo is None:
        raise SubmitRefused("the job was not sent: its moment does not say its offset from UTC")
