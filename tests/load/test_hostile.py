"""Files made to hurt: a diagnostic, soon, and no exception."""

from __future__ import annotations

from random import Random

import pytest

from s7spec.load import load_text
from s7spec.load.events import PureEvents
from s7spec.model.source import SourceFile

BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)
LARGE_TEXT_BOMB = f"a: &a {'x' * 100_000}\n" + "".join(f"b{i}: *a\n" for i in range(100))
HOSTILE = {
    "brackets": "[" * 200_000,
    "braces": "{" * 200_000,
    "dashes": "- " * 200_000,
    "question marks": "? " * 100_000,
    "duplicates before brackets": "a: 1\na: 2\nb: " + "[" * 200_000,
    "alias bomb": BOMB,
    "text bomb": LARGE_TEXT_BOMB,
    "long number": "a: " + "9" * 5_000,
    "long negative number": "a: -" + "9" * 100_000,
    "long hexadecimal": "a: 0x" + "f" * 100_000,
    "long octal": "a: 0o" + "7" * 100_000,
    "duplicate keys": "a: 1\n" * 50_000,
    "anchors": "a: " + "&a " * 50_000,
    "exclamation marks": "!" * 100_000,
    "long key": "k" * 500_000 + ": 1",
    "words without colon": "word " * 100_000 + "\n\tx",
    "urls": "a: " + "http://" * 100_000 + "\n b: :",
    "quotes": "a: '" + "'" * 100_000,
    "empty documents": "---\n" * 50_000,
    "nul": "\0" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_gives_a_diagnostic_soon(name: str) -> None:
    loaded = load_text(SourceFile(path="test.yaml", text=HOSTILE[name]))
    assert loaded.diagnostics
    assert len(loaded.diagnostics) <= 102


@pytest.mark.parametrize("name", ["brackets", "alias bomb", "long number", "question marks"])
def test_the_pure_parser_is_bounded_too(name: str) -> None:
    file = SourceFile(path="test.yaml", text=HOSTILE[name])
    assert load_text(file, events=PureEvents).diagnostics


def test_what_is_large_but_honest_is_read() -> None:
    rows = "".join(f"  - asset_{i}\n" for i in range(50_000))
    loaded = load_text(SourceFile(path="test.yaml", text=f"names:\n{rows}"))
    assert loaded.diagnostics == ()
    assert str(loaded.documents[0].locate(("names", 49_999))) == "test.yaml:50001:5"


def test_sixty_levels_are_deep_enough() -> None:
    fine = load_text(SourceFile(path="test.yaml", text="a: " + "[" * 63 + "]" * 63))
    deeper = load_text(SourceFile(path="test.yaml", text="a: " + "[" * 64 + "]" * 64))
    assert fine.diagnostics == ()
    assert [finding.rule.id for finding in deeper.diagnostics] == ["S7E004"]


def test_garbage_never_raises() -> None:
    random = Random(7)  # noqa: S311 - a seed, not a secret
    pieces = ["a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "&x ", "*x", "'", '"', "|", ">", "#"]
    pieces += [
        "!t ",
        "%",
        "---\n",
        "...\n",
        "<<",
        "? ",
        ",",
        "\t",
        "é",
        "\\x00",
        "{{ x }}",
        "~",
        "@",
    ]
    for _ in range(1_500):
        text = "".join(random.choices(pieces, k=random.randint(1, 30)))
        loaded = load_text(SourceFile(path="test.yaml", text=text))
        assert loaded.documents or loaded.diagnostics, text
        for finding in loaded.diagnostics:
            assert finding.hint, text
            assert finding.where is not None
            assert finding.where.line > 0
