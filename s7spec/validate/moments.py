"""Moments that look right to the schema: does the calendar have them?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.mistakes import Mistake
from s7spec.validate.templated import holds_template
from s7spec.validate.words import shown


def find_bad_moment(value: object, pointer: Pointer) -> Iterator[Mistake]:
    """Whether the text at ``pointer`` is an ISO 8601 moment with its offset from UTC.

    Templates are left to expansion, other types to the schema.
    """
    if not isinstance(value, str) or holds_template(value):
        return
    why = "it has no offset from UTC"
    try:
        if datetime.fromisoformat(value).tzinfo is not None:
            return
    except ValueError as error:
        why = str(error)
    yield Mistake(
        rule=Rule.NOT_ALLOWED,
        pointer=pointer,
        summary=f"`{shown(value)}` is no moment: {why}",
        hint="write a moment with its offset from UTC, such as 2027-03-01T06:00:00+01:00",
    )
