"""Whatever stands in a modifier, it is read, printed and looked at without an exception.

S7SPEC_FUZZ says how many mutants are tried; each batch of them is the same in every run.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.model.rules import Rule
from s7spec.modifiers import Span, normalise_modifier, parse_modifier, print_modifier
from s7spec.modifiers.effective import Source
from s7spec.modifiers.lint import ModifierFinding, lint_modifier, unsafe_names
from tests.modifiers.lint.test_adobe_examples import EXAMPLES

MUTANTS = int(os.environ.get("S7SPEC_FUZZ", "3000"))
BATCHES = 40

# What the documentation's examples have none of.
BESIDE = (
    "src=is{Acme/a?mask=(b?wid=%20)&$view$}&.c&qlt=90,1&bgc=255,255,255",
    "$v=is{Acme/a?src=is(b?src={https://other.example/x.png?y=1&z=2})}&src=$v$&wid=$v$",
    "layer=1&src=ir{Acme/room?obj=wall&color=1,2,3}&pos=0,10&$!_s7product$&layer=comp&wid=8",
    "hei=8&wid=8&bgColor=FFFFFF&fmt=jpeg,cmyk&icc=USWebCoatedSWOP&iccEmbed=1&op_noise=1",
    "wid=8&fmt=png&icc=USWebCoatedSWOP&jpegSize=9&bgc=0,0,0&xmpEmbed=1",
    "$w=8&wid=$w$&hei=$W$&icc=Acme%20Print&crop=1,1,8,8&cropN=0,0,.5,.5&fmt=tif,cmyk,zip",
)
SEEDS = (*EXAMPLES, *BESIDE)
SIGNS = (
    *"&=,.$%{}()?+-019aZ \x00\x7f\xa0é猫\ud800",
    *("%2C", "%24", "%zz", "%", "&&", "is{", "src=", "$a$", "$view$", "$loop$", "=is(", "http://"),
    *("1e999", "-1", "99999999999999999999", "nan", "inf", "٣", "²", "0x", "&layer=1", "&fmt=swf,"),
)

_VIEW = "wid=300&fmt=png&op_sharpen=1&qlt=5"
PRESETS = {
    "view": parse_modifier(_VIEW).modifier,
    "loop": parse_modifier("$loop$&$view$&$a=5").modifier,
    "test": parse_modifier("scl=1&src=is{a?wid=$b$}").modifier,
}
POST = parse_modifier("op_usm=1,1,5&wid=5&layer=1&hei=6").modifier
KNOWLEDGE = ("nothing", "presets", "everything")


def mutant(chance: random.Random) -> str:
    """Examples joined, then cut, repeated and strewn with signs."""
    text = "&".join(chance.choice(SEEDS) for _ in range(chance.randint(1, 4)))
    for _ in range(chance.randint(1, 5)):
        start = chance.randint(0, len(text))
        stop = min(len(text), start + chance.randint(0, 6))
        match chance.randrange(4):
            case 0:
                text = text[:start] + text[stop:]
            case 1:
                text = text[:stop] + text[start:]
            case 2:
                text = text[:start] + chance.choice(SIGNS) + text[start:]
            case _:
                text = text[:start] + chance.choice(SIGNS) + text[stop:]
    return text


def look_at(text: str) -> set[Rule]:
    """Reads, prints and lints ``text``, holds what is promised of each, and returns the rules."""
    result = parse_modifier(text)
    for problem in result.problems:
        assert 0 <= problem.start < problem.end <= len(text)
        assert problem.summary
        assert problem.hint
    _hold_spans(result.spans, 0, len(text))
    printed = print_modifier(result.modifier)
    if not result.problems:
        again = parse_modifier(printed)
        assert again.problems == ()
        assert again.modifier == result.modifier
        assert print_modifier(again.modifier) == printed
    rules: set[Rule] = set()
    for knowledge in KNOWLEDGE:
        found = _linted(text, knowledge)
        _hold_findings(found, text, is_broken=bool(result.problems))
        rules |= {each.rule for each in found}
        if result.modifier.pieces and not result.problems:
            respelt = _linted(printed, knowledge)
            assert _counted(respelt) == _counted(found)
    if not result.problems:
        # A preset that uses what a variable says may need leave as well.
        all_names = (*unsafe_names(text), *unsafe_names(text, PRESETS))
        names = [name.partition(" in $")[0] for name in all_names]
        assert names or Rule.UNSAFE_MODIFIER not in rules
        allowed = lint_modifier(text, allowed=names)
        assert Rule.UNSAFE_MODIFIER not in {each.rule for each in allowed}
    return rules


def _linted(text: str, knowledge: str) -> tuple[ModifierFinding, ...]:
    if knowledge == "nothing":
        return lint_modifier(text)
    if knowledge == "presets":
        return lint_modifier(text, presets=PRESETS, allowed=("src", "REQ", "a"))
    return lint_modifier(text, "$View$", presets=PRESETS, asset_post_modifier=POST)


def _hold_spans(spans: Iterable[Span], start: int, end: int) -> None:
    for span in spans:
        assert start <= span.start < span.end <= end
        _hold_spans(span.inside, span.start, span.end)
        start = span.end


def _hold_findings(found: Iterable[ModifierFinding], text: str, *, is_broken: bool) -> None:
    for each in found:
        assert each.rule.id[:4] in ("S7E1", "S7W1")
        assert (each.rule is Rule.MODIFIER_SYNTAX) == is_broken
        source = text if each.spot.source is Source.MODIFIER else "$View$"
        assert 0 <= each.spot.start <= each.spot.end <= len(source)
        assert each.spot.start < each.spot.end or not text
        assert not each.summary.endswith(".")
        assert each.hint


def _counted(found: Iterable[ModifierFinding]) -> list[str]:
    return sorted(each.rule.id for each in found)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_mutants_of_the_documentation_never_raise(batch: int) -> None:
    chance = random.Random(batch)  # noqa: S311
    tried = MUTANTS // BATCHES
    found = [look_at(mutant(chance)) for _ in range(tried)]
    refused = sum(Rule.MODIFIER_SYNTAX in rules for rules in found)
    # Enough of them is readable that the lints are tried as well.
    assert tried / 10 < refused < tried * 9 / 10
    assert len(set().union(*found)) >= 15


_PIECES = st.sampled_from(SEEDS) | st.lists(
    st.sampled_from(SIGNS) | st.text(max_size=3), max_size=6
).map("".join)


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=5).map("&".join))
def test_any_text_is_looked_at(text: str) -> None:
    look_at(text)


@given(st.text(max_size=40) | st.lists(_PIECES, max_size=3).map("&".join))
def test_what_is_normalised_is_read_as_the_same(text: str) -> None:
    """The text that goes out and the one that is looked at say the same."""
    try:
        normal = normalise_modifier(text)
    except ValueError:
        return
    if not parse_modifier(text).problems:
        assert parse_modifier(normal).modifier == parse_modifier(text).modifier
