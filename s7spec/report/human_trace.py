"""Where a job comes from, for a person: each field with its place, then how the job came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s7spec.model.source import JsonValue, SourceRange
from s7spec.model.trace import (
    FieldOrigin,
    FieldTrace,
    JobTrace,
    Step,
    StepKind,
    VariableOrigin,
    VariableTrace,
)
from s7spec.pipeline.last_attempt import LastAttempt
from s7spec.report.figures import moment, number
from s7spec.report.human_run.outcomes import STATE_TONES
from s7spec.report.terminal import EMPTY, Line, Span, Tone, cells, cut, line, paint
from s7spec.report.trace_values import Secrets, quoted, value_text
from s7spec.report.view import View
from s7spec.report.visible import visible

_ROOM = 16
"""Of the column of names: the longest is `on_unsupported`."""
_DEEPER = 4
"""What stands behind a value is indented by so much more."""
_MOST_NAMES = 5
_LONGEST_TEXT = 240
_LEAST_LIST = 24
"""Cells of a list or mapping that is cut: its place says where to read it."""
_GAP: Span = ("  ", Tone.PLAIN)
_FROM_DEFAULTS = (FieldOrigin.TEMPLATE_DEFAULTS, FieldOrigin.MANIFEST_DEFAULTS)
_REPEATS = (StepKind.ROW, StepKind.COMBINATION, StepKind.WHEN)
_ASKED = {
    True: "the same as now: whether its assets or presets changed, `s7spec plan` asks IPS",
    False: "something else than now: `s7spec plan` shows what changed",
    None: "not known: the ledger does not say what was asked for then",
}
_LABELS = {
    StepKind.OVERLAY: "its overlay",
    StepKind.EXPORT: "its export",
    StepKind.ROW: "row",
    StepKind.COMBINATION: "combination",
}


def trace_text(trace: JobTrace, view: View, last: LastAttempt | None = None) -> str:
    """The job's key, its fields in the order of a manifest, the chain of its expansion, and what
    the ledger knows of it."""
    page = _Page(trace, view)
    return paint((*page.lines(), *(() if last is None else page.ledger(last))), view)


class _Page:
    def __init__(self, trace: JobTrace, view: View) -> None:
        self._trace = trace
        self._view = view
        self._secrets = Secrets.of(trace)

    def lines(self) -> Iterator[Line]:
        key, trace = self._trace.key, self._trace
        where = f"{key.company}/{key.environment}"
        yield Line((), ((self._secrets.mask(key.short), Tone.STRONG), _GAP, (where, Tone.NOTE)))
        was_long = True
        for field in trace.fields:
            if field.origin is FieldOrigin.BUILT_IN:
                continue
            lines = [*self._field(field, indent=0)]
            if was_long or len(lines) > 1:
                yield EMPTY
            was_long = len(lines) > 1
            yield from lines
        yield from self._built_in()
        yield from self._effective()
        yield EMPTY
        yield line("How it came about", Tone.STRONG)
        for step in trace.steps:
            yield from self._step(step)

    def ledger(self, last: LastAttempt) -> Iterator[Line]:
        """The last attempt, and what a plan would hold against it as far as nobody is asked."""
        yield EMPTY
        yield line("In the ledger", Tone.STRONG)
        facts = [f"g{last.generation}", moment(last.at), self._secrets.mask(last.attempt_name)]
        facts += ["forgotten"] if last.forgotten else []
        facts += [self._secrets.mask(last.message)] if last.message else []
        dot = f" {self._view.dot} "
        state = (last.state.value, STATE_TONES[last.state])
        told: Span = (dot + dot.join(facts), Tone.PLAIN)
        yield Line((_name("last attempt", 2, Tone.QUIET),), (state, told))
        asked: Span = (_ASKED[last.is_asked_alike], Tone.PLAIN)
        yield Line((_name("asked for", 2, Tone.QUIET),), (asked,))

    def _built_in(self) -> Iterator[Line]:
        fields = [each for each in self._trace.fields if each.origin is FieldOrigin.BUILT_IN]
        if fields:
            said = ", ".join(f"{field.name} {value_text(field.value)}" for field in fields)
            yield EMPTY
            yield Line((_name("built in", 0, Tone.QUIET),), ((said, Tone.PLAIN),))

    def _effective(self) -> Iterator[Line]:
        """What prevails when presets are filled in, and who says it."""
        if not self._trace.effective:
            return
        yield EMPTY
        yield line("The modifier with its presets filled in", Tone.STRONG)
        for each in self._trace.effective:
            name = _name(self._secrets.mask(each.command), 2, Tone.PLAIN)
            about = [each.origin, *(f"over {self._secrets.mask(text)}" for text in each.overrides)]
            about += ["which of them prevails is inferred"] if each.order_is_inferred else []
            yield from self._entry(name, (f"  {', '.join(about)}", Tone.QUIET), [], "", 2)

    def _field(self, field: FieldTrace, *, indent: int) -> Iterator[Line]:
        """Name and value, the place with the text there, then what stands behind it."""
        name = _name(field.name, indent, Tone.PLAIN if indent else Tone.STRONG)
        value = self._field_value(field)
        place: list[Span] = [] if field.where is None else [_place(field.where)]
        if field.origin in _FROM_DEFAULTS:
            place += [_GAP, (f"({field.origin})", Tone.QUIET)]
        yield from self._entry(name, (value, Tone.PLAIN), place, self._written(field), indent)
        for variable in field.variables:
            yield from self._variable(variable, indent=indent + _DEEPER)
        yield from self._parts(field.parts)

    def _field_value(self, field: FieldTrace) -> str:
        """A condition reads as it is asked: `Keywords Contains new`."""
        if field.value is None:
            return ""
        if not isinstance(field.value, Mapping):
            return self._value(field.value, field.name)
        return " ".join(self._value(each, "", self._view.width) for each in field.value.values())

    def _parts(self, parts: Sequence[FieldTrace]) -> Iterator[Line]:
        names = [part for part in parts if part.name.startswith("names[")]
        dropped = {id(part) for part in names[_MOST_NAMES:]}
        for part in parts:
            if id(part) not in dropped:
                yield from self._field(part, indent=2)
            elif part is names[-1]:
                more = f"{self._view.ellipsis} and {number(len(dropped))} more: --format json"
                yield Line((_name("", 2, Tone.PLAIN),), ((more, Tone.QUIET),))

    def _variable(
        self, variable: VariableTrace, *, indent: int, deeply: bool = True
    ) -> Iterator[Line]:
        """Its value and place; the variables of its own text one level deeper below it."""
        name = " " * indent + variable.path
        value = "  "
        if variable.origin is VariableOrigin.MISSING:
            value = " is not there"
        elif variable.origin is not VariableOrigin.MACRO:
            room = self._view.width - cells(name) - len(" = ")
            text = self._value(variable.value, variable.path, room)
            value = f" = {cut(text, _LONGEST_TEXT, self._view)}"
        place: list[Span] = [] if variable.where is None else [_place(variable.where)]
        about = _about(variable)
        place += [_GAP, (f"({about})", Tone.QUIET)] if place and about else []
        is_text = variable.written is not None and variable.origin is not VariableOrigin.MACRO
        written = self._quoted(variable.written or "") if is_text else ""
        yield from self._entry((name, Tone.NOTE), (value, Tone.PLAIN), place, written, indent)
        for below in variable.variables if deeply else ():
            yield from self._variable(below, indent=indent + 2)

    def _step(self, step: Step) -> Iterator[Line]:
        name = _name(_LABELS.get(step.kind, step.kind.value), 2, Tone.QUIET)
        said = step.name
        if step.kind in _REPEATS:
            said = "" if step.written is None else self._quoted(step.written)
        elif step.kind is StepKind.PROJECT:
            said = ""
        yield from self._entry(name, (said, Tone.PLAIN), [_place(step.where)], "", 2)
        # What stands behind the params has been told where they were used.
        deeply = step.kind is not StepKind.TEMPLATE
        for variable in step.variables:
            yield from self._variable(variable, indent=2 + _DEEPER, deeply=deeply)

    def _entry(
        self, name: Span, value: Span, place: Sequence[Span], written: str, indent: int
    ) -> Iterator[Line]:
        """One line if there is room, else the place and the text below, each on lines of its own
        if they must be."""
        text: list[Span] = [(written, Tone.QUIET)] if written else []
        behind = [*place, *([_GAP] if place and text else []), *text]
        whole = [value, *([_GAP] if value[0].strip() and behind else []), *behind]
        if self._fits(name, *whole):
            yield Line((name,), tuple(whole))
            return
        yield Line((name,), (value,) if value[0] else tuple(place))
        margin: Span = (" " * (indent + _DEEPER), Tone.PLAIN)
        if not value[0]:
            place, behind = (), text
        if self._fits(margin, *behind):
            yield Line((margin,), tuple(behind))
            return
        yield from (Line((margin,), tuple(spans)) for spans in (place, text) if spans)

    def _fits(self, *spans: Span) -> bool:
        shown = (visible(text, unicode=self._view.unicode) for text, _ in spans)
        return sum(map(cells, shown)) <= self._view.width

    def _written(self, field: FieldTrace) -> str:
        """The text at the place, where it says more than the value does."""
        text = field.written
        return "" if not isinstance(text, str) or text == field.value else self._quoted(text)

    def _quoted(self, text: str) -> str:
        return quoted(cut(" ".join(self._secrets.mask(text).split()), _LONGEST_TEXT, self._view))

    def _value(self, value: JsonValue, name: str, room: int = 0) -> str:
        text = value_text(self._secrets.masked_value(value, name))
        return text if isinstance(value, str) else cut(text, max(room, _LEAST_LIST), self._view)


def _about(variable: VariableTrace) -> str:
    """What the place is called, where the path does not say it already."""
    match variable.origin:
        case VariableOrigin.DEFAULT:
            return "default of the param"
        case VariableOrigin.ARGUMENT | VariableOrigin.INCLUDE | VariableOrigin.DATA:
            return variable.label
        case VariableOrigin.AXIS | VariableOrigin.ROW:
            return "" if variable.written is not None else variable.label
    return variable.origin.value


def _name(name: str, indent: int, tone: Tone) -> Span:
    # The longest names leave no room: what follows must not touch them.
    return (" " * indent + f"{name} ".ljust(_ROOM - indent), tone)


def _place(where: SourceRange) -> Span:
    return (str(where), Tone.GOOD)
