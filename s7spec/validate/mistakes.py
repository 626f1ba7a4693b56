"""One mistake, before and after its place in the text is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from s7spec.model.diagnostics import Diagnostic, RelatedPlace, in_order
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument, SourceRange, text_in_comment

MAX_MISTAKES = 100
"""Per document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """``pointer`` leads to the value, or with ``on_key`` to the key, that is wrong.

    ``missing`` are the keys of which one is missing in the mapping at ``missing_in``;
    ``instead_of`` are keys that are not missed where this one stands: it was meant for them.
    ``see`` leads to a key that was probably meant, or to where such keys are defined: one of the
    two places is wrong, and nobody can say which.
    """

    rule: Rule
    pointer: Pointer
    summary: str
    hint: str
    on_key: bool = False
    missing: tuple[str, ...] = ()
    missing_in: Pointer = ()
    instead_of: tuple[str, ...] = ()
    see: Pointer | None = None
    related: tuple[RelatedPlace, ...] = ()


def diagnose(document: SourceDocument, mistakes: Iterable[Mistake]) -> tuple[Diagnostic, ...]:
    """Diagnostics with places and snippets, in the order of the text."""
    found = tuple(mistakes)
    diagnostics = [_diagnostic(document, mistake) for mistake in found[:MAX_MISTAKES]]
    if len(found) > MAX_MISTAKES:
        rest = len(found) - MAX_MISTAKES
        last = diagnostics[-1]
        hint = f"{last.hint} ({rest} more findings in this document are not shown)"
        diagnostics[-1] = _with_hint(last, hint)
    return in_order(diagnostics)


def _diagnostic(document: SourceDocument, mistake: Mistake) -> Diagnostic:
    where = _place(document, mistake)
    hint = mistake.hint
    if mistake.rule is Rule.WRONG_TYPE and value_at(document.value, mistake.pointer) is None:
        hint = _comment_hint(document.file.line(where.line) or "") or hint
    return Diagnostic(
        rule=mistake.rule,
        summary=mistake.summary,
        where=where,
        hint=hint,
        snippet=document.file.snippet(where.line),
        related=(*mistake.related, *_see(document, mistake)),
    )


def _comment_hint(line: str) -> str | None:
    """For a null that somebody wrote as ``bgc: #fff``."""
    text = text_in_comment(line)
    if text is None:
        return None
    return f'a # after a blank begins a comment: put quotes around it: "{text}"'


def _see(document: SourceDocument, mistake: Mistake) -> Iterator[RelatedPlace]:
    if mistake.see is not None and value_at(document.value, mistake.see) is not None:
        where = document.locate(mistake.see, key=True)
        yield RelatedPlace(
            where=where,
            message=f"`{spoken(mistake.see)}` is defined here",
            snippet=document.file.snippet(where.line),
        )


def _with_hint(finding: Diagnostic, hint: str) -> Diagnostic:
    return Diagnostic(
        rule=finding.rule,
        summary=finding.summary,
        where=finding.where,
        hint=hint,
        snippet=finding.snippet,
        related=finding.related,
    )


def _place(document: SourceDocument, mistake: Mistake) -> SourceRange:
    pointer = mistake.pointer
    value = value_at(document.value, pointer)
    if mistake.on_key:
        return document.locate(pointer, key=True)
    is_long = isinstance(value, dict | list) or value is None
    if is_long and pointer and isinstance(pointer[-1], str):
        return document.locate(pointer, key=True)
    if isinstance(value, dict) and value:
        # A whole mapping is no place to point at: its first key is where people look.
        return document.locate((*pointer, next(iter(value))), key=True)
    return document.locate(pointer)


def value_at(value: object, pointer: Pointer) -> object:
    """The value at ``pointer``, or None where there is none."""
    for step in pointer:
        is_member = isinstance(value, dict) and step in value
        is_item = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not (is_member or is_item):
            return None
        value = value[step]  # type: ignore[index]
    return value


def spoken(pointer: Pointer) -> str:
    """``exports[0].is_modifier.wid``: how people write a pointer."""
    text = ""
    for step in pointer:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
