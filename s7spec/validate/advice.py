"""What to say about keys that should not, or should, be there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.mistakes import Mistake, spoken
from s7spec.validate.words import listed, nearest

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


def unknown_key(pointer: Pointer, allowed: list[str], mapping: Mapping[str, object]) -> Mistake:
    """``pointer`` leads to the key; ``mapping`` is what it stands in."""
    key = str(pointer[-1])
    where = spoken(pointer[:-1])
    free = [name for name in allowed if name not in mapping]
    meant = _OTHER_WORDS.get(key)
    if meant not in free:
        meant = nearest(key, free)
    return Mistake(
        rule=Rule.UNKNOWN_KEY,
        pointer=pointer,
        summary=f"unknown key `{key}`" + (f" in `{where}`" if where else ""),
        hint=_hint(key, meant, allowed),
        on_key=True,
        meant=meant,
    )


def _hint(key: str, meant: str | None, allowed: list[str]) -> str:
    if key in _NOT_OURS:
        return _NOT_OURS[key]
    if meant is not None:
        return f"did you mean `{meant}`?"
    taken = nearest(key, allowed)
    if taken is not None:
        return f"`{taken}` is there already: remove one of them"
    return f"known here: {listed(allowed, last='and')}"


def missing_key(
    pointer: Pointer, name: str, schema: Mapping[str, Any], schema_path: Iterable[str | int]
) -> Mistake:
    """``schema`` is the missing key's own, for an example."""
    where = spoken(pointer)
    if name == "folder" and "else" in schema_path:
        return Mistake(
            rule=Rule.MISSING_KEY,
            pointer=pointer,
            summary=f"`{where}` says neither `names` nor `folder`",
            hint="add names: [hero_0001], or folder: Acme/Products/",
            missing=("names", "folder"),
            missing_in=pointer,
        )
    examples = schema.get("examples", ())
    example = f" {_flow(examples[0])}" if examples else ""
    return Mistake(
        rule=Rule.MISSING_KEY,
        pointer=pointer,
        summary=f"`{name}` is missing" + (f" in `{where}`" if where else ""),
        hint=f"add {name}:{example}",
        missing=(name,),
        missing_in=pointer,
    )


def _flow(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
