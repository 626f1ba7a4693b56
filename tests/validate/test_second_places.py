"""Names defined in one place and used in another: the finding shows both; either may be wrong."""

from __future__ import annotations

import pytest

from tests.expand.compiling import compile_text
from tests.validate.test_text_mutants import EVERY_WORD


@pytest.mark.parametrize(
    ("good", "bad", "line", "second", "message"),
    [
        ("  heroes:", "  heros:", 50, 33, "`assets.heros` is defined here"),
        ("assets: heroes\n    macro", "assets: zzz\n    macro", 50, 26, "`assets` is defined here"),
        ("      tone: [gray", "      tonne: [gray", 43, 39, "`exports[0].matrix.tonne` is defined"),
        ("  fmt: convert\n", "", 35, 18, "`defaults` is defined here"),
        ("  side: 1500", "  sides: 1500", 45, 9, "`vars.sides` is defined here"),
        ("  side: 1500\n", "", 44, 7, "`vars` is defined here"),
    ],
)
def test_both_places_are_shown(good: str, bad: str, line: int, second: int, message: str) -> None:
    text = EVERY_WORD.read_text("utf-8")
    assert good in text
    finding = compile_text(text.replace(good, bad, 1)).findings[0]
    assert finding.where is not None
    assert finding.where.line == line
    assert [place.where.line for place in finding.related] == [second]
    assert finding.related[0].message.startswith(message)
