"""The template engine, with everything taken out that reaches beyond a manifest's own data.

No clock, no chance, no files, no environment variables; no attributes of Python objects; filters,
tests and methods from fixed lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from s7spec.expand.bounds import bounded_range, operate
from s7spec.expand.bounds import replaced as replace_text
from s7spec.expand.budget import Budget, Work
from s7spec.expand.jinja.functions import FILTERS, FORMAT_WEIGHT, REGULAR, TESTS, check_trimmed
from s7spec.expand.jinja.missing import Missing, check_arguments
from s7spec.expand.simple import MAPPING_METHODS

GLOBALS: Mapping[str, object] = {"range": bounded_range}

_TEXT_METHODS = frozenset(
    {
        *("capitalize", "count", "endswith", "find", "isalpha", "isdigit", "islower", "isupper"),
        *("lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "split"),
        *("startswith", "strip", "title", "upper"),
    }
)
_LOOP_ATTRIBUTES = frozenset(
    {"depth", "depth0", "first", "index", "index0", "last", "length", "nextitem", "previtem"}
    | {"revindex", "revindex0"}
)
_CUTTING = frozenset({"lstrip", "rstrip", "strip"})


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """One for each document: it holds the budget of the leaf that is being expanded. ``work`` is
    what the manifest may still do."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, work: Work) -> None:
        super().__init__(
            undefined=Missing, keep_trailing_newline=True, autoescape=False, optimized=False
        )
        self.budget = Budget(work)
        self.filters = FILTERS
        self.tests = TESTS
        self.globals = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Keys first: ``vars.items`` is a variable of that name, if there is one."""
        if isinstance(obj, dict):
            if attribute in obj:
                return obj[attribute]
            allowed = MAPPING_METHODS
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
        if isinstance(obj, dict | list | tuple | str | range):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        is_scalar = isinstance(argument, str | int | float)
        return self.undefined(obj=obj, name=str(argument) if is_scalar else "[...]")

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """``range``, macros of libraries, and the methods that ``getattr`` gives out."""
        if isinstance(__obj, Missing):
            raise __obj.failure()
        for internal in ("_loop_vars", "_block_vars"):  # Jinja hands them to functions that ask
            kwargs.pop(internal, None)
        budget = __self.budget
        if isinstance(__obj, Macro):
            if "caller" in kwargs:
                raise TypeError("macros are handed no `caller`")
            check_arguments(__obj.name, __obj.arguments, args, kwargs)
            budget.enter()
            # Macros are laid out over several lines; what they make is one text.
            text = __obj(*args, **kwargs).strip()
            budget.leave()
            return budget.taken(text)
        owner, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        is_text_method = isinstance(owner, str) and name in _TEXT_METHODS
        is_mapping_method = isinstance(owner, dict) and name in MAPPING_METHODS
        if not (__obj is bounded_range or is_text_method or is_mapping_method):
            raise SecurityError("this cannot be called in a template")
        if is_text_method:
            for operand in (owner, *args, *kwargs.values()):
                budget.look_at(operand, REGULAR)
            if name in _CUTTING:
                check_trimmed(*args)
            if name == "replace":
                return budget.taken(replace_text(str(owner), *args, **kwargs))
        result = __obj(*args, **kwargs)
        return budget.taken(list(result) if is_mapping_method and name != "get" else result)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Operators, measured."""
        for operand in (left, right):
            if isinstance(operand, Missing):
                raise operand.failure()
        if operator == "%" and isinstance(left, str):
            self.budget.look_at(left, FORMAT_WEIGHT)
            self.budget.look_at(right)
        return self.budget.taken(operate(operator, left, right))
