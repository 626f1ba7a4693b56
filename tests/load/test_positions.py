"""Places: characters, counted from 1; ends are exclusive."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from s7spec.load import load_text
from s7spec.load.dump import to_yaml
from s7spec.load.events import OpenEvents, PureEvents, open_events
from s7spec.load.positions import FileLocator
from s7spec.model.source import Pointer, SourceDocument, SourceFile
from tests.load.test_values import VALUES

TEXT = """\
# comment
key: value
"quoted key": 'it''s'   # comment
list:
  - plain text
  - {flow: [1, two], é: "ünïcode"}
empty:
block: |
  first
  second

folded: >-
  one
  two
long: "over
  two lines"
anchor: &a {x: 1}
alias: *a
nested:
  deep:
    deepest: end
"""


def document(text: str, events: OpenEvents = open_events) -> SourceDocument:
    return load_text(SourceFile(path="test.yaml", text=text), events=events).documents[0]


def found(text: str, pointer: Pointer, *, key: bool = False) -> str:
    where = document(text).locate(pointer, key=key)
    return f"{where.line}:{where.column}-{where.end_line}:{where.end_column}"


@pytest.mark.parametrize(
    ("pointer", "key", "value"),
    [
        (("key",), "2:1-2:4", "2:6-2:11"),
        (("quoted key",), "3:1-3:13", "3:15-3:22"),
        (("list",), "4:1-4:5", "5:3-6:35"),
        (("list", 0), "5:5-5:15", "5:5-5:15"),
        (("list", 1), "6:5-6:35", "6:5-6:35"),
        (("list", 1, "flow"), "6:6-6:10", "6:12-6:20"),
        (("list", 1, "flow", 1), "6:16-6:19", "6:16-6:19"),
        (("list", 1, "é"), "6:22-6:23", "6:25-6:34"),
        (("empty",), "7:1-7:6", "7:7-7:7"),
        (("block",), "8:1-8:6", "8:8-10:9"),
        (("folded",), "12:1-12:7", "12:9-14:6"),
        (("long",), "15:1-15:5", "15:7-16:13"),
        (("anchor",), "17:1-17:7", "17:9-17:18"),
        (("alias",), "18:1-18:6", "18:8-18:10"),
        (("alias", "x"), "17:13-17:14", "17:16-17:17"),
        (("nested",), "19:1-19:7", "20:3-21:17"),
        (("nested", "deep", "deepest"), "21:5-21:12", "21:14-21:17"),
    ],
    ids=str,
)
def test_places_of_keys_and_values(pointer: Pointer, key: str, value: str) -> None:
    assert found(TEXT, pointer, key=True) == key
    assert found(TEXT, pointer) == value


@pytest.mark.parametrize(
    ("pointer", "nearest"),
    [
        (("nested", "deep", "nothing"), ("nested", "deep")),
        (("nested", "nothing", "at", "all"), ("nested",)),
        (("list", 7), ("list",)),
        (("list", "name"), ("list",)),
        (("key", 0), ("key",)),
        (("nothing",), ()),
    ],
)
def test_a_pointer_that_leads_nowhere_gives_its_nearest_parent(
    pointer: Pointer, nearest: Pointer
) -> None:
    assert found(TEXT, pointer) == found(TEXT, nearest)


def test_places_in_a_later_document() -> None:
    text = "a: 1\n---\n# comment\nb:\n  c: 2\n"
    documents = load_text(SourceFile(path="test.yaml", text=text)).documents
    assert str(documents[0].locate(("a",))) == "test.yaml:1:4"
    assert str(documents[1].locate(("b", "c"), key=True)) == "test.yaml:5:3"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks_do_not_move_places(line_break: str) -> None:
    text = TEXT.replace("\n", line_break)
    assert found(text, ("nested", "deep", "deepest")) == "21:14-21:17"
    assert found(text, ("block",)) == "8:8-10:9"


def test_a_byte_order_mark_does_not_count() -> None:
    assert found("\ufeffkey: value\n", ("key",)) == "1:6-1:11"


def test_places_do_not_need_a_text_that_is_right_to_its_end() -> None:
    text = "a: 1\nb: {c: 2, c: 3}\nd: [1\n"
    findings = load_text(SourceFile(path="test.yaml", text=text)).diagnostics
    assert [f"{finding.rule.id} {finding.where}" for finding in findings] == [
        "S7E003 test.yaml:2:11",
        "S7E002 test.yaml:3:6",
    ]
    assert [str(place.where) for place in findings[0].related] == ["test.yaml:2:5"]


@given(st.dictionaries(st.sampled_from("abcdef"), VALUES, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_places_agree_with_pyyaml_nodes(value: dict[str, Any]) -> None:
    text = to_yaml(value)
    ours = document(text)
    for pointer, node in _nodes(yaml.compose(text, Loader=yaml.SafeLoader), ()):
        where = ours.locate(pointer)
        assert node.start_mark is not None
        assert (where.line, where.column) == (node.start_mark.line + 1, node.start_mark.column + 1)


@given(st.dictionaries(st.sampled_from("abcdef"), VALUES, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_both_parsers_find_the_same_places(value: dict[str, Any]) -> None:
    text = to_yaml(value)
    fast, pure = document(text), document(text, PureEvents)
    for pointer, _ in _nodes(yaml.compose(text, Loader=yaml.SafeLoader), ()):
        assert fast.locate(pointer, key=True) == pure.locate(pointer, key=True)
        assert str(fast.locate(pointer)) == str(pure.locate(pointer))


BROKEN = "a: 1\nb:\n  - {c: 2}\n  - d: [1, {e: 3}]\n    f: 4\n    g: [\n"


@given(st.dictionaries(st.sampled_from("abcdef"), VALUES, min_size=1, max_size=3), st.booleans())
@example(value={"a": {"b": {"c": [{"d": "x\ny\n"}, [], {}]}}}, in_flow=False)
@settings(max_examples=120, deadline=None)
def test_large_files_have_the_same_places(value: dict[str, Any], in_flow: bool) -> None:
    text = yaml.dump(value, default_flow_style=True, allow_unicode=True) if in_flow else None
    _same_places(text or f"# above\n{to_yaml(value)}\n# below\n---\nz: {{y: [x]}}\n")


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), BROKEN, "- - - a\n    - b\n"])
def test_large_files_have_the_same_places_as_these(text: str) -> None:
    _same_places(text)


def _same_places(text: str) -> None:
    file = SourceFile(path="test.yaml", text=text)
    at_once = FileLocator(file, open_events, large=len(text) + 1)
    by_parts = FileLocator(file, open_events, large=0)
    for document in (0, 1):
        for pointer in (*POINTERS, *_pointers(text, document)):
            for key in (True, False):
                expected = at_once.locate(document, pointer, key=key)
                assert by_parts.locate(document, pointer, key=key) == expected


STEPS: list[str | int] = ["a", "b", "d", "list", "nested", "deep", 0, 1]
POINTERS: list[Pointer] = [
    pointer for length in range(4) for pointer in product(STEPS, repeat=length)
]


def _pointers(text: str, document: int) -> list[Pointer]:
    nodes = []
    with contextlib.suppress(yaml.YAMLError):
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    return [pointer for pointer, _ in _nodes(nodes[document], ())] if document < len(nodes) else []


def _nodes(node: Any, pointer: Pointer) -> Iterator[tuple[Pointer, yaml.Node]]:
    yield pointer, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(value, (*pointer, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _nodes(value, (*pointer, index))


def test_places_can_be_asked_for_in_any_order() -> None:
    text = "list: [a, b, c, d]\nmap: {a: 1, b: 2, c: 3}\n"
    ours = document(text)
    columns = {("list", i): 8 + 3 * i for i in range(4)}
    pointers: list[Pointer] = [("list", i) for i in (2, 0, 3, 3, 1, 2, 0)]
    assert [ours.locate(p).column for p in pointers] == [
        columns["list", int(p[1])] for p in pointers
    ]
    assert [ours.locate(("map", key)).column for key in "cabbac"] == [22, 10, 16, 16, 10, 22]
    assert ours.locate(("list", 9)) == ours.locate(("list",))
    assert ours.locate(("map", "z")) == ours.locate(("map",))


def test_many_questions_about_a_long_list_are_answered_soon() -> None:
    count = 30_000
    ours = document(
        "list:\n" + "- 1\n" * count + "map:\n" + "".join(f"  k{i}: 1\n" for i in range(count))
    )
    for index in range(count):
        assert ours.locate(("list", index)).line == index + 2
        assert ours.locate(("map", f"k{index}")).line == index + 3 + count
