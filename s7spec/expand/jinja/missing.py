"""Names that templates use and that do not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.utils import missing

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


class UnknownArgumentError(TypeError):
    """A macro was handed an argument that it does not take."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def check_arguments(
    macro: str, names: Sequence[str], given: Sequence[object], named: Mapping[str, object]
) -> None:
    """Raises UnknownArgumentError for what the macro, with arguments called ``names``, has no
    place for."""
    takes = f"it takes {', '.join(f'`{name}`' for name in names) or 'no arguments'}"
    for name in named:
        if name not in names:
            raise UnknownArgumentError(f"the macro `{macro}` has no argument `{name[:100]}`", takes)
    if len(given) > len(names):
        raise UnknownArgumentError(f"the macro `{macro}` got {len(given)} arguments", takes)
