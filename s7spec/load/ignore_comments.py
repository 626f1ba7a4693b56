"""Comments ``# s7spec: ignore=S7W001 reason=...`` into nouns, or what is wrong with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from s7spec.load.comments import Comment, find_comments
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.ignores import Ignore
from s7spec.model.rules import Rule, nearest_rule, rule_named
from s7spec.model.source import SourceFile, SourceRange

_FORM = "write `# s7spec: ignore=S7W001 reason=why it is right here`"
_WORD = re.compile(r"[^\s=,]+")
_IDS = re.compile(r"[ \t]*=[ \t]*(?P<ids>[^\s,]+(?:[ \t]*,[ \t]*[^\s,=]+)*[ \t]*,?)")
_REASON = re.compile(r"[ \t]*=(?P<reason>.*)")
_SHOWN = 40


def read_comments(file: SourceFile) -> tuple[tuple[Ignore, ...], tuple[Diagnostic, ...]]:
    """See ``load.ignores``."""
    ignores: list[Ignore] = []
    findings: list[Diagnostic] = []
    for comment in find_comments(file):
        reader = _Reader(file, comment)
        for result in reader.read():
            if isinstance(result, Ignore):
                ignores.append(result)
            else:
                findings.append(result)
    return tuple(ignores), tuple(findings)


class _Reader:
    """Reads one comment: ``ignore=ID,ID reason=free text to the end of the line``."""

    def __init__(self, file: SourceFile, comment: Comment) -> None:
        self._file = file
        self._comment = comment
        self._text = comment.text

    def read(self) -> Iterator[Ignore | Diagnostic]:
        word = self._word(0)
        if word is None:
            yield self._bad("the s7spec comment says nothing", _FORM, 0, len(self._text.rstrip()))
            return
        if word[0] != "ignore":
            yield self._unknown(word, "ignore")
            return
        ids = _IDS.match(self._text, word.end())
        if ids is None:
            yield self._bad("`ignore` names no rule", _FORM, word.start(), word.end())
            return
        reason = self._reason(ids)
        if isinstance(reason, Diagnostic):
            yield reason
        for each in re.finditer(r"[^\s,]+", ids["ids"]):
            start = ids.start("ids") + each.start()
            yield from self._rule(each[0], start, reason if isinstance(reason, str) else None)

    def _reason(self, ids: re.Match[str]) -> str | Diagnostic:
        word = self._word(ids.end())
        if word is None or word[0] != "reason":
            if word is not None:
                return self._unknown(word, "reason")
            return self._without_reason(ids)
        said = _REASON.match(self._text, word.end())
        reason = said["reason"].strip() if said else ""
        if len(reason) > 1 and reason[0] in "\"'" and reason[-1] == reason[0]:
            reason = reason[1:-1].strip()
        return reason if re.search(r"\w", reason) else self._without_reason(ids)

    def _without_reason(self, ids: re.Match[str]) -> Diagnostic:
        hint = "add why: the next reader must be able to tell whether it still holds (reason=...)"
        end = len(self._text.rstrip())
        return self._bad("an ignore without a reason", hint, ids.start("ids"), end)

    def _rule(self, name: str, start: int, reason: str | None) -> Iterator[Ignore | Diagnostic]:
        end = start + len(name)
        rule = rule_named(name)
        if rule is None:
            meant = nearest_rule(name)
            hint = f"did you mean {meant.id}?" if meant else "`s7spec explain` lists all rules"
            yield self._bad(f"there is no rule `{name[:_SHOWN]}`", hint, start, end)
        elif not rule.is_warning:
            summary = f"{rule.id} is an error, and errors cannot be ignored"
            yield self._bad(summary, f"`s7spec explain {rule.id}` tells how to mend it", start, end)
        elif not rule.can_be_ignored:
            hint = "remove the ignore that it is about"
            yield self._bad(f"{rule.id} cannot be ignored", hint, start, end)
        elif reason is not None:
            yield Ignore(
                rule=rule,
                reason=reason,
                where=self._place(start, end),
                first_line=self._comment.first_line,
                last_line=self._comment.last_line,
                snippet=self._file.snippet(self._comment.line),
            )

    def _word(self, start: int) -> re.Match[str] | None:
        return _WORD.search(self._text, start)

    def _unknown(self, word: re.Match[str], expected: str) -> Diagnostic:
        near = difflib.get_close_matches(word[0][:_SHOWN], [expected], n=1, cutoff=0.6)
        hint = f"did you mean `{expected}`?" if near else _FORM
        summary = f"unknown word `{word[0][:_SHOWN]}` in an s7spec comment"
        return self._bad(summary, hint, word.start(), word.end())

    def _bad(self, summary: str, hint: str, start: int, end: int) -> Diagnostic:
        return Diagnostic(
            rule=Rule.BAD_IGNORE,
            summary=summary,
            where=self._place(start, end),
            hint=hint,
            snippet=self._file.snippet(self._comment.line),
        )

    def _place(self, start: int, end: int) -> SourceRange:
        line, column = self._comment.line, self._comment.column
        return SourceRange(
            path=self._file.path,
            line=line,
            column=column + start,
            end_line=line,
            end_column=column + max(end, start),
        )
