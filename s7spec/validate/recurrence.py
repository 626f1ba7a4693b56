"""Jobs that IPS starts again and again: what nobody can want of them.

IPS keeps such a job as it was sent, with the same assets, and starts it by itself. So nothing here
decides about its next run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from s7spec.model.policy import Mode, OnPartial
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.merging import Settings, recurs
from s7spec.validate.mistakes import Mistake

_POINTLESS = {
    "mode": (Mode.DELTA, "IPS starts the same job each time, with the assets it was sent with"),
    "on_partial": (OnPartial.REPAIR, "IPS starts all of the job again at its next time"),
    "max_age": (None, "IPS starts the job again by itself, at the times that the cron says"),
}
"""The value that makes no sense, None: any; and why."""


def find_pointless(entry: Mapping[str, object], pointer: Pointer) -> Iterator[Mistake]:
    """What an entry of ``exports``, or ``defaults``, says beside a cron of its own. Bears with
    values of the wrong type."""
    if recurs(entry):
        yield from _pointless(entry, pointer, see=None)


def find_pointless_beside_defaults(settings: Settings, pointer: Pointer) -> Iterator[Mistake]:
    """What an export says itself while its cron comes from ``defaults``."""
    if "schedule" not in settings.own and recurs(settings.values):
        yield from _pointless(settings.own, pointer, see=("defaults", "schedule"))


def _pointless(
    stated: Mapping[str, object], pointer: Pointer, see: Pointer | None
) -> Iterator[Mistake]:
    for key, (value, why) in _POINTLESS.items():
        if key not in stated or (value is not None and stated[key] != value):
            continue
        word = key if value is None else f"{key}: {value}"
        yield Mistake(
            rule=Rule.NOT_ALLOWED,
            pointer=(*pointer, key),
            summary=f"`{word}` has nothing to decide where `schedule` has a `cron`",
            hint=f"{why}: remove one of the two",
            on_key=True,
            see=see,
        )
