"""What to say about keys that should not, or should, be there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.mistakes import Mistake, spoken
from s7spec.validate.words import listed, nearest, shown, type_named

# Words people bring along from IPS, from Dynamic Media Classic's windows and from other tools.
_OTHER_WORDS = {
    "preset": "macro",
    "imagePreset": "macro",
    "modifier": "is_modifier",
    "urlModifier": "is_modifier",
    "name": "id",
    "selection": "assets",
    "email": "emailSetting",
    "env": "default_environment",
    "strategy": "matrix",
}
_NOT_OURS = {
    "clientId": "IPS reserves this field; s7spec never sends it",
    "assetHandleArray": "handles are good for one session: name the assets under `assets`",
    "jobName": "s7spec names jobs itself, so that it finds them again: remove it",
}


_LONGEST_EXAMPLE = 40
_AS_MAPPING = "{wid: 800, fmt: png}"
_PLAIN = re.compile(r"[A-Za-z$][\w./$@-]*")
"""Texts that need no quotes."""

_OF_EACH_EXPORT = frozenset({"id", "matrix", "for_each", "when", "template", "with"})
_OF_AN_EXPORT = ("id", "assets", "fmt")
OF_EXPORTS_AND_DEFAULTS = frozenset(
    {
        *("fmt", "is_modifier", "macro", "emailSetting", "on_unsupported", "code_version"),
        *("inputs", "mode", "max_assets", "schedule", "rerun", "rerun_on", "max_age"),
        *("max_attempts", "on_partial", "on_touch", "supersede", "unsafe_modifiers"),
    }
)


def unknown_key(pointer: Pointer, allowed: list[str], mapping: Mapping[str, object]) -> Mistake:
    """``pointer`` leads to the key; ``mapping`` is what it stands in."""
    key = str(pointer[-1])
    where = spoken(pointer[:-1])
    free = [name for name in allowed if name not in mapping]
    hint = _misplaced(pointer, allowed)
    instead_of: tuple[str, ...] = _OF_AN_EXPORT
    glued = key.partition(":")[0]
    if hint is None and ":" in key and glued in free:
        hint = f"write a blank after the colon: {glued}: {shown(key.partition(':')[2])}"
        instead_of = (glued,)
    if hint is None:
        meant = _OTHER_WORDS.get(key)
        if meant not in free:
            meant = nearest(key, free)
        hint, instead_of = _hint(key, meant, allowed), () if meant is None else (meant,)
    return Mistake(
        rule=Rule.UNKNOWN_KEY,
        pointer=pointer,
        summary=f"unknown key `{key}`" + (f" in `{where}`" if where else ""),
        hint=hint,
        on_key=True,
        instead_of=instead_of,
    )


def _misplaced(pointer: Pointer, allowed: list[str]) -> str | None:
    """What to do about a key of the language that does not belong where it stands."""
    match pointer:
        case ("params",):
            return "parameters belong to a document of kind: ExportTemplate; use `vars` here"
        case ("moved" | "forget" | "adopt" | "environments" as key,):
            return f"`{key}` belongs to the manifest that uses the template"
        case (key,) if "exports" in allowed and key in OF_EXPORTS_AND_DEFAULTS:
            return f"`{key}` belongs to an export: write it there, or for all exports in `defaults`"
        case ("defaults", key) if key in _OF_EACH_EXPORT:
            return f"every export has a `{key}` of its own: write it there"
        case ("exports", int(), "with") if "template" not in allowed:
            return "`with` is for templates: add template: templates/NAME.yaml, or remove it"
        case ("exports", int(), "template"):
            return "templates do not use other templates: write the export out"
        case ("exports", int(), str() as key) if "template" in allowed and key != "templates":
            return (
                f"with `template` there are only {listed(allowed, last='and')}: `{key}` stands in "
                "the template; what differs goes there as a parameter, in `with`"
            )
    return None


def _hint(key: str, meant: str | None, allowed: list[str]) -> str:
    if key in _NOT_OURS:
        return _NOT_OURS[key]
    if meant is not None:
        return f"did you mean `{meant}`?"
    taken = nearest(key, allowed)
    if taken is not None:
        return f"`{taken}` is there already: remove one of them"
    return f"known here: {listed(allowed, last='and')}"


_ALTERNATIVES = {"folder": ("names", "folder", "file"), "cron": ("at", "cron")}
_ADD = {
    "folder": "add names: [hero_0001], folder: Acme/Products/, or file: data/skus.csv",
    "cron": 'add at: "2027-03-01T06:00:00+01:00" for once, or cron: "0 0 6 ? * MON-FRI" for again '
    "and again",
    "metadata": "add `metadata`, for example metadata: {name: zalando}",
    "exports": "add `exports`, a list with an entry for each export: id, assets, fmt",
}
"""What to add. Of `folder` and `cron` their alternatives will do as well; the schema demands
the one by which they stand here."""


def missing_key(pointer: Pointer, name: str, schema: Mapping[str, Any]) -> Mistake:
    """``schema`` is the missing key's own, for an example."""
    where = spoken(pointer)
    choices = _ALTERNATIVES.get(name)
    if choices is not None:
        return Mistake(
            rule=Rule.MISSING_KEY,
            pointer=pointer,
            summary=f"`{where}` says {' nor '.join(_neither(choices))}",
            hint=_ADD[name],
            missing=choices,
            missing_in=pointer,
        )
    return Mistake(
        rule=Rule.MISSING_KEY,
        pointer=pointer,
        summary=f"`{name}` is missing" + (f" in `{where}`" if where else ""),
        hint=_add(name, schema),
        missing=(name,),
        missing_in=pointer,
    )


def _add(name: str, schema: Mapping[str, Any]) -> str:
    if name in _ADD:
        return _ADD[name]
    if "const" in schema or len(schema.get("enum", ())) == 1:
        return f"add {name}: {flow(schema.get('const', schema.get('enum', ('',))[0]))}"
    short = [
        text for text in map(flow, schema.get("examples", ())) if len(text) <= _LONGEST_EXAMPLE
    ]
    if short:
        return f"add `{name}`, for example {name}: {short[0]}"
    return f"add `{name}`" + (f", {type_named(schema['type'])}" if "type" in schema else "")


def modifier_hint(value: object, pointer: Pointer) -> str | None:
    """What to write for a list that stands for ``is_modifier`` or for one of its commands."""
    if not isinstance(value, list) or "is_modifier" not in pointer[-2:]:
        return None
    texts = [str(item) for item in value if not isinstance(item, dict | list | None)]
    if pointer[-1] != "is_modifier":
        joined = shown(",".join(texts))
        return f'write one text: "{joined}"' if len(texts) == len(value) else None
    if texts and len(texts) == len(value) and all("=" in text for text in texts):
        joined = shown("&".join(text.strip("&") for text in texts))
        return f'write one text: "{joined}", or a mapping: {_AS_MAPPING}'
    mappings = [item for item in value if isinstance(item, dict)]
    commands = {key: below for item in mappings for key, below in item.items()}
    is_each_once = len(commands) == sum(map(len, mappings))
    if mappings and len(mappings) == len(value) and is_each_once:
        return f"write one mapping: {shown(flow(commands))}"
    return f"write one mapping: {_AS_MAPPING}, or one text: wid=800&fmt=png"


def nothing_to_convert(pointer: Pointer, *, at_fmt: bool = True) -> Mistake:
    """``pointer`` leads to the export; ``at_fmt`` when it says itself that it converts."""
    return Mistake(
        rule=Rule.NOTHING_TO_CONVERT,
        pointer=(*pointer, "fmt") if at_fmt else pointer,
        summary="`fmt: convert` needs `is_modifier` or `macro`: it does not say how to convert",
        hint='add is_modifier: {fmt: png} or macro: $preset$; or write "fmt: orig" for the '
        "uploaded files",
        missing=("is_modifier", "macro"),
        missing_in=pointer,
    )


def orig_with_conversion(pointer: Pointer) -> Mistake:
    """``pointer`` leads to an ``is_modifier`` or ``macro`` beside ``fmt: orig``."""
    key = str(pointer[-1])
    return Mistake(
        rule=Rule.ORIG_WITH_CONVERSION,
        pointer=pointer,
        summary=f"`fmt: orig` delivers the uploaded files: `{key}` has nothing to convert",
        hint=f"remove `{key}`, or write `fmt: convert`",
        on_key=True,
    )


def _neither(choices: Iterable[str]) -> list[str]:
    first, *others = [f"`{choice}`" for choice in choices]
    return [f"neither {first}", *others]


def flow(value: object) -> str:
    """A value as people write it in YAML, on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {flow(below)}' for key, below in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
