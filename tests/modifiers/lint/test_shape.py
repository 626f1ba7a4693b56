"""What is not looked at again would have said nothing."""

from __future__ import annotations

import itertools
import random
import re

import pytest

from s7spec.modifiers.lint import lint_modifier, lint_reading, read
from tests.modifiers.lint.test_examples import EXAMPLES

_NUMBER = re.compile(r"(?<![A-Fa-f0-9])\d+(?![A-Fa-f0-9])")
NUMBERS = ("0", "1", "8", "80", "101", "6000", "-1")


def variants() -> list[str]:
    """Each example with other numbers, with commands of others added, and in another order."""
    chance = random.Random(11)  # noqa: S311 - a choice, no secret
    texts = [text for _, bad, _, good in EXAMPLES for text in (bad, good)]
    pieces = sorted({piece for text in texts for piece in text.split("&")})
    pieces += ["$v=png", "$v=-1", "fmt=$v$", "scl=$v$", "resMode=$v$"]
    made = list(texts)
    for text in texts * 12:
        parts = [_NUMBER.sub(lambda _: chance.choice(NUMBERS), part) for part in text.split("&")]
        parts += chance.sample(pieces, chance.randint(0, 3))
        chance.shuffle(parts)
        made.append("&".join(parts))
    return made


def test_a_modifier_is_linted_alike_whatever_came_before() -> None:
    texts = variants()
    fresh = [lint_reading(read(text, None, None)) for text in texts]
    assert sum(not each for each in fresh) > 100
    assert sum(map(bool, fresh)) > 100
    for _ in range(2):
        assert [lint_modifier(text) for text in texts] == fresh
    turned = [lint_modifier(text) for text in reversed(texts)]
    assert turned == fresh[::-1]


REMEMBERED_AND_WRONG = [
    ("$v=png&wid=8&fmt=$v$", "$v=m3u8&wid=8&fmt=$v$"),
    ("$v=png&wid=8&fmt=$v$", "$v=bogus&wid=8&fmt=$v$"),
    ("$v=bilin&wid=8&resMode=$v$", "$v=bogus&wid=8&resMode=$v$"),
    ("$v=1&scl=$v$", "$v=-1&scl=$v$"),
    ("$v=1&scl=1", "$v=-1&scl=$w$"),
    ("wid=8&resMode=bilin", "wid=8&resMode=$x$"),
    ("scl=2", "scl=%24a%24"),
    ("scl=2", "scl=$/etc/x"),
]


@pytest.mark.parametrize(("right", "wrong"), REMEMBERED_AND_WRONG)
def test_what_depends_on_a_variable_is_looked_at_again(right: str, wrong: str) -> None:
    lint_modifier(right)
    assert lint_modifier(wrong) == lint_reading(read(wrong, None, None)) != ()


def test_numbers_do_not_hide_behind_one_another() -> None:
    for wid, hei in itertools.permutations((8, 5000, 6000, 30_000), 2):
        found = [each.rule.name for each in lint_modifier(f"wid={wid}&hei={hei}")]
        assert found == (["LARGE_OUTPUT"] if wid * hei > 25_000_000 else [])
    assert lint_modifier("wid=8&op_sharpen=1&op_usm=0") == ()
    assert [each.rule.name for each in lint_modifier("wid=8&op_sharpen=1&op_usm=1")] == [
        "SHARPENED_TWICE"
    ]
