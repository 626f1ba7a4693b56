"""Filters and tests that templates may use: from fixed lists, and drawn on the budget.

What goes in counts as well as what comes out: a test of a long list gives only true or false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from jinja2 import pass_context, pass_environment
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.runtime import Context
from jinja2.tests import TESTS as DEFAULT_TESTS

from s7spec.expand.bounds import BoundsError, formatted, printed
from s7spec.expand.bounds import replaced as replace_text
from s7spec.expand.budget import Budget
from s7spec.expand.jinja.filters import own_filters
from s7spec.expand.jinja.missing import Missing

TEXT_FILTER = "s7spec_text"
STEPS_FILTER = "s7spec_steps"
SPEND_FILTER = "s7spec_spend"
LEAF_FILTER = "s7spec_leaf"
COMPARE_FILTER = "s7spec_compare"
SLICE_FILTER = "s7spec_slice"
"""Names that the compiler puts into templates; people cannot write them."""

# Filters that take one scalar and give one.
_SCALAR_FILTERS = frozenset(
    {"abs", "capitalize", "float", "int", "lower", "round", "title", "trim", "truncate", "upper"}
    | {"urlencode", "wordcount"}
)
# Filters that take a list, a mapping or anything else.
_OTHER_FILTERS = frozenset(
    {"count", "d", "default", "dictsort", "first", "items", "last", "length", "list", "map"}
    | {"max", "min", "reject", "rejectattr", "select", "selectattr", "sort", "unique"}
)
# Of those, the ones that take entry after entry, when they are asked for the next one.
_LAZY_FILTERS = frozenset({"map", "reject", "rejectattr", "select", "selectattr", "unique"})
# And those that compare all entries with each other.
_COMPARING_FILTERS = frozenset({"dictsort", "max", "min", "sort"})
_REFUSED_TESTS = frozenset({"callable", "escaped", "filter", "sameas", "test"})
_NUMBER_TESTS = frozenset({"divisibleby", "even", "odd"})
_TEXT_TESTS = frozenset({"lower", "upper"})
_MAX_PRECISION = 15
_MAX_TRIMMED = 100
REGULAR = 32
"""Going through a text character by character, in times of copying it."""
_CALL = 24
"""Steps of a filter or test, whatever it is called with."""
FORMAT_WEIGHT = 500
"""Reading a pattern of ``%``, in times of copying it."""


def budget_of(context: Context) -> Budget:
    environment: Any = context.environment
    budget: Budget = environment.budget
    return budget


@pass_environment
def _text(environment: Any, parts: list[Any]) -> str:
    """Joins what a template puts out; undefined parts fail."""
    for part in parts:
        if isinstance(part, Missing):
            raise part.failure()
    return str(environment.budget.text(parts))


@pass_environment
def _steps(environment: Any, items: Any, weight: int) -> Any:
    return environment.budget.steps(items, weight)


@pass_environment
def _spend(environment: Any, weight: int) -> None:
    environment.budget.spend_steps(weight)


@pass_environment
def _leaf(environment: Any, value: Any, weight: int) -> Any:
    """The value of a whole leaf: the next one begins anew."""
    budget: Budget = environment.budget
    budget.spend_steps(weight)
    value = _settled(value, budget)
    budget.renew()
    return value


def _settled(value: Any, budget: Budget) -> Any:
    """``value`` as nothing but what YAML can say, at every depth; itself where it is that already.
    Raises what is wrong with undefined values, TypeError for macros and the like."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or kind is float or value is None:
        return value
    budget.spend_steps(1)
    if isinstance(value, dict):
        below = {_key(key): _settled(each, budget) for key, each in value.items()}
        is_same = all(value[key] is each for key, each in below.items())
        return value if is_same else below
    if isinstance(value, list | tuple | range):
        budget.spend_steps(len(value))
        items = [_settled(each, budget) for each in value]
        is_same = kind is list and all(map(operator.is_, value, items))
        return value if is_same else items
    if isinstance(value, Missing):
        raise value.failure()
    raise TypeError("this is neither a value nor a list or mapping of values")


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    raise TypeError("the keys of a mapping are texts")


@pass_environment
def _compare(environment: Any, left: Any, *others: Any) -> Any:
    """``others`` are signs, and what stands behind each."""
    for sign, right in zip(others[::2], others[1::2], strict=True):
        compare(environment.budget, left, right, is_search=sign in ("in", "notin"))
        if not _COMPARISONS[sign](left, right):
            return False
        left = right
    return True


def compare(budget: Budget, left: Any, right: Any, *, is_search: bool) -> None:
    """Accounts for a comparison."""
    if is_search:
        if isinstance(left, list | tuple | dict):
            budget.look_through(right)
        budget.look_at(right)
        budget.look_at(left)
    elif isinstance(left, list | tuple | dict) and isinstance(right, list | tuple | dict):
        budget.look_through(left)
    else:
        budget.look_at(left)


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}


@pass_environment
def _slice(environment: Any, value: Any, start: Any, stop: Any, step: Any) -> Any:
    if isinstance(value, Missing):
        raise value.failure()
    if not isinstance(value, list | tuple | str | range):
        raise TypeError("only texts and lists have slices")
    return environment.budget.taken(value[start:stop:step])


@pass_context
def _join(context: Context, items: Any, d: str = "", attribute: str | int | None = None) -> str:
    budget = budget_of(context)
    if attribute is not None:
        items = (context.environment.getitem(item, attribute) for item in items)
    pieces: list[Any] = []
    for item in budget.steps(items):
        pieces += [d, item] if pieces else [item]
        if isinstance(item, Missing):
            raise item.failure()
        budget.spend_text(len(d) + len(printed(item)))
    return budget.text(pieces)


@pass_context
def _replace(context: Context, value: Any, old: str, new: str, count: int | None = None) -> str:
    value = printed(value)
    budget_of(context).look_at(value)
    text = replace_text(value, old, new, -1 if count is None else count)
    budget_of(context).spend_text(len(text))
    return text


@pass_context
def _format(context: Context, value: Any, *args: Any, **kwargs: Any) -> str:
    pattern = printed(value)
    budget_of(context).look_at(pattern, FORMAT_WEIGHT)
    text = formatted(pattern, kwargs or args)
    budget_of(context).spend_text(len(text))
    return text


@pass_context
def _string(context: Context, value: Any) -> str:
    return budget_of(context).text([value])


@pass_context
def _reverse(context: Context, value: Any) -> Any:
    if isinstance(value, str):
        return budget_of(context).taken(value[::-1])
    return list(budget_of(context).steps(value))[::-1]


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """One of Jinja's filters, with what it takes and what it makes drawn on the budget."""
    wants = getattr(getattr(function, "jinja_pass_arg", None), "name", None)

    @pass_context
    @wraps(function, updated=())
    def run(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        budget = budget_of(context)
        budget.spend_steps(_CALL)
        if name in _SCALAR_FILTERS:
            if isinstance(value, Missing):
                raise value.failure()
            budget.look_at(printed(value), REGULAR)
        elif name in _LAZY_FILTERS and isinstance(value, list | tuple | str | range | dict):
            value = budget.steps(value, _weight(args, kwargs)) if value else value
        elif name in _COMPARING_FILTERS:
            value = _sized(budget, value, _weight(args, kwargs))
        elif name == "list":
            budget.look_at(value)
        if name == "round":
            _check_precision(*args, **kwargs)
        if name == "trim":
            check_trimmed(*args, *kwargs.values())
        handed = {"context": context, "eval_context": context.eval_ctx}
        first = () if wants is None else (handed.get(wants, context.environment),)
        return budget.taken(function(*first, value, *args, **kwargs))

    return run


def _weight(arguments: tuple[Any, ...], named: dict[str, Any]) -> int:
    """Steps for each entry: a path of attributes is walked for every one."""
    texts = (each for each in (*arguments, *named.values()) if isinstance(each, str))
    return 16 + 8 * max((text.count(".") for text in texts), default=0)


def _sized(budget: Budget, value: Any, weight: int) -> Any:
    """``value``, accounted for as what is sorted is."""
    if hasattr(value, "__next__"):
        value = list(value)
    if isinstance(value, list | tuple | dict | str | range):
        budget.spend_steps(1 + len(value) * (weight + 4 * len(value).bit_length()))
        budget.look_through(value)
    return value


def _check_precision(precision: Any = 0, method: str = "common") -> None:
    if not isinstance(precision, int) or abs(precision) > _MAX_PRECISION:
        raise BoundsError(f"rounds to more than {_MAX_PRECISION} digits")


def check_trimmed(characters: Any = None, *_: Any) -> None:
    """Cutting off is as dear as the text is long, times the characters. Raises BoundsError."""
    if isinstance(characters, str) and len(characters) > _MAX_TRIMMED:
        raise BoundsError(f"cuts off more than {_MAX_TRIMMED} different characters")


def _bounded_test(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """One of Jinja's tests."""

    @pass_context
    def run(context: Context, value: Any, *args: Any) -> Any:
        budget_of(context).spend_steps(_CALL)
        if name in _NUMBER_TESTS:
            if isinstance(value, str | list | tuple):  # a text would be taken for a pattern
                raise TypeError(f"`is {name}` is for numbers")
        elif name in _TEXT_TESTS:
            if isinstance(value, Missing):
                raise value.failure()
            budget_of(context).look_at(printed(value), REGULAR)
        elif args and not isinstance(value, Missing):
            compare(budget_of(context), value, args[0], is_search=name == "in")
        return function(value, *args)

    return run


FILTERS: dict[str, Callable[..., Any]] = {
    **own_filters(budget_of),
    **{name: _bounded(name, DEFAULT_FILTERS[name]) for name in _SCALAR_FILTERS | _OTHER_FILTERS},
    "format": _format,
    "join": _join,
    "replace": _replace,
    "reverse": _reverse,
    "string": _string,
}
FILTER_NAMES = frozenset(FILTERS)
FILTERS |= {
    TEXT_FILTER: _text,
    STEPS_FILTER: _steps,
    SPEND_FILTER: _spend,
    LEAF_FILTER: _leaf,
    COMPARE_FILTER: _compare,
    SLICE_FILTER: _slice,
}
_PLAIN_TESTS = frozenset(
    {"boolean", "defined", "false", "float", "integer", "iterable", "mapping", "none", "number"}
    | {"sequence", "string", "true", "undefined"}
)
_JINJA_TESTS: Mapping[str, Any] = DEFAULT_TESTS
TESTS: dict[str, Any] = {
    name: test if name in _PLAIN_TESTS else _bounded_test(name, test)
    for name, test in _JINJA_TESTS.items()
    if name not in _REFUSED_TESTS
}
TEST_NAMES = frozenset(TESTS)
KNOWN_TO_JINJA = frozenset(DEFAULT_FILTERS) | frozenset(DEFAULT_TESTS)
