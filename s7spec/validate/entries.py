"""Entries of ``exports``: what no schema can say about them, and the nouns made of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from s7spec.model.manifest import (
    MAX_COMBINATIONS,
    EmailSetting,
    Export,
    Fmt,
    Matrix,
    MatrixAxis,
    OnUnsupported,
    Repetition,
    Schedule,
    TemplateUse,
)
from s7spec.model.policy import Mode, OnPartial, OnTouch, RerunOn, Supersede
from s7spec.model.rules import Rule
from s7spec.model.selection import FileReference
from s7spec.model.source import Place, Pointer
from s7spec.validate.freezing import frozen, frozen_mapping
from s7spec.validate.merging import Settings
from s7spec.validate.mistakes import Mistake
from s7spec.validate.moments import find_bad_cron, find_bad_moment
from s7spec.validate.recurrence import find_pointless
from s7spec.validate.selections import find_bad_conditions, read_selection
from s7spec.validate.words import listed, nearest, shown

# Asked for every export: a call of the enumeration takes five times as long.
_FMTS = {each.value: each for each in Fmt}
_EMAIL_SETTINGS = {each.value: each for each in EmailSetting}
_ON_UNSUPPORTED = {each.value: each for each in OnUnsupported}
_MODES = {each.value: each for each in Mode}
# Few exports say these.
_RUNS: Mapping[str, type[StrEnum]] = {
    "on_partial": OnPartial,
    "on_touch": OnTouch,
    "supersede": Supersede,
}
_RARE = frozenset({*_RUNS, "code_version", "inputs", "rerun_on", "max_age", "max_attempts"})

_NOT_AXES = ("include", "exclude")


def find_mistakes(entry: Mapping[str, Any], pointer: Pointer) -> Iterator[Mistake]:
    """What is wrong with an entry of ``exports``, or with ``defaults``, that no schema can say.

    Bears with values of the wrong type.
    """
    if "schedule" in entry:
        schedule = entry["schedule"] if isinstance(entry["schedule"], dict) else {}
        yield from find_bad_moment(schedule.get("at"), (*pointer, "schedule", "at"))
        yield from find_bad_cron(schedule.get("cron"), (*pointer, "schedule", "cron"))
        yield from find_pointless(entry, pointer)
    if "matrix" in entry or "for_each" in entry:
        yield from _many_jobs(entry, pointer)
        yield from _unknown_axes(entry.get("matrix"), (*pointer, "matrix"))
        yield from _misspelt_words(entry.get("matrix"), (*pointer, "matrix"))
    if isinstance(entry.get("assets"), dict):
        yield from find_bad_conditions(entry["assets"], (*pointer, "assets"))


def _many_jobs(entry: Mapping[str, Any], pointer: Pointer) -> Iterator[Mistake]:
    matrix, rows = entry.get("matrix"), entry.get("for_each")
    axes = matrix.items() if isinstance(matrix, dict) else ()
    lists = [axis for name, axis in axes if isinstance(axis, list) and name not in _NOT_AXES]
    combinations = math.prod(map(len, lists))
    jobs = combinations * (len(rows) if isinstance(rows, list) else 1)
    if jobs <= MAX_COMBINATIONS:
        return
    key = "matrix" if combinations > MAX_COMBINATIONS or rows is None else "for_each"
    yield Mistake(
        rule=Rule.OUT_OF_BOUNDS,
        pointer=(*pointer, key),
        summary=f"the matrix makes {jobs:,} jobs"
        if key == "matrix"
        else f"`for_each` and its matrix make {jobs:,} jobs",
        hint=f"one export makes at most {MAX_COMBINATIONS:,} jobs: "
        + ("shorten an axis" if key == "matrix" else "shorten one of the lists"),
        on_key=True,
    )


def _unknown_axes(matrix: object, pointer: Pointer) -> Iterator[Mistake]:
    exclude = matrix.get("exclude") if isinstance(matrix, dict) else None
    if not isinstance(matrix, dict) or not isinstance(exclude, list):
        return
    axes = [name for name in matrix if name not in _NOT_AXES]
    for index, combination in enumerate(exclude):
        for key in combination if isinstance(combination, dict) else ():
            if key in axes:
                continue
            meant = nearest(key, axes)
            known = listed([f"`{axis}`" for axis in axes], last="and")
            yield Mistake(
                rule=Rule.UNKNOWN_KEY,
                pointer=(*pointer, "exclude", index, key),
                summary=f"`exclude` names `{shown(key)}`, which is no axis of this matrix",
                hint=f"did you mean `{meant}`?"
                if meant
                else f"its axes are {known}"
                if axes
                else "`exclude` takes combinations of axes away: this matrix has none",
                on_key=True,
                see=pointer if meant is None else (*pointer, meant),
            )


def _misspelt_words(matrix: object, pointer: Pointer) -> Iterator[Mistake]:
    """``includes`` for ``include``: an axis of that name would multiply the jobs instead."""
    if not isinstance(matrix, dict):
        return
    for name, values in matrix.items():
        if name in _NOT_AXES or not isinstance(values, list) or not values:
            continue
        others = matrix.keys() - {name}
        are_combinations = all(isinstance(each, dict) and others & each.keys() for each in values)
        # Looking for likely words takes long: only where the values look like it.
        meant = nearest(name, _NOT_AXES) if are_combinations else None
        if meant is not None:
            yield Mistake(
                rule=Rule.UNKNOWN_KEY,
                pointer=(*pointer, name),
                summary=f"`{shown(name)}` lists combinations of the other axes, as `{meant}` does",
                hint=f"did you mean `{meant}`?",
                on_key=True,
            )


def read_use(value: Mapping[str, Any], place: Place) -> TemplateUse:
    """``value`` is an entry with ``template`` that satisfies the schema."""
    return TemplateUse(
        repetition=_repetition(value, place),
        template=FileReference(path=value["template"], place=place.below("template")),
        arguments=frozen_mapping(value.get("with")),
    )


def read_export(settings: Settings) -> Export:
    """``settings`` are complete, and the export satisfies the schema."""
    values, places = settings.values, settings.places
    assets = values["assets"]
    maximum = values.get("max_assets")
    return Export(
        repetition=_repetition(settings.own, settings.place),
        id=values["id"],
        assets=assets if isinstance(assets, str) else read_selection(assets, places["assets"]),
        fmt=_FMTS[values["fmt"]],
        is_modifier=values.get("is_modifier"),
        macro=values.get("macro"),
        emailSetting=_EMAIL_SETTINGS[values.get("emailSetting", EmailSetting.ERROR)],
        on_unsupported=_ON_UNSUPPORTED[values.get("on_unsupported", OnUnsupported.FAIL)],
        mode=_MODES[values.get("mode", Mode.FULL)],
        max_assets=None if maximum is None else int(maximum),
        schedule=_schedule(values.get("schedule"), places),
        rerun=values.get("rerun"),
        unsafe_modifiers=tuple(values.get("unsafe_modifiers", ())),
        places=places,
        **({} if _RARE.isdisjoint(values) else _rare(values)),
    )


def _rare(values: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {
        key: values[key] for key in ("code_version", "max_age") if key in values
    }
    given |= {key: kind(values[key]) for key, kind in _RUNS.items() if key in values}
    if "inputs" in values:
        given["inputs"] = MappingProxyType(
            {name: _input(value) for name, value in values["inputs"].items()}
        )
    if "rerun_on" in values:
        given["rerun_on"] = tuple(map(RerunOn, values["rerun_on"]))
    if "max_attempts" in values:
        given["max_attempts"] = int(values["max_attempts"])
    return given


def _input(value: str | float) -> str | int:
    """JSON Schema takes 3.0 for an integer as well."""
    return value if isinstance(value, str) else int(value)


def _repetition(value: Mapping[str, Any], place: Place) -> Repetition:
    matrix, rows = value.get("matrix"), value.get("for_each")
    return Repetition(
        place=place,
        matrix=None if matrix is None else _matrix(matrix, place.below("matrix")),
        for_each=tuple(map(frozen, rows)) if isinstance(rows, list) else rows,
        when=value.get("when", True),
    )


def _matrix(value: Mapping[str, Any], place: Place) -> Matrix:
    return Matrix(
        place=place,
        axes=tuple(
            [
                MatrixAxis(
                    name=name,
                    values=values if isinstance(values, str) else tuple(map(frozen, values)),
                )
                for name, values in value.items()
                if name not in _NOT_AXES
            ]
        ),
        include=tuple(map(frozen_mapping, value.get("include", ()))),
        exclude=tuple(map(frozen_mapping, value.get("exclude", ()))),
    )


def _schedule(value: Mapping[str, Any] | None, places: Mapping[str, Place]) -> Schedule | None:
    if value is None:
        return None
    return Schedule(place=places["schedule"], at=value.get("at"), cron=value.get("cron"))
