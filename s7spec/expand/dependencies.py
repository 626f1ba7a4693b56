"""Which dimensions of an export's combinations a leaf depends on."""

from __future__ import annotations

from s7spec.expand.combinations import Combinations, Needed
from s7spec.expand.engine import Engine
from s7spec.expand.problems import Irregular
from s7spec.expand.simple import Path


def needed_dimensions(source: Path | str, engine: Engine, combinations: Combinations) -> Needed:
    """Which dimensions a piece depends on. Raises Irregular for a leaf that cannot be right."""
    if isinstance(source, Path):
        return combinations.needed(source.name, source.key)
    checked = engine.check(source)
    if checked.problems:
        raise Irregular
    uses = [combinations.needed(name, key) for name, key in checked.uses]
    return tuple(sorted({at for needed in uses for at in needed}))
