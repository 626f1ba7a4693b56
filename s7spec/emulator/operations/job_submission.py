"""submitJob, for export jobs."""

from __future__ import annotations

import re

from s7spec.emulator.jobs.mail import SETTINGS
from s7spec.emulator.operations.call import Answer, Call, not_built
from s7spec.emulator.soap.faults import FaultCode, IpsFault, invalid_parameter, missing_parameter
from s7spec.emulator.soap.params import Params
from s7spec.emulator.store.job import ExportOrder, NewJob

_HANDLE = re.compile(r"a\|[0-9]+")


def submit_job(call: Call) -> Answer:
    """Stores and queues the job. The answer names the submission, not the run."""
    company = call.company()
    params = call.params
    name = params.required("jobName")
    if not name.strip():
        raise invalid_parameter("jobName is blank")
    _refuse_schedules(params)
    job = call.engine.submit(
        NewJob(
            company=company.number,
            original_name=name,
            submit_user=call.caller.email,
            mail_to=call.user("userHandle").email,
            locale=params.text("locale"),
            description=params.text("description"),
            export=_order(call, _export_job(params)),
        )
    )
    return Answer(reply={"jobHandle": job.submit_handle})


def _refuse_schedules(params: Params) -> None:
    given = [name for name in ("execTime", "execSchedule") if name in params]
    if len(given) == 2:
        raise invalid_parameter("at most one of execTime and execSchedule may be given")
    if given:
        raise not_built(given[0])


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


def _order(call: Call, export: Params) -> ExportOrder:
    handles = export.strings("assetHandleArray")
    if not handles:
        raise invalid_parameter("assetHandleArray is empty")
    most = call.max_assets_per_job
    if most is not None and len(handles) > most:
        raise invalid_parameter(f"{len(handles)} assets in one export job, at most {most} allowed")
    for handle in handles:
        if _HANDLE.fullmatch(handle) is None:
            raise invalid_parameter(f"{handle!r} is not an asset handle")
    return ExportOrder(
        assetHandleArray=handles,
        fmt=_constant(export, "fmt", ("orig", "convert")),
        is_modifier=export.text("is_modifier"),
        macro=export.text("macro"),
        emailSetting=_constant(export, "emailSetting", SETTINGS),
        clientId=export.text("clientId"),
    )


def _constant(export: Params, name: str, values: tuple[str, ...]) -> str:
    export.required(name)
    return export.choice(name, values, "")
