"""Data files: what they may hold, and where it stands."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.load import MAX_BYTES, load_data
from s7spec.load.data import load_data_text
from s7spec.model.data import DataFile
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.source import Pointer, SourceFile

CSV = 'sku,name\r\nA,1\r\n\r\nB,"x, ""y""\nz"\r\n'
JSON = '[{"a": 1, "b": {"c": [true, null, "\\ud83d\\ude00"]}},\n {"a": 2.5}]'
YAML = "- a: 1\n- b: {c: 2}\n"


def loaded(name: str, text: str, delimiter: str | None = None) -> DataFile:
    result = load_data_text(SourceFile(path=name, text=text), delimiter=delimiter)
    assert result.diagnostics == ()
    assert result.data is not None
    return result.data


def refused(name: str, text: str, delimiter: str | None = None) -> list[Diagnostic]:
    result = load_data_text(SourceFile(path=name, text=text), delimiter=delimiter)
    assert result.data is None
    assert result.diagnostics
    assert all(finding.hint for finding in result.diagnostics)
    return list(result.diagnostics)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("a.csv", CSV, [{"sku": "A", "name": "1"}, {"sku": "B", "name": 'x, "y"\nz'}]),
        ("a.CSV", "a\n1", [{"a": "1"}]),
        ("a.csv", "a,b\n", []),
        ("a.csv", '"a;b"\n1\n', None),
        ("a.csv", "my col,no\n null ,\n", [{"my col": " null ", "no": ""}]),
        ("a.tsv", "a\tb\n1,5\t2\n", [{"a": "1,5", "b": "2"}]),
        ("a.json", JSON, [{"a": 1, "b": {"c": [True, None, "😀"]}}, {"a": 2.5}]),
        ("a.json", '{"a": "b\\nc\\td"}', {"a": "b\nc\td"}),
        ("a.json", "9007199254740991", 9007199254740991),
        ("a.yaml", YAML, [{"a": 1}, {"b": {"c": 2}}]),
        ("a.yml", "hello", "hello"),
    ],
)
def test_values(name: str, text: str, value: object) -> None:
    delimiter = None if value is not None else ","
    assert loaded(name, text, delimiter).value == ([{"a;b": "1"}] if value is None else value)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_a_delimiter_that_was_named(delimiter: str) -> None:
    text = f"a{delimiter}b\n1{delimiter}2\n"
    for name in ("a.csv", "a.tsv"):
        assert loaded(name, text, delimiter).value == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.csv", "", "a.csv: the file holds no data"),
        ("a.csv", "\n\r\n", "a.csv: the file holds no data"),
        ("a.csv", "a;b\n1;2\n", "a.csv:1:1: the first line has no comma, but a semicolon"),
        ("a.csv", "a\tb\n1\t2\n", "a.csv:1:1: the first line has no comma, but a tab"),
        ("a.tsv", "a,b\n1,2\n", "a.tsv:1:1: the first line has no tab, but a comma"),
        ("a.csv", "a,b,a\n1,2,3\n", "a.csv:1:5: two columns are named `a`"),
        ("a.csv", "a, \n1,2\n", "a.csv:1:3: column 2 has no name"),
        ("a.csv", "a,b\n1\n", "a.csv:2:1: the row has 1 value, the table 2 columns"),
        ("a.csv", 'a,b\n"x\ny",2,3\n', "a.csv:3:6: the row has 3 values, the table 2 columns"),
        ("a.csv", "a\n1,2\n", "a.csv:2:3: the row has 2 values, the table 1 column"),
        ("a.csv", 'a,b\n1,2\n3,"x\n4,5\n', "a.csv:3:3: the quotes around a value are not closed"),
        ("a.csv", 'a\n"x"y\n', "a.csv:2:4: text between the quotes of a value and the next one"),
        ("a.csv", "a,b\n1,\x1f\n", "a.csv:2:3: a control or unassigned character (U+001F)"),
        ("a.csv", "a\0\n", "a.csv:1:2: a control or unassigned character (U+0000)"),
        ("a.csv", f"a\n{'x' * 131073}\n", "a.csv:2:1: a value of more than 131,072 characters"),
        ("a.json", " \n", "a.json: the file holds no data"),
        ("a.json", "null", "a.json: the file holds no data"),
        ("a.json", '[\n{"b": 1, "b": 2}]', "a.json:2:10: the key `b` stands twice in this object"),
        ("a.json", "[1, NaN]", "a.json:1:5: numbers without end and not-a-number have no place"),
        ("a.json", "[-Infinity]", "a.json:1:2: numbers without end and not-a-number have no place"),
        ("a.json", "[1e999]", "a.json:1:2: the number is too large to be kept"),
        ("a.json", "9007199254740992", "a.json:1:1: a whole number beyond 9007199254740991"),
        ("a.json", "-" + "9" * 9999, "a.json:1:1: a whole number beyond 9007199254740991"),
        ("a.json", '["a", "\\u0007"]', "a.json:1:7: the text holds a control character"),
        ("a.json", '{"\\b": 1}', "a.json:1:2: the text holds a control character"),
        ("a.json", '["\\ud800"]', "a.json:1:2: the text holds a control character"),
        ("a.json", '["\\\\b", "\\uFFFF"]', "a.json:1:9: the text holds a control character"),
        ("a.json", '["\x7f"]', "a.json:1:3: a control or unassigned character (U+007F)"),
        ("a.json", "[" * 65 + "]" * 65, "a.json:1:65: more than 64 levels deep"),
        ("a.json", '{"a":' * 100_000, "a.json:1:321: more than 64 levels deep"),
        ("a.json", "[1,\n]", "a.json:2:1: a comma after the last value"),
        ("a.json", "{\r\n// x\r\n}", "a.json:2:1: a comment"),
        ("a.json", "{'a': 1}", "a.json:1:2: a text in single quotes"),
        ("a.json", "{a: 1}", "a.json:1:2: a key without quotes"),
        ("a.json", "[1, 2\n", "a.json:1:6: the JSON text ends too early"),
        ("a.json", '["a', "a.json:1:2: the quotes of a text are not closed"),
        ("a.json", "[] []", "a.json:1:4: text after the end of the JSON value"),
        ("a.json", '{"a" 1}', "a.json:1:6: a comma or colon is missing here"),
        ("a.json", '["\\x"]', "a.json:1:3: an escape"),
        ("a.json", '["a\nb"]', "a.json:1:4: a line break or tab inside of a text"),
        ("a.json", "[TRUE]", "a.json:1:2: not valid JSON"),
        ("a.yaml", "- a\n---\n- b\n", "a.yaml:3:1: a second YAML document begins here"),
        ("a.yaml", "# nothing\n", "a.yaml: the file holds no data"),
        ("a.yaml", "", "a.yaml: the file holds no data"),
        ("a.txt", "a", "a.txt: a data file that ends in `.txt`"),
        ("data", "a", "data: a data file without an ending"),
    ],
)
def test_what_is_refused(name: str, text: str, found: str) -> None:
    finding = refused(name, text)[0]
    assert finding.rule.id == "S7E008"
    assert f"{finding.where}: {finding.summary}".startswith(found)


@pytest.mark.parametrize(("text", "rule"), [("a: 1\na: 2\n", "S7E003"), ("a: [", "S7E002")])
def test_yaml_keeps_its_own_rules(text: str, rule: str) -> None:
    assert [finding.rule.id for finding in refused("a.yaml", text)] == [rule]


@pytest.mark.parametrize(("name", "delimiter"), [("a.json", ","), ("a.csv", "::"), ("a.csv", '"')])
def test_delimiters_that_cannot_be(name: str, delimiter: str) -> None:
    assert "delimiter" in refused(name, "[]", delimiter)[0].summary


def test_the_hint_about_a_delimiter_is_what_a_manifest_would_say() -> None:
    assert 'delimiter: ";"' in (refused("a.csv", "a;b\n")[0].hint or "")
    assert 'delimiter: "\\t"' in (refused("a.csv", "a\tb\n")[0].hint or "")


def test_all_findings_of_a_file_up_to_a_bound() -> None:
    findings = refused("a.csv", "a,b\n1\n2,3\n4\n")
    assert [str(finding.where) for finding in findings] == ["a.csv:2:1", "a.csv:4:1"]
    findings = refused("a.json", "[" + "NaN," * 200 + "1]")
    assert len(findings) == 101
    assert "more than 100 findings" in findings[-1].summary


def test_the_first_of_two_names_is_a_related_place() -> None:
    for name, text in (("a.csv", "b,a,a\n"), ("a.json", '{"a": 1, "a": 2}')):
        (finding,) = refused(name, text)
        (related,) = finding.related
        assert related.where < finding.where  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n" + "1\n" * 100_001, "a.csv:100002:1: more than 100,000 rows"),
        ("a" + ",a" * 1000 + "\n", "a.csv:1:2001: more than 1,000 columns"),
        (
            ",".join(f"c{i}" for i in range(1000)) + ("\n" + "," * 999) * 4001,
            "a.csv:4002:1: more than 4,000 rows of 1,000 columns",
        ),
    ],
    ids=["rows", "columns", "cells"],
)
def test_bounds_of_a_table(text: str, found: str) -> None:
    (finding,) = refused("a.csv", text)
    assert f"{finding.where}: {finding.summary}" == found


@pytest.mark.parametrize(
    ("name", "pointer", "key", "value"),
    [
        ("a.csv", (), "1:1-5:3", "1:1-5:3"),
        ("a.csv", (0,), "2:1-2:4", "2:1-2:4"),
        ("a.csv", (1,), "4:1-5:3", "4:1-5:3"),
        ("a.csv", (1, "name"), "1:5-1:9", "4:3-5:3"),
        ("a.csv", (0, "sku"), "1:1-1:4", "2:1-2:2"),
        ("a.csv", (1, "nothing"), "4:1-5:3", "4:1-5:3"),
        ("a.csv", (7, "sku"), "1:1-5:3", "1:1-5:3"),
        ("a.json", (), "1:1-2:13", "1:1-2:13"),
        ("a.json", (0, "b"), "1:11-1:14", "1:16-1:51"),
        ("a.json", (0, "b", "c", 1), "1:29-1:33", "1:29-1:33"),
        ("a.json", (1, "a"), "2:3-2:6", "2:8-2:11"),
        ("a.json", (1, "nothing"), "2:2-2:12", "2:2-2:12"),
        ("a.yaml", (1, "b", "c"), "2:7-2:8", "2:10-2:11"),
        ("a.yaml", (0,), "1:3-1:7", "1:3-1:7"),
    ],
)
def test_places(name: str, pointer: Pointer, key: str, value: str) -> None:
    data = loaded(name, {"a.csv": CSV, "a.json": JSON, "a.yaml": YAML}[name])
    for wanted, is_key in ((key, True), (value, False)):
        where = data.locate(pointer, key=is_key)
        assert f"{where.line}:{where.column}-{where.end_line}:{where.end_column}" == wanted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    for name, text in (("a.csv", "ä\nö\n"), ("a.json", '[{"ä": "ö"}]'), ("a.yaml", "- ä: ö\n")):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        result = load_data(path, root=tmp_path)
        assert result.data is not None
        assert result.data.value == [{"ä": "ö"}]
        assert result.data.path == name


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"a\ncaf\xe9\n")
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    found = [
        load_data(tmp_path / name, root=tmp_path).diagnostics[0]
        for name in ("missing.csv", "bytes.csv", "large.json")
    ]
    assert [f"{each.rule.id} {each.where}" for each in found] == [
        "S7E001 missing.csv",
        "S7E001 bytes.csv:2:4",
        "S7E008 large.json",
    ]


CELLS = st.text(st.sampled_from('ab ,;"\n\r\té😀'), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6), st.sampled_from(",;\t|"))
@settings(max_examples=150, deadline=None)
def test_what_csv_wrote_is_read_and_found_again(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["x", "y"], *rows])
    text = out.getvalue()
    data = loaded("a.csv", text, delimiter)
    assert data.value == [{"x": x, "y": y} for x, y in rows]
    for index, row in enumerate(rows):
        for name, cell in zip("xy", row, strict=True):
            written = _stretch(text, data, (index, name))
            assert next(csv.reader(io.StringIO(written, newline="")), [""]) == [cell] or (
                written == cell
            )


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from('ab{}[],:"\\/é😀\n'), max_size=5),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.text(st.sampled_from('ab",:'), max_size=3), below, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON_VALUES.filter(lambda value: value is not None), st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_json_wrote_is_read_and_found_again(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=ascii_only)
    data = loaded("a.json", text)
    assert data.value == value
    for pointer, below in _below(value, ()):
        assert json.loads(_stretch(text, data, pointer)) == below


def _below(value: Any, pointer: Pointer) -> list[tuple[Pointer, Any]]:
    found: list[tuple[Pointer, Any]] = [(pointer, value)]
    if isinstance(value, dict):
        for key, child in value.items():
            found += _below(child, (*pointer, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            found += _below(child, (*pointer, index))
    return found


def _stretch(text: str, data: DataFile, pointer: Pointer) -> str:
    """The characters that the place of ``pointer`` covers."""
    where = data.locate(pointer)
    starts = [0]
    lines = io.StringIO(text, newline="")
    starts += [lines.tell() for _ in iter(lines.readline, "")]
    return text[
        starts[where.line - 1] + where.column - 1 : starts[where.end_line - 1]
        + where.end_column
        - 1
    ]
