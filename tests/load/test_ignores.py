"""Comments of s7spec: found where they are comments, and only there; read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.load import read_ignores
from s7spec.load.comments import find_comments
from s7spec.load.events import PureEvents, open_events
from s7spec.model.ignores import Ignore
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile

ASK = "# s7spec: ignore=S7W001 reason=because"


def ignores(text: str) -> tuple[Ignore, ...]:
    found, findings = read_ignores(SourceFile(path="a.yaml", text=text))
    assert findings == ()
    return found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"a: 1 {ASK}\n", (1, 1)),
        (f"a: 1\n{ASK}\nb: 2\n", (3, 3)),
        (f"{ASK}\n# more\n  # and more\na: 1\n", (4, 4)),
        (f"a: |  {ASK}\n  x\n  y\nb: 1\n", (1, 3)),
        (f"{ASK}\na: |\n  x\n  y\nb: 1\n", (2, 4)),
        (f"{ASK}\na: &name >-\n  x\n  y\n", (2, 4)),
        (f'a: "x\n  y" {ASK}\n', (1, 2)),
        (f"a: x\n  y {ASK}\n", (1, 2)),
        (f"a: [1, 2] {ASK}\n", (1, 1)),
        (f"a: {ASK}\n  b: 1\n", (1, 1)),
        (f"a: &here {ASK}\n  b: 1\n", (1, 1)),
        (f"a: 1\n---\nb: 1 {ASK}\n", (3, 3)),
        (f"a: 1\r\n{ASK}\r\nb: 2\r\n", (3, 3)),
        (f"\ufeff{ASK}\na: 1\n", (2, 2)),
        (f"a: 1\n{ASK}\n\nb: 2\n", (0, 0)),
        (f"a: 1\n{ASK}", (0, 0)),
        (f"a: \U0001f600 {ASK}\n", (1, 1)),
    ],
)
def test_the_lines_a_comment_speaks_about(text: str, lines: tuple[int, int]) -> None:
    (ignore,) = ignores(text)
    assert (ignore.first_line, ignore.last_line) == lines
    assert ignore.rule is Rule.EXCLUDED_ASSET
    assert ignore.reason == "because"
    place = ignore.where
    line = text.removeprefix("\ufeff").splitlines()[place.line - 1]
    assert line[place.column - 1 : place.end_column - 1] == "S7W001"


@pytest.mark.parametrize(
    "text",
    [
        f'a: "{ASK}"\n',
        f"a: '{ASK}'\n",
        f"a: 'x\n  {ASK}'\n",
        f"a: |\n  {ASK}\n",
        f"a: >\n  text\n\n  {ASK}\nb: 1\n",
        f"a: x{ASK}\n",
        f"a: 1 # see {ASK}\n",
        "a: s7spec:x\n",
        "a: 1 # s7spec ignore\n",
    ],
)
def test_what_is_no_comment_of_ours(text: str) -> None:
    assert ignores(text) == ()


def test_a_comment_may_follow_a_text_that_looks_like_one() -> None:
    (ignore,) = ignores(f'a: "{ASK}" {ASK}\n')
    assert ignore.where.column > len(ASK)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("reason=two words", "two words"),
        ('reason="two, words"', "two, words"),
        ("reason = 'x=1'  ", "x=1"),
        ('reason="a" and "b', '"a" and "b'),
    ],
)
def test_reasons(written: str, reason: str) -> None:
    (ignore,) = ignores(f"a: 1 # s7spec: ignore=S7W001 {written}\n")
    assert ignore.reason == reason


def test_several_rules_in_one_comment() -> None:
    text = "a: 1 # s7spec: ignore=S7W001, s7w001,S7W001 reason=why\n"
    assert [ignore.where.column for ignore in ignores(text)] == [23, 31, 38]


def test_what_follows_a_syntax_error_is_not_read() -> None:
    text = f"a: 1 {ASK}\nb: [1\nc: 2 {ASK}\n"
    assert [ignore.where.line for ignore in ignores(text)] == [1]


@given(st.lists(st.sampled_from([*"a:#\n'\"|-[]{}&*>, ", ASK, f"\n{ASK}\n", "b: |\n  "])))
def test_no_text_is_too_odd(pieces: list[str]) -> None:
    """Nothing makes it fail, and every comment found begins with a sign of its own."""
    file = SourceFile(path="a.yaml", text="".join(pieces) + f" {ASK}\n")
    read_ignores(file)
    for source in (open_events, PureEvents):
        for comment in find_comments(file, events=source):
            assert 0 <= comment.first_line <= comment.last_line
            line = file.line(comment.line) or ""
            assert line[: comment.column - 1].endswith("# s7spec:")
