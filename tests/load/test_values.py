"""What plain scalars, keys and documents become."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.load import load_text
from s7spec.load.dump import to_yaml
from s7spec.load.events import OpenEvents, PureEvents, open_events
from s7spec.load.scalars import MAX_INTEGER
from s7spec.model.source import SourceFile

# What may stand in a YAML 1.2 file and in XML.
TEXTS = st.text(
    st.characters(
        blacklist_categories=["Cs", "Cc", "Cn"],
        blacklist_characters="\u2028\u2029\ufeff\ufffe\uffff",
    )
    | st.sampled_from("\n\t"),
    max_size=20,
)
TRICKY = st.sampled_from(
    [
        "no",
        "on",
        "~",
        "null",
        "1e3",
        "010",
        "0x1F",
        ".inf",
        "1:30",
        "12:30:45",
        "=",
        "<<",
        "- a",
        "",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | TRICKY
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS | TRICKY, inner, max_size=4),
    max_leaves=20,
)


def load(text: str, events: OpenEvents = open_events) -> Any:
    loaded = load_text(SourceFile(path="test.yaml", text=text), events=events)
    assert loaded.diagnostics == ()
    (document,) = loaded.documents
    return document.value


@pytest.mark.parametrize("events", [open_events, PureEvents])
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("On", "On"),
        ("true", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("", None),
        ("~", None),
        ("Null", None),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b1", "0b1"),
        ("0" * 5_000, 0),
        ("-" + "0" * 5_000 + "7", -7),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("12:30:45", "12:30:45"),
        ("2027-01-01", "2027-01-01"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-1", -0.15),
        (".", "."),
        ("1.2.3", "1.2.3"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("!!float 12", 12.0),
        ("=", "="),
        ("9007199254740991", MAX_INTEGER),
        ("9007199254740991.5", 9007199254740991.5),
    ],
)
def test_scalars_follow_the_core_schema(written: str, value: object, events: OpenEvents) -> None:
    read = load(f"key: {written}\n", events)["key"]
    assert read == value
    assert type(read) is type(value)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_dumping_and_loading_gives_the_same_value(value: object) -> None:
    read = load(to_yaml({"value": value}))["value"]
    assert repr(read) == repr(value)


@given(st.dictionaries(TEXTS, st.integers(0, 9), min_size=2, max_size=8))
@settings(max_examples=50, deadline=None)
def test_keys_keep_their_order(value: dict[str, int]) -> None:
    assert list(load(to_yaml({"value": value}))["value"]) == list(value)


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_both_parsers_read_the_same(value: object) -> None:
    text = to_yaml({"value": value})
    assert repr(load(text, PureEvents)) == repr(load(text))


def test_keys_are_texts() -> None:
    assert load("1: a\ntrue: b\nnull: c\n1.50: d\n") == {
        "1": "a",
        "true": "b",
        "null": "c",
        "1.50": "d",
    }


def test_aliases_give_the_value_of_their_anchor() -> None:
    value = load("a: &x [1, {b: 2}]\nc: *x\nd: &x 3\ne: *x\n")
    assert value == {"a": [1, {"b": 2}], "c": [1, {"b": 2}], "d": 3, "e": 3}


def test_documents_are_numbered() -> None:
    loaded = load_text(SourceFile(path="test.yaml", text="a: 1\n---\nb: 2\n...\n---\nc: 3\n"))
    assert [(document.index, document.value) for document in loaded.documents] == [
        (0, {"a": 1}),
        (1, {"b": 2}),
        (2, {"c": 3}),
    ]


def test_a_faulty_document_does_not_hide_the_others() -> None:
    loaded = load_text(
        SourceFile(path="test.yaml", text="a: 1\n---\n- b\n---\nc: .inf\n---\nd: 4\n")
    )
    assert [document.index for document in loaded.documents] == [0, 3]
    assert [finding.rule.id for finding in loaded.diagnostics] == ["S7E005", "S7E004"]


def test_of_a_key_that_stands_twice_the_first_counts() -> None:
    loaded = load_text(SourceFile(path="test.yaml", text="a: 1\nb: 2\na: 3\n"))
    assert loaded.documents[0].value == {"a": 1, "b": 2}
    (finding,) = loaded.diagnostics
    assert [str(place.where) for place in finding.related] == ["test.yaml:1:1"]


HIDDEN = (
    *("\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\xad", "\xa0", "\u2028", "\x85", "\x1b"),
    *("\u3164", "\U000e0041"),
)


@pytest.mark.parametrize("sign", HIDDEN)
@pytest.mark.parametrize("around", ["{}", "gnp.{}exe", "a: {} b", '"\\{}\n\té👩 #', "no{}"])
def test_what_does_not_show_is_written_as_an_escape(sign: str, around: str) -> None:
    text = around.format(sign)
    written = to_yaml({"value": text, text: [text]})
    assert all(line.isprintable() for line in written.split("\n"))
    assert sign not in written
    assert yaml.safe_load(written) == {"value": text, text: [text]}


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_all_that_is_dumped_shows(value: object) -> None:
    assert to_yaml({"value": value}).replace("\n", "").replace("\t", "").isprintable()


def test_what_shows_stays_readable() -> None:
    assert to_yaml({"a": "é日本 👩", "b": "👩\u200d💻 \u202ex"}) == (
        'a: é日本 👩\nb: "👩\\u200d💻 \\u202ex"\n'
    )
    long = "\u202e" + "word " * 60
    assert yaml.safe_load(to_yaml({"a": long})) == {"a": long}
