"""Between the columns of the job tables and the nouns."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from s7spec.emulator.store.job import (
    ExportOrder,
    Job,
    JobState,
    NewJob,
    Run,
    Schedule,
    WrittenDetail,
)
from s7spec.emulator.store.moments import from_ms, to_ms

ORDER_COLUMNS = (
    "company, original_name, submit_user, mail_to, locale, description, fmt, is_modifier, macro,"
    " email_setting, client_id, fate, visible, handles"
)
RUN_COLUMNS = (
    "run_id, run_name, company, original_name, submit_user, description, state, submitted,"
    " triggered, started, finished, successes, errors, warnings, lines, fatal"
)
JOB_COLUMNS = (
    f"{RUN_COLUMNS}, mail_to, locale, paused, fate, fmt, is_modifier, macro, email_setting,"
    " client_id, handles"
)


def order_row(new: NewJob, *, fate: str, visible: datetime | None) -> tuple[object, ...]:
    """The values of ORDER_COLUMNS. ``visible`` None: always, whatever the clock does."""
    export = new.export
    return (
        new.company,
        new.original_name,
        new.submit_user,
        new.mail_to,
        new.locale,
        new.description,
        export.fmt,
        export.is_modifier,
        export.macro,
        export.emailSetting,
        export.clientId,
        fate,
        0 if visible is None else to_ms(visible),
        " ".join(export.assetHandleArray),
    )


def read_run(row: sqlite3.Row) -> Run:
    """From RUN_COLUMNS."""
    return Run(**_run_values(row))


def _run_values(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "run_id": row[0],
        "run_name": row[1],
        "company": row[2],
        "original_name": row[3],
        "submit_user": row[4],
        "description": row[5],
        "state": JobState(row[6]),
        "submitted": from_ms(row[7]),
        "triggered": from_ms(row[8]),
        "started": None if row[9] is None else from_ms(row[9]),
        "finished": None if row[10] is None else from_ms(row[10]),
        "successes": row[11],
        "errors": row[12],
        "warnings": row[13],
        "lines": row[14],
        "fatal": bool(row[15]),
    }


def read_job(row: sqlite3.Row) -> Job:
    """From JOB_COLUMNS."""
    return Job(
        **_run_values(row),
        mail_to=row["mail_to"],
        locale=row["locale"],
        paused=bool(row["paused"]),
        fate=row["fate"],
        export=_export(row),
    )


def read_schedule(row: sqlite3.Row) -> Schedule:
    """From all columns of schedules."""
    return Schedule(
        schedule_id=row["schedule_id"],
        company=row["company"],
        original_name=row["original_name"],
        submit_user=row["submit_user"],
        mail_to=row["mail_to"],
        locale=row["locale"],
        description=row["description"],
        export=_export(row),
        cron=row["cron"],
        next_fire=from_ms(row["next_fire"]),
        paused=bool(row["paused"]),
        fate=row["fate"],
    )


def _export(row: sqlite3.Row) -> ExportOrder:
    return ExportOrder(
        assetHandleArray=tuple(row["handles"].split(" ")),
        fmt=row["fmt"],
        is_modifier=row["is_modifier"],
        macro=row["macro"],
        emailSetting=row["email_setting"],
        clientId=row["client_id"],
    )


def read_detail(row: sqlite3.Row) -> WrittenDetail:
    return WrittenDetail(
        log_type=row["log_type"],
        message=row["message"],
        asset_name=row["asset_name"],
        asset_type=row["asset_type"],
        asset_handle=row["asset_handle"],
        zip_path=row["zip_path"],
        created=from_ms(row["created"]),
    )
