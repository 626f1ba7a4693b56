"""Four times the text takes four times the work, whatever it repeats.

Work is counted, not timed: lines and functions of ours that run, and built-in functions they call.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from s7spec.modifiers import parse_modifier, print_modifier
from s7spec.modifiers.lint import lint_modifier, unsafe_names
from s7spec.modifiers.lint.single import remarks_on

PRESETS = {
    "a": parse_modifier("wid=3&hei=4").modifier,
    "loop": parse_modifier("$loop$&$loop$").modifier,
}
SHORT, LONG = 100, 400

# `#` is another number each time, so that nothing is remembered from the last one.
PIECES = (
    *("{", "}", "(", "$", "%", "&&", "=", "?", ",", "$a$", "$a=", "src=is{", "src=(", "%24a%24"),
    *("crop=1,1,1,1&", "wid=#&", "wid=#,&", "a#=1&", "é=1&", "wid=%&", ".c&", "$a$&", "$loop$&"),
    *("wid=$q$&", "wid=$v#$&", "$v#=1&", "$v#=1&wid=$v#$&", "wid=$v#$&$v#=1&", "text=$&"),
    *("layer=#&", "layer=#&wid=1&", "size=1,1&sizeN=1,1&", "op_sharpen=1,1,#&", "fmt=#&"),
    *("src=is{$v#$?a=1}&", "$v#=x%3Fb=1&src=is{$v#$}&", "$v=x#&src=is{$v$}&"),
    *("src=is{a?wid=#}&", "src=is{a?b=#&", "icc=a/#&", "$v=is{a?b=#}&", "req=#&"),
)


def look_at(text: str) -> None:
    lint_modifier(text)
    lint_modifier(text, presets=PRESETS)
    modifier = parse_modifier(text).modifier
    print_modifier(modifier)
    unsafe_names(text)


def work(task: Callable[[], None]) -> int:
    done = 0
    remarks_on.cache_clear()  # what is remembered of earlier texts would count for nothing

    def count_line(frame: FrameType, event: str, argument: object) -> object:
        nonlocal done
        done += 1
        return count_line

    def count_call(frame: FrameType, event: str, argument: object) -> None:
        nonlocal done
        done += event == "c_call"

    sys.settrace(count_line)  # type: ignore[arg-type]
    sys.setprofile(count_call)
    try:
        task()
    finally:
        sys.settrace(None)
        sys.setprofile(None)
    return done


def repeated(piece: str, times: int, first: int) -> str:
    return "".join(piece.replace("#", str(first + place)) for place in range(times))


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("src=is{a?", "}"), ("wid=8&text=", "&")])
def test_work_grows_with_the_length_not_with_its_square(
    piece: str, before: str, after: str
) -> None:
    short = before + repeated(piece, SHORT, 1000) + after
    long = before + repeated(piece, LONG, 5000) + after
    assert work(lambda: look_at(long)) < work(lambda: look_at(short)) * 5 + 1_000
