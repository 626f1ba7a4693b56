"""submitJob, for export jobs."""

from __future__ import annotations

import re

from s7spec.emulator.catalog.model import Company
from s7spec.emulator.jobs.cron import CronError
from s7spec.emulator.jobs.engine import When
from s7spec.emulator.jobs.mail import SETTINGS
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.quirks import ManyAssets, UnknownAsset
from s7spec.emulator.soap.faults import FaultCode, IpsFault, invalid_parameter, missing_parameter
from s7spec.emulator.soap.params import Params
from s7spec.emulator.store.job import ExportOrder, NewJob
from s7spec.emulator.store.jobs import NameTaken

# What comes back in every list and log, or is reckoned with again and again.
_LONGEST = {"jobName": 1000, "description": 10_000, "locale": 100, "execSchedule": 500}
_HANDLES = re.compile(r"a\|[0-9]+(?: a\|[0-9]+)*")


def submit_job(call: Call) -> Answer:
    """Stores and queues the job. The answer names the submission, not the run."""
    company = call.company()
    params = call.params
    name = params.required("jobName")
    if not name.strip():
        raise invalid_parameter("jobName is blank")
    for text, most in _LONGEST.items():
        if len(params.text(text) or "") > most:
            raise invalid_parameter(f"{text} is longer than {most} characters")
    new = NewJob(
        company=company.number,
        original_name=name,
        submit_user=call.caller.email,
        mail_to=call.user("userHandle").email,
        locale=params.text("locale"),
        description=params.text("description"),
        export=_order(call, company, _export_job(params)),
    )
    when = _when(params)
    try:
        call.engine.submit(new, when)
    except CronError as error:
        raise invalid_parameter(f"execSchedule {when.cron!r}: {error}") from error
    except NameTaken as error:
        raise invalid_parameter(f"there is a job with the name {name!r} already") from error
    return Answer(reply={"jobHandle": new.submit_handle})


def _when(params: Params) -> When:
    if "execTime" in params and "execSchedule" in params:
        raise invalid_parameter("at most one of execTime and execSchedule may be given")
    return When(at=params.moment("execTime"), cron=params.text("execSchedule"))


def _export_job(params: Params) -> Params:
    jobs = [name for name in params.names() if name.endswith("Job")]
    if not jobs:
        raise missing_parameter(
            "exactly one child that describes a job is needed, such as exportJob"
        )
    if len(jobs) > 1:
        raise invalid_parameter(f"exactly one job may be given, not {', '.join(jobs)}")
    export = params.group("exportJob")
    if export is None:
        reason = f"the embedded IPS runs export jobs only, no {jobs[0]}"
        raise IpsFault(FaultCode.EXCEPTION, reason)
    return export


def _order(call: Call, company: Company, export: Params) -> ExportOrder:
    handles = export.strings("assetHandleArray")
    _check_handles(call, company, handles)
    return ExportOrder(
        assetHandleArray=handles,
        fmt=_constant(export, "fmt", ("orig", "convert")),
        is_modifier=export.text("is_modifier"),
        macro=export.text("macro"),
        emailSetting=_constant(export, "emailSetting", SETTINGS),
        clientId=export.text("clientId"),
    )


def _check_handles(call: Call, company: Company, handles: tuple[str, ...]) -> None:
    if not handles:
        raise invalid_parameter("assetHandleArray is empty")
    most = call.max_assets_per_job
    if call.quirks.many_assets is ManyAssets.REFUSE and most is not None and len(handles) > most:
        raise invalid_parameter(f"{len(handles)} assets in one export job, at most {most} allowed")
    # All at once: one by one they would be a good part of the time that submitJob takes.
    if _HANDLES.fullmatch(" ".join(handles)) is None or "" in handles:
        bad = next(handle for handle in handles if not _is_handle(handle))
        raise invalid_parameter(f"{bad!r} is not an asset handle")
    if call.quirks.unknown_asset is UnknownAsset.FAULT:
        known = call.catalog.store.assets.by_handles(company.number, handles)
        unknown = next((handle for handle in handles if handle not in known), None)
        if unknown is not None:
            raise invalid_parameter(f"no asset has the handle {unknown!r}")


def _is_handle(text: str) -> bool:
    return " " not in text and _HANDLES.fullmatch(text) is not None


def _constant(export: Params, name: str, values: tuple[str, ...]) -> str:
    export.required(name)
    return export.choice(name, values, "")
