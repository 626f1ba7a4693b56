"""Names in the ZIP: single, harmless, each once."""

from __future__ import annotations

import pytest

from s7spec.emulator.jobs.entry_names import EntryNames, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("PS_1.jpg", "PS_1.jpg"),
        ("ä b (1)&=.tar.gz", "ä b (1)&=.tar.gz"),
        ("x\\..\\..\\evil.jpg", "x_.._.._evil.jpg"),
        ("../../evil.jpg", "___.._evil.jpg"),
        ("/etc/passwd", "_etc_passwd"),
        ("C:\\evil.jpg", "C__evil.jpg"),
        ("c:evil.jpg", "c_evil.jpg"),
        ("a.jpg:stream", "a.jpg_stream"),
        ("a\x00b\nc\x85d\x7f.jpg", "a_b_c_d_.jpg"),
        ("gpj.\u202eexe", "gpj._exe"),
        ("..", "__"),
        (".", "_"),
        ("", "_"),
        (" .a. ", "__a__"),
        ("CON", "_CON"),
        ("nul.jpg", "_nul.jpg"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("LPT9 .txt", "_LPT9 .txt"),
        ("console.jpg", "console.jpg"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert safe_name(safe) == safe


def test_names_stay_apart_after_they_are_made_safe() -> None:
    names = EntryNames()
    given = ["a\\b.jpg", "a/b.jpg", "A_B.jpg", "a_b_1.jpg", "\u00e9.jpg", "e\u0301.jpg"]
    assert [names.take(name) for name in given] == [
        "a_b.jpg",
        "a_b_1.jpg",
        "A_B_2.jpg",
        "a_b_1_1.jpg",
        "\u00e9.jpg",
        "e\u0301_1.jpg",
    ]
