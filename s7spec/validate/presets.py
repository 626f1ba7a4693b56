"""The door for snapshots of image presets: from a document to a ``PresetSnapshot``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.preset import (
    SNAPSHOT_FORMAT,
    SNAPSHOT_VERSION,
    Preset,
    PresetSnapshot,
    preset_hash,
    preset_key,
)
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument
from s7spec.validate.mistakes import Mistake, diagnose
from s7spec.validate.schemas import SchemaSet
from s7spec.validate.words import shown

_ANEW = "`s7spec presets --save` writes it anew"
_ONE_LINE = frozenset("\t\n\r\x85\u2028\u2029")


def read_presets(
    document: SourceDocument, schemas: SchemaSet, *, company: str
) -> tuple[PresetSnapshot | None, tuple[Diagnostic, ...]]:
    """The snapshot, or None with everything that is wrong with the document: it is none, damaged,
    changed by hand, or another company's."""
    mistakes = tuple(_mistakes(document.value, schemas, company))
    if not mistakes:
        return _snapshot(document.value), ()
    findings = diagnose(document, mistakes)
    return None, tuple(replace(finding, rule=Rule.BAD_PRESETS) for finding in findings)


def _mistakes(value: Any, schemas: SchemaSet, company: str) -> Iterator[Mistake]:
    if not isinstance(value, dict) or value.get("format") != SNAPSHOT_FORMAT:
        yield _mistake((), "the file is JSON, but no snapshot of image presets")
    elif value.get("format_version") != SNAPSHOT_VERSION:
        yield _mistake(
            ("format_version",),
            f"the snapshot has another format version than {SNAPSHOT_VERSION}, which this "
            "s7spec reads",
            hint=f"use the s7spec that wrote it; or {_ANEW}",
        )
    elif not schemas.accepts(value, "presets"):
        from s7spec.validate.reduction import reduce_errors  # only here: hardly ever is any wrong

        for found in reduce_errors(schemas.errors(value, "presets")):
            yield replace(found, hint=_ANEW)
    else:
        yield from _contradictions(value, company)


def _contradictions(value: Any, company: str) -> Iterator[Mistake]:
    """What no schema can say."""
    if value["company"] != company:
        yield _mistake(
            ("company",),
            f"the snapshot holds the presets of `{shown(value['company'])}`, not of `{company}`",
            hint="name another file with `presets:` in the environment; or "
            "`s7spec presets --save` replaces it",
        )
    odd = [*_odd_names(value["presets"])]
    yield from odd
    if not odd and value["hash"] != preset_hash(_presets(value)):
        yield _mistake(
            ("hash",),
            "the presets do not match their hash: the file was damaged, merged or changed by hand",
        )


def _odd_names(presets: list[Any]) -> Iterator[Mistake]:
    """Names that no file of ours holds, since nothing can tell them apart or name them."""
    seen: dict[str, str] = {}
    for index, preset in enumerate(presets):
        name, pointer = preset["name"], ("presets", index, "name")
        key = preset_key(name)
        if not key or _ONE_LINE & set(name):
            yield _mistake(pointer, f"`{shown(name)}` cannot be the name of a preset")
        elif key in seen:
            yield _mistake(
                pointer,
                f"the presets `{shown(seen[key])}` and `{shown(name)}` are one to Image Serving, "
                "which does not tell upper from lower case",
                hint="name one of them otherwise in Dynamic Media Classic, then "
                "`s7spec presets --save`",
            )
        seen.setdefault(key, name)


def _snapshot(value: Any) -> PresetSnapshot:
    return PresetSnapshot(
        company=value["company"],
        environment=value["environment"],
        ips=value["ips"],
        presets=tuple(sorted(_presets(value), key=lambda preset: preset.name)),
    )


def _presets(value: Any) -> tuple[Preset, ...]:
    return tuple(
        Preset(name=preset["name"], urlModifier=preset["urlModifier"])
        for preset in value["presets"]
    )


def _mistake(pointer: Pointer, summary: str, *, hint: str = _ANEW) -> Mistake:
    return Mistake(rule=Rule.BAD_PRESETS, pointer=pointer, summary=summary, hint=hint)
