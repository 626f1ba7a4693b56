"""The rules for people: the page of one, or the list of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.rules import Rule
from s7spec.report.rule_pages import Example, Found, RulePage
from s7spec.report.terminal import EMPTY, Line, Tone, labelled, line, paint
from s7spec.report.view import View

_FOUND = {
    Found.OFFLINE: "by `s7spec validate`, offline",
    Found.IPS: "by `s7spec plan` and `apply`: only IPS can tell",
    Found.RUN: "by the command that meets it",
}
_LEFT_OUT = {
    Example.MANIFEST: "apiVersion, kind and metadata are left out",
    Example.PROJECT: "apiVersion and kind are left out",
}


def rule_text(page: RulePage, view: View) -> str:
    """One page, ending with the command that lists the others."""
    return paint(_page(page), view)


def rules_text(rules: Iterable[Rule], view: View) -> str:
    """One line for each rule: ID and title."""
    return paint(_list(rules), view)


def _list(rules: Iterable[Rule]) -> Iterator[Line]:
    for rule in rules:
        yield Line(((f"{rule.id}  ", _tone(rule)),), ((rule.title, Tone.PLAIN),))
    yield EMPTY
    yield line("s7spec explain S7E012 shows the page of a rule", Tone.QUIET)


def _page(page: RulePage) -> Iterator[Line]:
    rule = page.rule
    severity = "warning" if rule.is_warning else "error"
    yield Line(((f"{severity}[{rule.id}]: ", _tone(rule)),), ((rule.title, Tone.STRONG),))
    yield EMPTY
    yield line(page.meaning)
    yield EMPTY
    yield labelled("why", (page.why, Tone.PLAIN), room=8)
    yield labelled("found", (_FOUND[page.found], Tone.PLAIN), room=8)
    yield labelled("ignore", (_ignoring(rule), Tone.PLAIN), room=8)
    for title, text, tone in (("bad", page.bad, Tone.BAD), ("good", page.good, Tone.GOOD)):
        yield EMPTY
        yield Line(((title, tone), (_note(page, text), Tone.QUIET)))
        yield from (line(row, indent=4, whole=True) for row in text.splitlines())
    yield EMPTY
    yield labelled("to do", (page.remedy, Tone.PLAIN), room=8)


def _note(page: RulePage, text: str) -> str:
    left_out = _LEFT_OUT.get(page.example)
    return "" if left_out is None or text.startswith("apiVersion") else f"  ({left_out})"


def _ignoring(rule: Rule) -> str:
    if rule.can_be_ignored:
        return f"# s7spec: ignore={rule.id} reason=... on the line or directly above it"
    return "not possible" if rule.is_warning else "not possible: it is an error"


def _tone(rule: Rule) -> Tone:
    return Tone.CAUTION if rule.is_warning else Tone.BAD
