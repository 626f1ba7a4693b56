"""Values we made ourselves, checked like anybody else's."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.source import Pointer
from s7spec.validate.mistakes import Mistake
from s7spec.validate.schemas import SchemaSet


def check_export_job(
    payload: Mapping[str, object], schemas: SchemaSet
) -> tuple[tuple[Pointer, str], ...]:
    """What is wrong with an expanded ExportJob: pointers into the payload, and words."""
    mistakes = _mistakes(payload, "export-job", schemas)
    return tuple((mistake.pointer, f"{mistake.summary} ({mistake.hint})") for mistake in mistakes)


def check_value(value: object, schema: str, schemas: SchemaSet) -> tuple[str, ...]:
    """What is wrong with a JSON value by the schema of this name: ``/items/0/action: ...``.

    Raises KeyError when there is no such schema.
    """
    try:
        mistakes = _mistakes(value, schema, schemas)
    except RecursionError:
        return ("/: nested too deeply",)
    return tuple(sorted(f"{_json_pointer(m.pointer)}: {m.summary}" for m in mistakes))


def _mistakes(value: object, schema: str, schemas: SchemaSet) -> tuple[Mistake, ...]:
    from s7spec.validate.reduction import reduce_errors  # only here: hardly ever is any wrong

    return tuple(reduce_errors(schemas.errors(value, schema)))


def _json_pointer(pointer: Pointer) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in pointer)
    return "/" + "/".join(steps)
