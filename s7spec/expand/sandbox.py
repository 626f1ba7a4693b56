"""The template engine, with everything taken out that reaches beyond a manifest's own data.

No clock, no chance, no files, no environment variables; no attributes of Python objects; filters,
tests and methods from fixed lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from jinja2 import StrictUndefined, pass_context, pass_environment
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as DEFAULT_TESTS
from jinja2.utils import missing

from s7spec.expand.bounds import BoundsError, Budget, bounded_range, formatted, operate, printed
from s7spec.expand.bounds import replaced as replace_text
from s7spec.expand.filters import own_filters

TEXT_FILTER = "s7spec_text"
STEPS_FILTER = "s7spec_steps"
"""Names that the compiler puts into templates; people cannot write them."""

GLOBALS: Mapping[str, object] = {"range": bounded_range}

_TEXT_METHODS = frozenset(
    {
        *("capitalize", "count", "endswith", "find", "isalpha", "isdigit", "islower", "isupper"),
        *("lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "split"),
        *("startswith", "strip", "title", "upper"),
    }
)
_MAPPING_METHODS = frozenset({"get", "items", "keys", "values"})
_LOOP_ATTRIBUTES = frozenset(
    {"depth", "depth0", "first", "index", "index0", "last", "length", "nextitem", "previtem"}
    | {"revindex", "revindex0"}
)
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
_REFUSED_TESTS = frozenset({"callable", "escaped", "filter", "sameas", "test"})
_MAX_PRECISION = 15


NAMES_THEMSELVES = object()


class MissingNameError(UndefinedError):
    """A name that does not exist was used.

    ``container`` is what it was looked up in; NAMES_THEMSELVES where it stands on its own.
    """

    def __init__(self, message: str | None, container: object, name: str) -> None:
        super().__init__(message)
        self.container = container
        self.name = name
        # Jinja's words for an argument that a call of a macro left out.
        self.is_argument = message is not None and message.startswith("parameter ")


class Missing(StrictUndefined):
    """Every use of an undefined value fails, and remembers what was missing."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: Callable[[str], Exception] = UndefinedError,
    ) -> None:
        error: Any = exc
        if exc is UndefinedError:
            container = NAMES_THEMSELVES if obj is missing else obj
            error = partial(MissingNameError, container=container, name=str(name))
        super().__init__(hint, obj, name, error)

    def failure(self) -> Exception:
        """The error that using this value raises."""
        try:
            str(self)
        except UndefinedError as error:
            return error
        except SecurityError as error:
            return error
        raise AssertionError("an undefined value could be printed")


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """One for each manifest: it holds the budget of the job that is being expanded."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__(
            undefined=Missing, keep_trailing_newline=True, autoescape=False, optimized=False
        )
        self.budget = Budget()
        self.filters = _FILTERS
        self.tests = _TESTS
        self.globals = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Keys first: ``vars.items`` is a variable of that name, if there is one."""
        if isinstance(obj, dict):
            if attribute in obj:
                return obj[attribute]
            allowed = _MAPPING_METHODS
        elif isinstance(obj, Missing):
            raise obj.failure()
        elif isinstance(obj, str):
            allowed = _TEXT_METHODS
        else:
            allowed = _LOOP_ATTRIBUTES if isinstance(obj, LoopContext) else frozenset()
        if attribute in allowed:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Keys of mappings, positions of lists and texts, nothing else."""
        if isinstance(obj, Undefined):
            return obj[argument]
        if not isinstance(obj, dict | list | tuple | str | range):
            return self.undefined(obj=obj, name=str(argument))
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=str(argument))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """``range``, macros of libraries, and the methods that ``getattr`` gives out."""
        if isinstance(__obj, Missing):
            raise __obj.failure()
        for internal in ("_loop_vars", "_block_vars"):  # Jinja hands them to functions that ask
            kwargs.pop(internal, None)
        if isinstance(__obj, Macro):
            __self.budget.spend_steps(1)
            # Macros are laid out over several lines; what they make is one text.
            return __self.budget.taken(__obj(*args, **kwargs).strip())
        owner, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        is_text_method = isinstance(owner, str) and name in _TEXT_METHODS
        is_mapping_method = isinstance(owner, dict) and name in _MAPPING_METHODS
        if not (__obj is bounded_range or is_text_method or is_mapping_method):
            raise SecurityError("this cannot be called in a template")
        if is_text_method and name == "replace":
            return __self.budget.taken(replace_text(str(owner), *args, **kwargs))
        result = __obj(*args, **kwargs)
        return __self.budget.taken(list(result) if is_mapping_method and name != "get" else result)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Operators, measured."""
        for operand in (left, right):
            if isinstance(operand, Missing):
                raise operand.failure()
        return self.budget.taken(operate(operator, left, right))


def _budget(context: Context) -> Budget:
    environment = context.environment
    assert isinstance(environment, TemplateSandbox)
    return environment.budget


@pass_environment
def _text(environment: TemplateSandbox, parts: list[Any]) -> str:
    """Joins what a template puts out; undefined parts fail."""
    for part in parts:
        if isinstance(part, Missing):
            raise part.failure()
    return environment.budget.text(parts)


@pass_environment
def _steps(environment: TemplateSandbox, items: Any) -> Any:
    return environment.budget.steps(items)


@pass_context
def _join(context: Context, items: Any, d: str = "", attribute: str | int | None = None) -> str:
    budget = _budget(context)
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
    text = replace_text(printed(value), old, new, -1 if count is None else count)
    _budget(context).spend_text(len(text))
    return text


@pass_context
def _format(context: Context, value: Any, *args: Any, **kwargs: Any) -> str:
    text = formatted(printed(value), kwargs or args)
    _budget(context).spend_text(len(text))
    return text


@pass_context
def _string(context: Context, value: Any) -> str:
    return _budget(context).text([value])


@pass_context
def _reverse(context: Context, value: Any) -> Any:
    if isinstance(value, str):
        return value[::-1]
    return list(_budget(context).steps(value))[::-1]


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """One of Jinja's filters, with its result drawn on the budget."""
    wants = getattr(getattr(function, "jinja_pass_arg", None), "name", None)

    @pass_context
    @wraps(function, updated=())
    def run(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        if name in _SCALAR_FILTERS:
            if isinstance(value, Missing):
                raise value.failure()
            printed(value)
        if name == "round":
            _check_precision(*args, **kwargs)
        handed = {"context": context, "eval_context": context.eval_ctx}
        first = () if wants is None else (handed.get(wants, context.environment),)
        return _budget(context).taken(function(*first, value, *args, **kwargs))

    return run


def _check_precision(precision: Any = 0, method: str = "common") -> None:
    if not isinstance(precision, int) or abs(precision) > _MAX_PRECISION:
        raise BoundsError(f"rounds to more than {_MAX_PRECISION} digits")


_FILTERS: dict[str, Callable[..., Any]] = {
    **own_filters(_budget),
    **{name: _bounded(name, DEFAULT_FILTERS[name]) for name in _SCALAR_FILTERS | _OTHER_FILTERS},
    "format": _format,
    "join": _join,
    "replace": _replace,
    "reverse": _reverse,
    "string": _string,
    TEXT_FILTER: _text,
    STEPS_FILTER: _steps,
}
_TESTS = {name: test for name, test in DEFAULT_TESTS.items() if name not in _REFUSED_TESTS}

FILTER_NAMES = frozenset(_FILTERS) - {TEXT_FILTER, STEPS_FILTER}
TEST_NAMES = frozenset(_TESTS)
KNOWN_TO_JINJA = frozenset(DEFAULT_FILTERS) | frozenset(DEFAULT_TESTS)
