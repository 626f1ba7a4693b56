"""Filters of our own: what exports need and Jinja has not."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from s7spec.expand.bounds import MAX_ITEMS, BoundsError, printed
from s7spec.expand.budget import Budget
from s7spec.modifiers import compose_modifier, percent_encoded

_PER_CHARACTER = 32
"""Going through a text character by character, in times of copying it."""

BudgetOf = Callable[[Context], Budget]


def own_filters(budget_of: BudgetOf) -> dict[str, Callable[..., Any]]:
    """The filters by name; what they make draws on the budget of the running template."""

    @pass_context
    def modifier(context: Context, value: Any) -> str:
        """A mapping as Image Serving writes it: ``{'wid': 800}`` becomes ``wid=800``."""
        if not isinstance(value, Mapping):
            raise TypeError("|modifier makes a text of a mapping: {'wid': 800, 'fmt': 'png'}")
        budget_of(context).look_through(value)
        text = compose_modifier((str(name), _scalar(name, each)) for name, each in value.items())
        return str(budget_of(context).taken(text))

    @pass_context
    def slug(context: Context, value: Any) -> str:
        """Lower-case ASCII letters and digits with single hyphens: fit for ids and file names."""
        text = printed(value)
        budget_of(context).look_at(text, _PER_CHARACTER)
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        text = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
        return str(budget_of(context).taken(text))

    @pass_context
    def percent_encode(context: Context, value: Any) -> str:
        """A text as a value inside an ``is_modifier`` text: everything that could be misread is
        percent-encoded, commas and ``$`` too."""
        text = printed(value)
        budget_of(context).look_at(text, _PER_CHARACTER)
        return str(budget_of(context).taken(percent_encoded(text)))

    @pass_context
    def zipped(context: Context, value: Any, *others: Any) -> list[list[Any]]:
        """Pairs: the first of each list, the second of each, as far as the shortest goes."""
        rows = budget_of(context).steps(zip(value, *others, strict=False), 1 + len(others))
        return [list(row) for row in rows]

    @pass_context
    def batch(context: Context, value: Any, size: int, fill_with: Any = None) -> list[list[Any]]:
        """Lists of ``size`` entries each, the last one filled up if it is said with what."""
        if not 0 < size <= MAX_ITEMS:
            raise BoundsError(f"makes batches of {size}, not of 1 to {MAX_ITEMS:,}")
        items = budget_of(context).steps(value)
        batches = [[first, *itertools.islice(items, size - 1)] for first in items]
        if fill_with is not None and batches:
            missing = size - len(batches[-1])
            budget_of(context).spend_steps(missing)
            batches[-1] += [fill_with] * missing
        return batches

    return {
        "modifier": modifier,
        "slug": slug,
        "percent_encode": percent_encode,
        "zip": zipped,
        "batch": batch,
    }


def _scalar(name: object, value: Any) -> str | int | float | bool:
    if isinstance(value, str | int | float):
        return value
    raise TypeError(f"`{name}` is no text and no number: Image Serving takes nothing else")
