"""Terms that tell the same of a job in each plan: names, labels, paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.pipeline.selecting.parsing import SelectError, parse
from s7spec.pipeline.selecting.terms import OPTION, Condition, StateTerm
from s7spec.validate.words import shown


def unfit_terms(terms: Iterable[object]) -> Iterator[tuple[int, str, str]]:
    """Index, summary and hint of what stands in ``protected`` and protects nothing: what cannot be
    read, and what changes from plan to plan. What is no text is passed over."""
    for index, text in enumerate(terms):
        if not isinstance(text, str):
            continue
        try:
            narrowing = parse([text])
        except SelectError as error:
            for finding in error.findings:
                summary = finding.summary.removeprefix(f"{OPTION}: ")
                yield index, f"`{shown(text)}` cannot be read: {summary}", finding.hint or ""
            continue
        for condition in narrowing.conditions:
            if not condition.is_offline:
                summary = f"`{condition.term}` does not tell which jobs are protected: it changes"
                yield index, f"{summary} from plan to plan", _instead_of(condition)


def _instead_of(condition: Condition) -> str:
    hint = "give names, label:team=shoes, path:eu/*.yaml"
    if isinstance(condition.term, StateTerm) and "state:" not in str(condition.written):
        return f"{hint}; the manifest of that name is name:{condition.term}"
    return f"{hint}; policies can ask about actions and reasons"
