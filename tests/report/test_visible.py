"""What others wrote cannot act on a terminal and cannot hide from a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.report.visible import inert, named, visible
from tests.report.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "shown", "in_ascii"),
    [
        ("PS_1001_mug", "PS_1001_mug", "PS_1001_mug"),
        ("\x1b[31mred\x07", "␛[31mred␇", "\\x1b[31mred\\x07"),
        ("a\nb\r\tc\x7f", "a␊b␍␉c␡", "a\\x0ab\\x0d\\x09c\\x7f"),
        ("\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066", "\\u202egnp.exe\\u2066"),
        ("a\u200bb\ufeff\u00ad", "a\\u200bb\\ufeff\\xad", "a\\u200bb\\ufeff\\xad"),
        ("no\u00a0break\u2028line", "no\\xa0break\\u2028line", "no\\xa0break\\u2028line"),
        ("é日本", "é日本", "\\xe9\\u65e5\\u672c"),
        ("\u3164\u2800", "\\u3164\\u2800", "\\u3164\\u2800"),
        ("\ud800", "\\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041", "\\U000e0041"),
        ("\x9b31m", "\\x9b31m", "\\x9b31m"),
    ],
)
def test_visible(text: str, shown: str, in_ascii: str) -> None:
    assert visible(text) == shown
    assert visible(text, unicode=False) == in_ascii


@given(st.text(st.characters()), st.booleans())
def test_everything_shows_and_once_is_enough(text: str, unicode: bool) -> None:
    shown = visible(text, unicode=unicode)
    assert shown.isprintable()
    assert visible(shown, unicode=unicode) == shown
    shown.encode()
    if not unicode:
        assert shown.isascii()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mug", "mug"),
        ("a mug", "a mug"),
        (" mug  ", "\\x20mug\\x20\\x20"),
        ("", '""'),
        ("  ", "\\x20\\x20"),
    ],
)
def test_blanks_at_the_ends_of_a_name_are_written_out(text: str, shown: str) -> None:
    assert named(text) == shown


@pytest.mark.parametrize("before", ["", "  ", "\t", "\u2003 ", "text\n", "text\n  "])
@pytest.mark.parametrize("command", ["::error::", ":::", "##[x]", "###[x]", "##vso[x]", "##VsO["])
def test_no_command_to_a_build_server_is_left(before: str, command: str) -> None:
    for text in (*HOSTILE, "::", "##[", ""):
        shown = inert(f"{before}{command}{text}\n{text}")
        for line in shown.split("\n"):
            assert not line.strip().startswith("::")
            assert "##[" not in line
            assert "##vso[" not in line.lower()
        assert inert(shown) == shown


def test_what_is_no_command_stays() -> None:
    text = "a::b\n# heading\n## heading\n#[x] a ::error::"
    assert inert(text) == text
