"""Moments and cron expressions that look right to the schema: do calendars and clocks have them?"""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.model.schedule import CRON_HINT, cron_problem, moment_problem
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
    problem = moment_problem(value)
    if problem is None:
        return
    yield Mistake(
        rule=Rule.NOT_ALLOWED,
        pointer=pointer,
        summary=f"`{shown(value)}` {problem}",
        hint="write a moment with its offset from UTC, such as 2027-03-01T06:00:00+01:00",
    )


def find_bad_cron(value: object, pointer: Pointer) -> Iterator[Mistake]:
    """Whether the text at ``pointer`` is a cron expression, its values within their bounds.

    Templates are left to expansion, other types to the schema.
    """
    if not isinstance(value, str) or holds_template(value):
        return
    problem = cron_problem(value)
    if problem is not None:
        yield Mistake(
            rule=Rule.NOT_ALLOWED,
            pointer=pointer,
            summary=f"`{shown(value)}` {problem}",
            hint=CRON_HINT,
        )
