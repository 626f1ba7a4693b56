"""Modifiers and macros as Image Serving reads them (facts: Image Serving section 2)."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.modifiers import compose_modifier, macros_in, normalise_macro, normalise_modifier

COMMANDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,10}", fullmatch=True)
VALUES = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="$"), min_size=1
).filter(lambda text: text == text.strip())


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (800, "x=800"),
        (-10, "x=-10"),
        (0.5, "x=0.5"),
        (92.0, "x=92"),
        (100.0, "x=100"),
        (1e-7, "x=0.0000001"),
        (1e21, "x=1000000000000000000000"),
        (True, "x=1"),
        (False, "x=0"),
        ("fit,0", "x=fit,0"),
        ("255,255,255", "x=255,255,255"),
        ("tif,,jpeg", "x=tif,,jpeg"),
        ("a&b=c", "x=a%26b%3Dc"),
        ("50%", "x=50%25"),
        ("%2C", "x=%252C"),
        ("a b", "x=a%20b"),
        ("a+b", "x=a%2Bb"),
        ('<>"#{}|\\^~[]`', "x=%3C%3E%22%23%7B%7D%7C%5C%5E%7E%5B%5D%60"),
        ("/:;?@", "x=%2F%3A%3B%3F%40"),
        ("is(a)", "x=is%28a%29"),
        ("ü€😀", "x=%C3%BC%E2%82%AC%F0%9F%98%80"),
        ("$wid$", "x=$wid$"),
        ("a$wid$b$c", "x=a$wid$b%24c"),
        ("$a b$", "x=%24a%20b%24"),
    ],
)
def test_values_are_literal_text(value: str | float, written: str) -> None:
    assert compose_modifier([("x", value)]) == written


def test_order_is_kept_and_variables_can_be_defined() -> None:
    fields: list[tuple[str, str | int]] = [("wid", 2), ("$title", "a"), ("hei", 1), ("fmt", "png")]
    assert compose_modifier(fields) == "wid=2&$title=a&hei=1&fmt=png"
    assert compose_modifier([]) == ""


@pytest.mark.parametrize("name", ["", ".comment", "a b", "a=b", "a&b", "$a$", "ä", "wid\n", "$"])
def test_what_is_no_command_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of an Image Serving command"):
        compose_modifier([(name, 1)])


@pytest.mark.parametrize("value", ["", " ", " a", "a\n", "a\x00b", "a\tb", "a\nb"])
def test_values_that_cannot_be_said_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="`wid`"):
        compose_modifier([("wid", value)])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_without_digits_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="number"):
        compose_modifier([("wid", value)])


@given(st.lists(st.tuples(COMMANDS, VALUES), min_size=1, max_size=5))
def test_a_server_reads_the_values_back(fields: list[tuple[str, str]]) -> None:
    """Split on &, then at the first =, then decode: the order the facts give."""
    written = compose_modifier(fields)
    assert written.isascii()
    read = [part.partition("=") for part in written.split("&")]
    assert [(name, unquote(value)) for name, _, value in read] == fields


@given(st.lists(st.tuples(COMMANDS, VALUES), min_size=1, max_size=5))
def test_what_is_composed_is_normal(fields: list[tuple[str, str]]) -> None:
    written = compose_modifier(fields)
    assert normalise_modifier(written) == written


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("&fmt=png", "fmt=png"),
        ("&&wid=1&&hei=2&", "wid=1&&hei=2&"),
        ("text=%e4%bD", "text=%E4%BD"),
        ("wid=1&WID=2&wid=1", "wid=1&WID=2&wid=1"),
        ("$preset$&wid=480", "$preset$&wid=480"),
        ("src=is{Acme/a?wid=1&hei=2}&fmt=png", "src=is{Acme/a?wid=1&hei=2}&fmt=png"),
        ("text=ä", "text=%C3%A4"),
        ("bgc=255,255,255", "bgc=255,255,255"),
        ("text=~a", "text=~a"),
    ],
)
def test_normalising_changes_the_spelling_only(text: str, normal: str) -> None:
    assert normalise_modifier(text) == normal
    assert normalise_modifier(normal) == normal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" wid=1", "a blank"),
        ("wid=1\n", "a line break"),
        ("wid=1 &hei=2", "a blank"),
        ("wid=1\u00a0", "U\\+00A0"),
        ("a=\u00a0b", "U\\+00A0"),
        ("a=\x07b", "U\\+0007"),
        ("a=%zz", "percent"),
        ("a=%", "percent"),
        ("a=%4", "percent"),
        ("", "empty"),
        ("&&", "empty"),
        ("?wid=1", "not with `\\?`"),
    ],
)
def test_what_cannot_be_normalised_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        normalise_modifier(text)


@pytest.mark.parametrize("text", ["Thumbnail", "$Thumbnail$"])
def test_macros_get_their_signs(text: str) -> None:
    assert normalise_macro(text) == "$Thumbnail$"


def test_stock_presets_are_macros() -> None:
    assert normalise_macro("$!_s7product$") == "$!_s7product$"


@pytest.mark.parametrize(
    "text", ["", "$", "$$", "$a", "a$", "$a$$b$", "a b", "$a$&wid=1", " $a$", "$a$\n", "ä"]
)
def test_what_is_no_macro_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the name of an image preset"):
        normalise_macro(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("wid=1&$x=2&text=$x$", []),
        ("$view$&wid=480&$!_s7product$", ["0:6 view", "15:28 !_s7product"]),
        ("src=is{Acme/a?$in$&wid=1}&$Out$", ["14:18 in", "26:31 Out"]),
        ("$v=is{a?src=is{b?$deep$}}", ["17:23 deep"]),
        ("src=is{/Other/a?$theirs$}&src=ir{x?$y$}&mask={http://a/?$z$}", []),
        ("$a&a$&$$&$ö$&$a b$&.$comment$", []),
    ],
)
def test_presets_in_a_modifier(text: str, found: list[str]) -> None:
    uses = macros_in(text)
    assert [f"{use.span.start}:{use.span.end} {use.name}" for use in uses] == found
    assert all(text[use.span.start : use.span.end] == f"${use.name}$" for use in uses)
