"""What an export's author decided about its runs: when it runs again, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from s7spec.model.schedule import Timing

DEFAULT_MAX_ATTEMPTS = 5


class Mode(StrEnum):
    """Which assets a changed job exports again: all of them, or those that are new or changed."""

    FULL = "full"
    DELTA = "delta"


class OnPartial(StrEnum):
    """What follows an attempt that delivered some assets only: the failed ones, or all again."""

    REPAIR = "repair"
    FULL = "full"


class OnTouch(StrEnum):
    """What an asset is worth whose lastModified moved while its size and dimensions did not."""

    RERUN = "rerun"
    SKIP = "skip"


class Supersede(StrEnum):
    """What to do when something else is wanted while an older attempt is still at work: let it
    end and submit then, stop it and submit then, or leave the job alone."""

    QUEUE = "queue"
    STOP_AND_SUBMIT = "stop-and-submit"
    FAIL = "fail"


class RerunOn(StrEnum):
    """Fields of a job that never run it again, unless its author wants them to."""

    EMAIL_SETTING = "emailSetting"


class OnAmbiguous(StrEnum):
    """What follows a submit that was not answered, once IPS has not shown the job for the whole
    quarantine: it is sent again, or held for a person (semantics: section 4)."""

    RETRY = "retry"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPolicy:
    """Shared by the jobs of one export. None of it is in the fingerprint.

    ``max_age``: a delivery older than this is made again; None: never. ``max_attempts``: how often
    the same content is sent in a row when it keeps failing. ``rerun`` is a token: a new one runs
    the job once more. ``rerun_on_email``: a changed emailSetting is worth a run. ``timing``: when
    IPS is to start it; None: at once.
    """

    mode: Mode = Mode.FULL
    on_partial: OnPartial = OnPartial.REPAIR
    on_touch: OnTouch = OnTouch.RERUN
    supersede: Supersede = Supersede.QUEUE
    max_age: timedelta | None = None
    max_attempts: int = DEFAULT_MAX_ATTEMPTS
    rerun: str | None = None
    rerun_on_email: bool = False
    timing: Timing | None = None

    @property
    def recurs(self) -> bool:
        """True when IPS is to start it again and again: then no run is all that is wanted."""
        return self.timing is not None and self.timing.recurs


USUAL = JobPolicy()

_AGE = re.compile(r"([1-9][0-9]{0,3})([hd])|([1-9][0-9]{0,2})(w)").fullmatch
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def age_from(text: str) -> timedelta:
    """``30d``: up to 9999 hours (``h``) or days (``d``), or up to 999 weeks (``w``). Raises
    ValueError when the text is no age."""
    match = _AGE(text)
    if match is None:
        raise ValueError(f"{text!r:.60} is no age")
    number, unit = filter(None, match.groups())
    return int(number) * _UNITS[unit]


def age_text(age: timedelta) -> str:
    """In days, or else in hours. ``age_from`` reads it back."""
    hours = age // _UNITS["h"]
    return f"{hours}h" if hours % 24 else f"{hours // 24}d"
