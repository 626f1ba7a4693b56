"""Exports after merging: is everything there, and does it go together?"""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.manifest import Fmt
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.advice import nothing_to_convert, orig_with_conversion
from s7spec.validate.merging import Settings
from s7spec.validate.mistakes import Mistake, spoken

_EXAMPLES = {"assets": "packshots", "fmt": "convert"}


def find_incomplete(settings: Settings, pointer: Pointer, where: str) -> Iterator[Mistake]:
    """What an export lacks after merging. ``where`` says where else it may stand."""
    for key, example in _EXAMPLES.items():
        if key not in settings.values and key not in settings.own:
            yield Mistake(
                rule=Rule.MISSING_KEY,
                pointer=pointer,
                summary=f"`{key}` is missing in `{spoken(pointer)}`, and no defaults have it",
                hint=f"add `{key}`, for example {key}: {example}, here or in {where}",
                missing=(key,),
                missing_in=pointer,
                see=("defaults",),
            )
    fmt = settings.values.get("fmt")
    if fmt == Fmt.CONVERT and not settings.values.keys() & {"is_modifier", "macro"}:
        yield nothing_to_convert(pointer, at_fmt="fmt" in settings.own)
    yield from find_conversions_of_originals(settings, fmt, pointer)


def find_conversions_of_originals(
    settings: Settings, fmt: object, pointer: Pointer
) -> Iterator[Mistake]:
    """``is_modifier`` and ``macro`` that an export with ``fmt: orig`` says itself."""
    for key in ("is_modifier", "macro") if fmt == Fmt.ORIG else ():
        if settings.own.get(key) is not None:
            yield orig_with_conversion((*pointer, key))


def find_idle_nulls(settings: Settings, pointer: Pointer) -> Iterator[Mistake]:
    """Nulls that take nothing away. Originals take nothing from the defaults anyway."""
    is_orig = settings.values.get("fmt") == Fmt.ORIG
    for steps in () if is_orig else settings.idle_nulls:
        yield Mistake(
            rule=Rule.WRONG_TYPE,
            pointer=(*pointer, *steps),
            summary=f"`{spoken((*pointer, *steps))}` is null, but the defaults have no "
            f"`{steps[-1]}` to take away",
            hint="give it a value, or remove the key",
            see=("defaults", *steps[:-1]),
        )
