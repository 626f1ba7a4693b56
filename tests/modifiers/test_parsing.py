"""Reading modifiers and writing them in canonical spelling (facts: Image Serving section 2)."""

from __future__ import annotations

import random
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s7spec.modifiers import parse_modifier, percent_encoded, print_modifier
from s7spec.modifiers.spelling import spelt
from s7spec.modifiers.syntax import (
    Command,
    Comment,
    Macro,
    Modifier,
    Piece,
    Request,
    Span,
    Variable,
)


def parsed(text: str) -> Modifier:
    result = parse_modifier(text)
    assert not result.problems, result.problems
    return result.modifier


def test_pieces_of_every_kind() -> None:
    assert parsed("&wid=800&$view$&$n=5&.made by us&iccEmbed".replace(" ", "%20")).pieces == (
        Command("wid", "800"),
        Macro("view"),
        Variable("n", "5"),
        Comment("made%20by%20us"),
        Command("iccEmbed", None),
    )


def test_places_count_from_the_start_of_the_text() -> None:
    assert parse_modifier("&$view$&wid=80").spans == (Span(1, 7), Span(8, 14))


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("fmt=tif,,jpeg", ("tif", "", "jpeg")),
        ("fmt=tif%2C%2cjpeg", ("tif", "", "jpeg")),
        ("text=50%25%3D%26", ("50%=&",)),
        ("wid=", ("",)),
        ("wid", ()),
        ("src=is{Acme/shoe?wid=3}", ()),
        ("text=a=b=c", ("a=b=c",)),
        ("text=sm%C3%B8r", ("smør",)),
        ("text=smør", ("smør",)),
    ],
)
def test_values_are_split_and_decoded(text: str, fields: tuple[str, ...]) -> None:
    [command] = parsed(text).pieces
    assert isinstance(command, Command)
    assert command.fields == fields


def test_a_nested_request_keeps_its_own_commands() -> None:
    inner = Modifier((Command("wid", "300"), Macro("view")))
    assert parsed("src=is{Acme/shoe?wid=300&$view$}&fmt=png").pieces == (
        Command("src", Request("is", "{", "Acme/shoe", inner)),
        Command("fmt", "png"),
    )


def test_requests_nest_in_both_kinds_of_brackets() -> None:
    text = "src=is(Acme/a?mask=is{Acme/b?src=(Acme/c?wid=3)&hei=4}&fit=crop)&wid=9"
    assert print_modifier(parsed(text)) == text
    assert len(parsed(text).pieces) == 2


@pytest.mark.parametrize("server", ["ir", "fxg"])
def test_requests_to_other_servers_are_kept_as_they_are(server: str) -> None:
    text = f"src={server}{{Acme/room?obj=wall&color=1,2,3}}&wid=3"
    [src, _] = parsed(text).pieces
    assert src == Command("src", Request(server, "{", "Acme/room?obj=wall&color=1,2,3", None))


def test_a_url_is_foreign() -> None:
    [src] = parsed("src={HTTP://other.example/a.png?x=1&y=%c3%a9}").pieces
    assert isinstance(src, Command)
    assert isinstance(src.value, Request)
    assert src.value.is_foreign
    assert src.value.target == "HTTP://other.example/a.png?x=1&y=%C3%A9"


def test_places_inside_nested_requests_count_from_the_start_too() -> None:
    text = "src=is{Acme/shoe?wid=300&hei=5}"
    [src] = parse_modifier(text).spans
    assert [text[each.start : each.end] for each in src.inside] == ["wid=300", "hei=5"]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("&wid=800&&fmt=png&", "wid=800&fmt=png"),
        ("text=%41%2d%5f%2E", "text=A-_."),
        ("text=a/b:c;d?e@f", "text=a%2Fb%3Ac%3Bd%3Fe%40f"),
        ("text=<b>|~`^[]#\\", "text=%3Cb%3E%7C%7E%60%5E%5B%5D%23%5C"),
        ("text=a+b%2bc", "text=a+b%2Bc"),
        ("text=$x$%24x%24", "text=$x$%24x%24"),
        ("text={a}", "text=%7Ba%7D"),
        ("text=(a)", "text=%28a%29"),
        ("src=Acme/shoe", "src=Acme%2Fshoe"),
        ("SRC=IS{Acme/shoe}", "SRC=is{Acme/shoe}"),
        ("$v=(a)b", "$v=%28a%29b"),
        ("text=%c3%b8", "text=%C3%B8"),
        ("text=%00", "text=%00"),
    ],
)
def test_canonical_spelling(written: str, canonical: str) -> None:
    assert print_modifier(parsed(written)) == canonical
    assert parsed(canonical) == parsed(written)


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("wid=8 0", "5:6", "a blank"),
        ("wid=8\n", "5:6", "a line break"),
        ("text=\x07", "5:6", "U+0007"),
        ("text=5%", "6:7", "`%` is not a percent escape"),
        ("text=%zz&wid=1", "5:8", "`%zz` is not"),
        ("?wid=1", "0:1", "not with `?`"),
        ("=5", "0:1", "a name is missing"),
        ("größe=5", "0:5", "`größe` is not the name of a command"),
        ("wid=1&$view", "6:11", "neither a preset nor a variable"),
        ("$$", "0:2", "neither a preset"),
        ("$a!=5", "0:3", "`$a!` is not the name of a variable"),
        ("text={a&wid=1", "5:6", "braces are not balanced"),
        ("text=a}&wid=1", "6:7", "braces are not balanced"),
        ("src=is{a?wid=1&hei=2", "6:7", "braces are not balanced"),
        ("src=is{a}b", "9:10", "text follows the `}`"),
        ("src=is{a?wid=%q}", "13:16", "`%q}` is not a percent escape"),
        ("text=\ud800", "5:6", "U+D800"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, at: str, said: str) -> None:
    problem = parse_modifier(text).problems[0]
    assert f"{problem.start}:{problem.end}" == at
    assert said in problem.summary
    assert problem.hint


def test_all_problems_are_told_in_order() -> None:
    problems = parse_modifier("wid=%q&a b=1&text={").problems
    assert [problem.start for problem in problems] == [4, 7, 8, 18]


def test_nesting_is_bounded() -> None:
    deep = "src=is{a?" * 5_000 + "wid=1" + "}" * 5_000
    assert "nested more than" in parse_modifier(deep).problems[0].summary


_TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("=&%{}()$,+?."),
    max_size=12,
)
_NAMES = st.text("abcXYZ019-_", min_size=1, max_size=6)


def _commands(inner: st.SearchStrategy[Modifier]) -> st.SearchStrategy[Modifier]:
    requests = st.builds(
        Request,
        st.sampled_from(["is", ""]),
        st.sampled_from("{("),
        _NAMES.map("Acme/{}".format),
        st.none() | inner,
    )
    pieces: st.SearchStrategy[Piece] = st.one_of(
        st.builds(Command, _NAMES, st.none() | _TEXTS.map(_canonical)),
        st.builds(Command, st.sampled_from(["src", "mask"]), requests),
        st.builds(Variable, _NAMES, _TEXTS.map(_canonical)),
        st.builds(Macro, _NAMES),
        st.builds(Comment, _TEXTS.map(_canonical)),
    )
    return st.lists(pieces, max_size=4).map(lambda each: Modifier(tuple(each)))


def _canonical(text: str) -> str:
    return spelt(percent_encoded(text))


_MODIFIERS = st.recursive(_commands(st.just(Modifier(()))), _commands, max_leaves=6)


@given(_MODIFIERS)
def test_what_is_printed_is_read_as_the_same(modifier: Modifier) -> None:
    text = print_modifier(modifier)
    assert parsed(text) == modifier
    assert print_modifier(parsed(text)) == text


_SIGNS = [*"aw0,=&%{}()$.+?2Cé ", "is{", "src=", "%2C", "&$", "$&"]
_FULL_OF_MEANING = st.lists(st.sampled_from(_SIGNS)).map("".join)


@given(_FULL_OF_MEANING | st.text())
@example("src=is{a}b&c}")
@example("$v=(&)&a")
@example("mask=({)}")
def test_any_text_is_read_or_refused_and_stays_the_same(text: str) -> None:
    result = parse_modifier(text)
    for problem in result.problems:
        assert 0 <= problem.start < problem.end <= len(text)
    printed = print_modifier(result.modifier)
    if not result.problems:
        assert parsed(printed) == result.modifier
        assert print_modifier(parsed(printed)) == printed


SAMPLES = (
    "wid=800&hei=800&fit=constrain,1&fmt=png-alpha&$v=is{a?b=1}",
    "src=is{Acme/a?mask=(b?wid=%20)&$p$}&.c&qlt=90,1&bgc=255,255,255",
    "layer=1&text=sm%C3%B8r+%2B&pos=0,10&$!_s7product$",
)


def test_a_hundred_thousand_mutants_are_read_or_refused() -> None:
    chance = random.Random(7)  # noqa: S311
    refused = 0
    for _ in range(100_000):
        text = list(chance.choice(SAMPLES))
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(text))
            text[place : place + chance.randint(0, 2)] = chance.choice("{}()&=$%,?. é\n5a")
        result = parse_modifier("".join(text))
        refused += bool(result.problems)
        print_modifier(result.modifier)
    assert 20_000 < refused < 90_000


@pytest.mark.parametrize(
    "unit",
    [
        "src=is{a?",
        "{",
        "}",
        "&",
        "$",
        "%",
        "src=(",
        "$v=is{a}b&",
        "=",
        "a=1&",
        "%2",
        "src=is{a?b=c}",
    ],
)
def test_time_grows_with_the_length_not_with_its_square(unit: str) -> None:
    """Work is counted, not timed: lines of ours that run for each sign of the text."""
    short, long = _lines_run(unit * 500), _lines_run(unit * 2_000)
    assert long < short * 5 + 500


def _lines_run(text: str) -> int:
    lines = 0

    def count(*_: object) -> object:
        nonlocal lines
        lines += 1
        return count

    sys.settrace(count)  # type: ignore[arg-type]
    try:
        parse_modifier(text)
    finally:
        sys.settrace(None)
    return lines
