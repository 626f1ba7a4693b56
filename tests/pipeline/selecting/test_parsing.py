"""``--select`` as it is read: every term, every way to write it wrongly."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.plan import Action, ReasonCode
from s7spec.pipeline.selecting import SelectError, parse
from s7spec.pipeline.selecting.terms import (
    FAMILIES,
    REASON_WORDS,
    ActionTerm,
    Clause,
    Condition,
    LabelTerm,
    NameTerm,
    Narrowing,
    PathTerm,
    ReasonTerm,
    State,
    StateTerm,
    Term,
    reason_codes,
)

DOCS = Path(__file__).resolve().parents[3] / "docs" / "selecting.md"


def only_term(text: str) -> Term:
    ((condition,),) = (clause.conditions for clause in parse([text]).clauses)
    assert not condition.is_negated
    return condition.term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("zalando", NameTerm(pattern="zalando")),
        ("zalando/*", NameTerm(pattern="zalando/*")),
        ("[!a-z]*/x?", NameTerm(pattern="[!a-z]*/x?")),
        ('"zalando/main"', NameTerm(pattern="zalando/main")),
        ("name:changed", NameTerm(pattern="changed")),
        ('"changed"', NameTerm(pattern="changed")),
        ("Changed", NameTerm(pattern="Changed")),
        ("name:not", NameTerm(pattern="not")),
        ("label:team", LabelTerm(name="team")),
        ("label:team=shoes", LabelTerm(name="team", value="shoes")),
        ("label:example.com/team=*", LabelTerm(name="example.com/team", value="*")),
        ('label:note="a, \\"b\\""', LabelTerm(name="note", value='a, "b"')),
        ('label:note=""', LabelTerm(name="note", value="")),
        ("label:a=b=c", LabelTerm(name="a", value="b=c")),
        ("path:eu/**/*.yaml", PathTerm(pattern="eu/**/*.yaml")),
        ('path:"my files"', PathTerm(pattern="my files")),
        ("changed", StateTerm(state=State.CHANGED)),
        ("state:failed", StateTerm(state=State.FAILED)),
        ("action:update-meta", ActionTerm(action=Action.UPDATE_META)),
        ("reason:assets", ReasonTerm(word="assets")),
        ("reason:assets-touched", ReasonTerm(word="assets-touched")),
    ],
)
def test_terms(text: str, term: Term) -> None:
    assert only_term(text) == term


def test_a_comma_is_both_a_blank_is_any() -> None:
    narrowing = parse(["a,not:b  c\n", "not:d,not:e"])
    assert [str(clause) for clause in narrowing.clauses] == ["a,not:b", "c", "not:d,not:e"]
    assert [clause.takes_away for clause in narrowing.clauses] == [False, False, True]
    assert parse(["a", "a", "a,a"]).clauses == parse(["a"]).clauses


# Below each option the place of the mistake.
REFUSED = r"""
!zalando
^               `!` does not stand before a term: write not:zalando: shells have meanings
-zalando
^               `-` does not stand before a term: write not:zalando
^zalando
^               `^` does not stand before a term: write not:zalando
a,~b
  ^             `~` does not stand before a term: write not:b
not zalando
^^^             `not` is no term: write not:zalando/*
a and b
  ^^^           `and` is no term: write not:zalando/*, a,b for both, `a b` for any
not:not:a
^^^^^^^^        a contrary of a contrary: leave both
not: a
    ^           a term is missing here: write not:a, without a blank
a, b
  ^             a term is missing here: a comma joins two terms that must both hold, without blanks
,a
^               a term is missing here
a&b
 ^              `&` stands in no name: a comma joins terms that must all hold
a|b
 ^              `|` stands in no name: a blank, or another --select
(a
^               `(` stands in no name: there are no parentheses
a=b
 ^              `=` stands in no name: names have letters
lable:team
^^^^^^          there are no terms of the kind `lable`: did you mean `label:`?
tag:team
^^^^            there are no terms of the kind `tag`: did you mean `label:`?
NOT:a
^^^^            there are no terms of the kind `NOT`: did you mean `not:`?
xyz:a
^^^^            there are no terms of the kind `xyz`: there are name:, label:, path:
label:=shoes
      ^^^^^^    a label has a name: write label:team=shoes
label:team:x
          ^     `:` stands in no label's name
label:team=
           ^    a value is missing here
path:/etc
     ^^^^       `/etc` leaves the project: paths are relative to the folder of s7spec.yaml
path:../x
     ^^^^       `../x` leaves the project
path:.
     ^          `.` is no path: write path:eu
state:chnged
      ^^^^^^    there is no state `chnged`: did you mean `changed`?
action:sumbit
       ^^^^^^   there is no action `sumbit`: did you mean `submit`?
reason:asset
       ^^^^^    there is no reason `asset`: did you mean `assets`?
path:"a
     ^^         the quotes are not closed: quotes go around a whole value
path:"a"b
        ^       `b` right after the quotes
path:a"b"
      ^         `"` in the middle of a value
"a b"
^^^^^           ` ` stands in no name
"""
_LINES = REFUSED.strip("\n").split("\n")


@pytest.mark.parametrize(
    ("text", "told"), [*zip(_LINES[::2], _LINES[1::2], strict=True)], ids=_LINES[::2]
)
def test_refused(text: str, told: str) -> None:
    # As a second option: the number of the option stands where a file has its lines.
    with pytest.raises(SelectError) as raised:
        parse(["fine", text])
    (finding,) = raised.value.findings
    where = finding.where
    assert where is not None
    assert (where.path, where.line, finding.snippet) == ("--select", 2, text)
    carets = " " * (where.column - 1) + "^" * (where.end_column - where.column)
    marked = re.match(r" *\^+", told)
    assert marked is not None
    assert carets == marked[0]
    assert told[marked.end() :].strip() in f"{finding.summary}: {finding.hint}"


def test_all_that_is_wrong_at_once() -> None:
    with pytest.raises(SelectError) as raised:
        parse(["", "a", "reason:x", "  "])
    places = [finding.where.line for finding in raised.value.findings if finding.where is not None]
    assert places == [1, 3, 4]


def test_one_that_nobody_means() -> None:
    with pytest.raises(SelectError):
        parse(["a " * 6_000])


def test_every_reason_has_a_word() -> None:
    assert {code.value for code in ReasonCode} <= set(REASON_WORDS)
    for word, codes in FAMILIES.items():
        assert codes
        # A word that is a code as well never means less than the code.
        assert word not in set(ReasonCode) or ReasonCode(word) in codes
    assert reason_codes("moved") == {ReasonCode.MOVED}


NAMES = st.tuples(st.sampled_from("aZ0._*?["), st.text("aZ0._*?[]!/-", max_size=6)).map("".join)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PATHS = VALUES.filter(
    lambda path: not path.startswith("/") and ".." not in path.split("/") and bool(path.strip("./"))
)
TERMS: st.SearchStrategy[Term] = st.one_of(
    NAMES.map(lambda pattern: NameTerm(pattern=pattern)),
    st.sampled_from(["changed", "new", "not", "and"]).map(lambda word: NameTerm(pattern=word)),
    st.builds(
        LabelTerm,
        name=st.text("aZ0._/*?-", min_size=1, max_size=6),
        value=st.none() | VALUES,
    ),
    PATHS.map(lambda pattern: PathTerm(pattern=pattern)),
    st.sampled_from(State).map(lambda state: StateTerm(state=state)),
    st.sampled_from(Action).map(lambda action: ActionTerm(action=action)),
    st.sampled_from(REASON_WORDS).map(lambda word: ReasonTerm(word=word)),
)
CONDITIONS = st.builds(Condition, term=TERMS, is_negated=st.booleans())
CLAUSES = st.builds(
    Clause, conditions=st.lists(CONDITIONS, min_size=1, max_size=4, unique=True).map(tuple)
)
NARROWINGS = st.builds(
    Narrowing, clauses=st.lists(CLAUSES, min_size=1, max_size=4, unique=True).map(tuple)
)


@given(NARROWINGS)
def test_what_is_printed_is_read_as_the_same(narrowing: Narrowing) -> None:
    assert parse([str(narrowing)]) == narrowing
    assert parse([str(clause) for clause in narrowing.clauses]) == narrowing


@given(st.lists(st.text() | st.text('abn:ot,!^"\\ =/*labelpthsrc'), max_size=3))
def test_anything_is_read_or_refused(options: list[str]) -> None:
    try:
        narrowing = parse(options)
    except SelectError as error:
        for finding in error.findings:
            where = finding.where
            assert where is not None
            text = options[where.line - 1]
            assert 1 <= where.column <= len(text) + 1
            assert where.column <= where.end_column <= len(text) + 2
            assert finding.hint
    else:
        assert parse([str(narrowing)] if narrowing.clauses else []) == narrowing


def test_the_manual_has_every_word() -> None:
    manual = DOCS.read_text()
    words = [
        *(f"`{state}`" for state in State),
        *(f"`action:{action}`" for action in Action),
        *(f"`reason:{word}`" for word in FAMILIES),
        *(f"`{code}`" for code in ReasonCode),
    ]
    assert [word for word in words if word not in manual] == []


def test_what_the_manual_shows_can_be_read() -> None:
    manual = DOCS.read_text()
    block = re.search(r"```console\n(.*?)```", manual, re.DOTALL)
    assert block is not None
    shown = [*block[1].splitlines(), *re.findall(r"`((?:s7spec )?.{0,9}--select [^`]+)`", manual)]
    options = [
        words[at + 1]
        for words in (shlex.split(line, comments=True) for line in shown)
        for at, word in enumerate(words)
        if word == "--select"
    ]
    assert len(options) > 12
    for option in options:
        parse([option])
