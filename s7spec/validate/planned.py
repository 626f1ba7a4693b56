"""Words of the language that are reserved but not built: they get a plain answer."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.validate.mistakes import Mistake

PLANNED_IN_PROJECTS = frozenset({"defaults"})


def find_planned(value: object, planned: frozenset[str]) -> Iterator[Mistake]:
    """Every reserved key that a document says."""
    for key in value if isinstance(value, dict) else ():
        if key in planned:
            yield Mistake(
                rule=Rule.NOT_BUILT,
                pointer=(key,),
                summary=f"`{key}` is part of the language but not built yet",
                hint="leave it out for now: this version would not do what it says",
                on_key=True,
            )
