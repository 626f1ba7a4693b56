"""Named switches for behaviour of the real service that is not published."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any


class ManyAssets(StrEnum):
    """What happens to a job of more than ``max_assets_per_job`` assets."""

    REFUSE = "refuse"
    ACCEPT = "accept"
    TRUNCATE = "truncate"


class LargeZip(StrEnum):
    """What happens to a job whose ZIP grows beyond ``max_zip_bytes``."""

    ACCEPT = "accept"
    ERROR = "error"


class UnknownAsset(StrEnum):
    """What a handle that names no asset is in a job."""

    ERROR_IN_LOG = "error in log"
    FAULT = "fault"


class LogVisible(StrEnum):
    """From when on a job has a log."""

    FROM_START = "from start"
    AT_END = "at end"


class KnownName(StrEnum):
    """What happens to a submission with the name of an earlier one."""

    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """Behaviour of the real service that is not published; docs/embedded-ips.md lists it.

    The defaults are what is documented or was observed, else the kinder choice. ``max_zip_bytes``
    is what the user documentation calls 1 GB; getActiveJobs shows a done job for another
    ``done_jobs_seconds``. ``previews_of_unpublished``: ``/is/image`` also serves assets that are in
    the trash or not marked for publishing; how publishing shows in ``readyForPublish`` is a guess.
    ``metadata_in_summaries``: searchAssetsByMetadata tells the values of user-defined fields;
    documented is the text ``null``. getJobLogs answers at most ``most_job_logs``, whatever numRows
    says.
    """

    many_assets: ManyAssets = ManyAssets.REFUSE
    large_zip: LargeZip = LargeZip.ACCEPT
    max_zip_bytes: int = 1024**3
    unknown_asset: UnknownAsset = UnknownAsset.ERROR_IN_LOG
    log_visible: LogVisible = LogVisible.FROM_START
    done_jobs_seconds: float = 0.0
    known_name: KnownName = KnownName.ACCEPT
    previews_of_unpublished: bool = False
    metadata_in_summaries: bool = False
    most_job_logs: int = 1000

    def with_value(self, name: str, text: str) -> Quirks:
        """With one switch set to what a text such as ``accept``, ``true`` or ``5`` means.

        Raises ValueError, whose text says what there is to choose from.
        """
        known = {field.name: field.default for field in fields(self)}
        if name not in known:
            raise ValueError(f"there is no quirk {name!r}: choose from {', '.join(known)}")
        changes: dict[str, Any] = {name: _value(name, known[name], text)}
        return replace(self, **changes)


def _value(name: str, default: object, text: str) -> bool | int | StrEnum:
    if isinstance(default, bool):
        choices: dict[str, bool | StrEnum] = {"true": True, "false": False}
    elif isinstance(default, StrEnum):
        choices = {str(value): value for value in type(default)}
    elif re.fullmatch("[0-9]{1,15}", text):
        return int(text)
    else:
        raise ValueError(f"{name} is {text!r}: give a whole number")
    text = text.lower()
    if text not in choices:
        raise ValueError(f"{name} is {text!r}: choose from {', '.join(choices)}")
    return choices[text]
