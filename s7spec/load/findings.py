"""What loading finds wrong in a file, in words for people who do not think in YAML tokens."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath
from typing import Protocol

from yaml import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
)

from s7spec.load.events import Point, end_of, open_events, start_of
from s7spec.load.positions import FileLocator
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceFile, SourceRange

PROJECT_FILE = "s7spec.yaml"

MAX_FINDINGS = 100
"""Per file. Nobody reads more, and a generated file could hold thousands."""

_CHECK = "check the indentation and the quotes on this line and the one before it"


class AnyMark(Protocol):
    """A place as either parser gives it, counted from 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class StopLoadingError(Exception):
    """The rest of the file is not read; the reason is among the findings."""


class Findings:
    """Collects the diagnostics of one file.

    Words never repeat values: a broken line may hold a password, and only snippets are masked.
    """

    def __init__(self, file: SourceFile, locator: FileLocator) -> None:
        self._file = file
        self._locator = locator
        self._found: list[Diagnostic] = []
        self._snippets: dict[int, str | None] = {}

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        return tuple(self._found)

    def refused(self, event: Event, summary: str, hint: str) -> None:
        """YAML that is correct, but that s7spec does not take."""
        self._add(Rule.YAML_REFUSED, summary, self._range(event), hint)

    def refused_at(self, line: int, column: int, summary: str, hint: str) -> None:
        """The same for one character; 1-based line and column."""
        place = SourceRange(
            path=self._file.path, line=line, column=column, end_line=line, end_column=column + 1
        )
        self._add(Rule.YAML_REFUSED, summary, place, hint)

    def duplicate_key(
        self, event: ScalarEvent, document: int, pointer: Pointer | None, empty: str | None
    ) -> None:
        """The second use is the finding, the first one a related place. ``empty`` is a key without
        a value that stands between the two: it was probably meant to be above the second."""
        here = self._range(event)
        related: tuple[RelatedPlace, ...] = ()
        if pointer is not None:
            first = self._locator.locate(document, pointer, key=True)
            related = (self._related(first, "first here"),) if first < here else ()
        self._add(
            Rule.DUPLICATE_KEY,
            f"the key `{event.value}` stands twice in this mapping",
            here,
            "keep one of the two: YAML readers disagree about which one counts"
            if empty is None
            else f"if it belongs to `{empty}`, indent it below `{empty}`; else keep one of the two",
            related,
        )

    def undefined_alias(self, event: AliasEvent) -> None:
        """Most often a shell pattern that nobody meant as an alias."""
        self._add(
            Rule.YAML_REFUSED,
            "an alias (*) to an anchor that does not exist",
            self._range(event),
            'put quotes around values that begin with `*`: "*_draft"',
        )

    def collection_as_key(self, event: CollectionStartEvent) -> None:
        """``{{ x }}`` without quotes is a mapping in a mapping to YAML."""
        row, column = start_of(event)
        line = self._file.line(row + 1) or ""
        if isinstance(event, MappingStartEvent) and line[column - 1 : column + 1] == "{{":
            end = line.find("}}", column) + 2 if "}}" in line[column:] else column + 1
            place = self._place((row, column - 1), (row, end))
            from s7spec.load.syntax import TEMPLATE_HINT

            self._add(Rule.YAML_REFUSED, "a template without quotes", place, TEMPLATE_HINT)
            return
        self._add(
            Rule.YAML_REFUSED,
            "a mapping or list as a key",
            self._range(event),
            "keys are texts; put quotes around a key that begins with { or [",
        )

    def not_a_mapping(self, place: SourceRange, *, empty: bool) -> None:
        """Every document s7spec reads is a mapping."""
        self._add(
            Rule.NOT_A_MAPPING,
            "the document is empty" if empty else "the document is not a mapping of keys to values",
            place,
            self._beginning(),
        )

    def _beginning(self) -> str:
        is_project = PurePosixPath(self._file.path).name == PROJECT_FILE
        what, kind = ("a project", "Project") if is_project else ("a manifest", "ExportManifest")
        return f"{what} begins with `apiVersion: s7spec/v1` and `kind: {kind}`"

    def syntax(self, error: MarkedYAMLError) -> None:
        """Where the parser gave up. A finding on the same line has said it better already."""
        problem, context = self._point(error.problem_mark), self._point(error.context_mark)
        here = problem or context
        if here is None:
            self._append(Rule.YAML_SYNTAX, "not valid YAML", None, _CHECK)
            return
        from s7spec.load import syntax  # only here: most files are right

        said = syntax.explain(error, self._file.line(here[0] + 1) or "", here[1])
        opened = self._text_that_ends(here) if syntax.is_a_text_too_long(error) else None
        if said.begins_earlier and context is not None:
            here, context = context, None
        elif opened is not None:
            said, context, here = syntax.UNCLOSED, here, opened
        elif "mapping values" in (error.problem or "") and self._lacks_a_blank(here[0]):
            said, here = syntax.NO_BLANK, self._colon(here[0])
        if any(found.where and found.where.line == here[0] + 1 for found in self._found):
            return
        place = self._place(here, (here[0], here[1] + 1))
        related = () if "block" in (error.context or "") else self._opened(context, here)
        if opened is not None and context is not None:
            end = self._place(context, (context[0], context[1] + 1))
            related = (self._related(end, "it ends here"),)
        self._append(Rule.YAML_SYNTAX, said.summary, place, said.hint, related)

    def _text_that_ends(self, here: Point) -> Point | None:
        """Where the quoted text of several lines begins that ends right before ``here``."""
        found: Point | None = None
        events = open_events(self._file.text)
        with suppress(YAMLError):
            while type(event := events.get_event()) is not StreamEndEvent:
                if type(event) is ScalarEvent and event.style in ("'", '"'):
                    start, end = start_of(event), end_of(event)
                    is_it = start[0] < end[0] == here[0] and end[1] <= here[1]
                    found = start if is_it else None
        return found

    def _lacks_a_blank(self, row: int) -> bool:
        """Whether the line above ``row`` (from 0) is ``key:value``, which is no key to YAML."""
        from s7spec.load.syntax import WITHOUT_BLANK

        return WITHOUT_BLANK.match(self._file.line(row) or "") is not None

    def _colon(self, row: int) -> Point:
        return (row - 1, (self._file.line(row) or "").index(":"))

    def _opened(self, start: Point | None, problem: Point) -> tuple[RelatedPlace, ...]:
        if start is None or start[0] >= problem[0]:
            return ()
        where = self._place(start, (start[0], start[1] + 1))
        return (self._related(where, "it begins here"),)

    def _related(self, where: SourceRange, message: str) -> RelatedPlace:
        return RelatedPlace(where=where, message=message, snippet=self._file.snippet(where.line))

    def _point(self, mark: AnyMark | None) -> Point | None:
        """A mark past the end of the text is moved to its last line."""
        if mark is None:
            return None
        line = self._file.line(mark.line + 1)
        if line is not None:
            return (mark.line, min(mark.column, len(line)))
        last = max(self._file.line_count - 1, 0)
        return (last, len(self._file.line(last + 1) or ""))

    def _add(
        self,
        rule: Rule,
        summary: str,
        where: SourceRange,
        hint: str,
        related: tuple[RelatedPlace, ...] = (),
    ) -> None:
        if len(self._found) >= MAX_FINDINGS:
            self._append(
                Rule.YAML_REFUSED,
                f"more than {MAX_FINDINGS} findings: the rest of the file was not read",
                None,
                "correct the ones above first",
            )
            raise StopLoadingError
        self._append(rule, summary, where, hint, related)

    def _append(
        self,
        rule: Rule,
        summary: str,
        where: SourceRange | None,
        hint: str,
        related: tuple[RelatedPlace, ...] = (),
    ) -> None:
        where = where or SourceRange(path=self._file.path)
        if where.line not in self._snippets:
            self._snippets[where.line] = self._file.snippet(where.line)
        self._found.append(
            Diagnostic(
                rule=rule,
                summary=summary,
                where=where,
                hint=hint,
                snippet=self._snippets[where.line],
                related=related,
            )
        )

    def _range(self, event: Event) -> SourceRange:
        return self._place(start_of(event), end_of(event))

    def _place(self, start: Point, end: Point) -> SourceRange:
        return SourceRange(
            path=self._file.path,
            line=start[0] + 1,
            column=start[1] + 1,
            end_line=end[0] + 1,
            end_column=end[1] + 1,
        )
