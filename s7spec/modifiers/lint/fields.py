"""The fields of a command that contradict what is documented of them."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.modifiers.colors import HOW_TO_WRITE
from s7spec.modifiers.commands import (
    Argument,
    ArgumentProblem,
    Definition,
    Fault,
    Kind,
    check_arguments,
)
from s7spec.modifiers.formats import ALL_FORMATS, Format, format_named
from s7spec.modifiers.lint.remark import Remark, listed, nearest_word, shown_command, synopsis
from s7spec.modifiers.syntax import Command


def remarks_on_fields(command: Command, definition: Definition) -> Iterator[Remark]:
    """Numbers, words and how many fields there are; of `fmt` also how they go together."""
    fields = command.fields
    if not isinstance(command.value, str | None):
        return  # a nested request: whether it may stand there is a matter of safety
    for problem in check_arguments(definition, fields):
        if "$" in problem.written:
            continue  # a reference that nothing fills in has a rule of its own
        if problem.fault is Fault.TOO_MANY and definition.name == "op_sharpen":
            yield Remark(
                Rule.SHARPEN_MEANS_USM,
                f"`{shown_command(command)}`: op_sharpen is only 0 or 1",
                f"with amount, radius and threshold it is op_usm={','.join(fields)}",
            )
        elif problem.fault is not Fault.UNKNOWN_CHOICE or not _is_older(definition, problem):
            yield _of_problem(command, definition, problem)
    if definition.name == "fmt":
        yield from _of_format(command, fields)


def _is_older(definition: Definition, problem: ArgumentProblem) -> bool:
    """Spellings of formats that the documentation uses once: see MODIFIER_SPELLING."""
    return (
        definition.name == "fmt"
        and problem.place == 0
        and format_named(problem.written) is not None
    )


def _of_problem(command: Command, definition: Definition, problem: ArgumentProblem) -> Remark:
    said, argument = shown_command(command), problem.argument
    if argument is None or problem.fault is Fault.TOO_MANY:
        count = len(definition.arguments)
        return Remark(
            Rule.MODIFIER_FIELDS,
            f"`{said}`: {definition.name} takes {count} field{'s' * (count > 1)}",
            f"write {synopsis(definition)}",
            problem.place,
        )
    name = argument.name
    if problem.fault is Fault.MISSING:
        summary = f"`{said}`: {name} is missing"
        return Remark(Rule.MODIFIER_FIELDS, summary, f"write {synopsis(definition)}", problem.place)
    if problem.fault is Fault.UNKNOWN_CHOICE:
        summary = f"`{said}`: {name} cannot be `{problem.written[:40]}`"
        hint = _meant(problem.written, argument.choices)
        return Remark(Rule.MODIFIER_WORD, summary, hint, problem.place)
    if problem.fault is Fault.NO_COLOR:
        summary = f"`{said}`: `{problem.written[:40]}` is not a colour"
        is_number = problem.written.replace(",", "").isdigit()
        rule = Rule.MODIFIER_NUMBER if is_number else Rule.MODIFIER_WORD
        return Remark(rule, summary, HOW_TO_WRITE, problem.place)
    return Remark(
        Rule.MODIFIER_NUMBER,
        f"`{said}`: {name} is {_wanted(argument)}",
        f"write {synopsis(definition)}, {name} being {_wanted(argument)}",
        problem.place,
    )


def _of_format(command: Command, fields: tuple[str, ...]) -> Iterator[Remark]:
    format_ = format_named(fields[0]) if fields else None
    if format_ is None:
        return
    said = shown_command(command)
    if not format_.is_picture:
        yield Remark(
            Rule.NO_PICTURE,
            f"`{said}`: {format_.name} is a list of videos, not a picture",
            "write a format of pictures, for example fmt=jpeg",
            0,
        )
        return
    if format_.name.startswith("swf"):
        hint = "write fmt=png-alpha or fmt=webp-alpha for transparency, else fmt=jpeg"
        yield Remark(Rule.DEAD_FORMAT, f"`{said}`: nothing plays Flash any more", hint, 0)
    yield from _pixel_type_and_compression(said, format_, fields)


def _pixel_type_and_compression(
    said: str, format_: Format, fields: tuple[str, ...]
) -> Iterator[Remark]:
    pixel_type = fields[1].lower() if len(fields) > 1 else ""
    compression = fields[2].lower() if len(fields) > 2 else ""
    if pixel_type in _PIXEL_TYPES and pixel_type not in format_.pixel_types:
        yield Remark(
            Rule.WRONG_PIXEL_TYPE,
            f"`{said}`: {format_.name} has no {pixel_type}",
            f"{format_.name} takes {listed(format_.pixel_types)}; "
            f"{pixel_type} is for {listed(_with_pixel_type(pixel_type))}",
            1,
        )
    allowed = ("none", *format_.compressions)
    if compression in _COMPRESSIONS and compression not in allowed:
        takes = listed(format_.compressions) if format_.compressions else "no compression"
        yield Remark(
            Rule.WRONG_COMPRESSION,
            f"`{said}`: {format_.name} has no compression {compression}",
            f"{format_.name} takes {takes}",
            2,
        )


_PIXEL_TYPES = frozenset(each for format_ in ALL_FORMATS for each in format_.pixel_types)
_COMPRESSIONS = frozenset(each for format_ in ALL_FORMATS for each in format_.compressions)


def _with_pixel_type(pixel_type: str) -> tuple[str, ...]:
    names = (each.name for each in ALL_FORMATS if pixel_type in each.pixel_types)
    return tuple(name for name in names if not name.startswith(("swf", "jpg", "pjpeg")))


def _meant(written: str, choices: tuple[str, ...]) -> str:
    near = nearest_word(written, list(choices))
    known = listed(choices)
    return f"did you mean `{near}`? known are {known}" if near else f"write one of {known}"


def _wanted(argument: Argument) -> str:
    """``a whole number from 1 to 100``."""
    kind = "a whole number" if argument.kind is Kind.INTEGER else "a number"
    least = argument.least if argument.above is None else None
    if least is not None and argument.most is not None:
        return f"{kind} from {least:g} to {argument.most:g}"
    parts = [
        f"{word} {bound:g}"
        for word, bound in (
            ("of at least", least),
            ("above", argument.above),
            ("of at most", argument.most),
            ("below", argument.below),
            ("other than", argument.other_than),
        )
        if bound is not None
    ]
    return " ".join([kind, " and ".join(parts)]).strip()
