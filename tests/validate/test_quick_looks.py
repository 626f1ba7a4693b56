"""Checks that look at the text first miss nothing that a look at every value would find."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from s7spec.load import load_text
from s7spec.model.source import SourceDocument, SourceFile, is_secret_name
from s7spec.validate.credentials import find_credentials
from s7spec.validate.leaves import find_idle_templates, find_odd_numbers


def read(text: str) -> SourceDocument:
    loaded = load_text(SourceFile(path="x.yaml", text=text))
    assert loaded.diagnostics == (), text
    return loaded.documents[0]


ODD = [
    *(
        "010",
        "0x1F",
        "0o17",
        "1e3",
        "1E3",
        "+5",
        ".5",
        "5.",
        "1.10",
        "-.5",
        "-0",
        "00",
        "+0",
        "1.0e1",
    ),
    *("-010", "0.00001", "123456789012345678.5", "1e-7", "+1.5", "1.50", "-1.0E+2", "0xff"),
]
PLAIN = ["1", "-1", "0", "0.5", "1.5", "10", "100", "1e-07", "1e+16", "-2.25", "0.001"]
NO_NUMBERS = [
    "1-2",
    "010a",
    "0x",
    "0xG1",
    "1.2.3",
    "a010",
    "1e",
    "--5",
    "...a",
    "0b1",
    "-0x1F",
]
PLACES = [
    *("a: {}", "a: {}  # 1", "a:\n  - {}\n", "a:\n- {}", "a: [{}]", "a: [1,{}]", "a: [ {} , 2]"),
    *('{{"a":{}}}', "{{a: {}}}", "a: {{b: {},c: 1}}", "a: &x {}\nb: 1", "a:\t{}", "? a\n: {}"),
    *("a:\n  {}", "a: 1\r\nb: {}\r\nc: 2\r\n", "a: [[{}]]", "a: [x,{},y]", "a: {}\n...\n"),
]


@pytest.mark.parametrize("place", PLACES)
def test_odd_numbers_are_found_wherever_they_stand(place: str) -> None:
    for number in ODD:
        (mistake,) = find_odd_numbers(read(place.format(number)))
        assert mistake.summary.startswith(f"`{number}` is the number ")
    for number in (*PLAIN, *NO_NUMBERS, *(f'"{odd}"' for odd in ODD)):
        assert list(find_odd_numbers(read(place.format(number)))) == []


def test_odd_numbers_in_texts_are_texts() -> None:
    texts = "a: 010 and 1.10\nb: '1.10'\nc: |\n  010\n  1.10\n# 1e3\nd: [10, 1.1, 1000]\n010: x\n"
    assert list(find_odd_numbers(read(texts))) == []
    (mistake,) = find_odd_numbers(read(f"{texts}e: 010\n"))
    assert mistake.pointer == ("e",)


def test_tagged_numbers() -> None:
    assert [
        m.summary for m in find_odd_numbers(read('a: !!float 5\nb: !!int "010"\nc: !!int 5'))
    ] == [
        "`5` is the number 5.0 to YAML",
        '`"010"` is the number 10 to YAML',
    ]


def test_long_texts_of_digits_are_read_once() -> None:
    document = read("a: |\n  " + "1" * 100_000 + "x " + "0" * 100_000 + "\n")
    assert list(find_odd_numbers(document)) == []


KEYS = [
    *("password", "ipsUser", "api_key", "pass_word", "apiKey", "S7SPEC_TOKEN", "secrets", "my.pwd"),
    *(
        "ä-pwd",
        "password_file",
        "user_photos",
        "status",
        "focus",
        "erase",
        "tokenizer",
        "key",
        "api",
        "ä-pwd",
    ),
]
VALUES: list[Any] = [
    *(
        "http://me@example.com",
        "http://example.com/a@b",
        "a://b c@d",
        "see ftp://u:p@h",
        "me@x.com",
    ),
    *("x", 1, None, ["http://u@h"], {"pwd": 1}, [{"token": "x"}], {"a": ["s3://u'v@b"]}, []),
]


def expected(value: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place that holds a credential, found the long way."""
    if isinstance(value, dict):
        found: list[tuple[str | int, ...]] = []
        for key, below in value.items():
            is_plain = not isinstance(below, dict) and not (
                isinstance(below, list) and any(isinstance(item, dict) for item in below)
            )
            here = (*pointer, key)
            found += [here] if is_secret_name(key) and is_plain else expected(below, here)
        return found
    if isinstance(value, list):
        return [p for i, below in enumerate(value) for p in expected(below, (*pointer, i))]
    urls = ("http://me@", "ftp://u:p@", "http://u@", "s3://u'v@")
    return [pointer] if isinstance(value, str) and any(url in value for url in urls) else []


def escaped(text: str) -> str:
    return "".join(rf"\u{ord(c):04x}" if c.isalpha() or c in "@{" else c for c in text)


@pytest.mark.parametrize("escape", [False, True], ids=["plain", "escaped"])
def test_credentials_are_found_wherever_they_stand(escape: bool) -> None:
    seeded = random.Random(5)  # noqa: S311 - a seed, not a secret
    hits = 0
    for _ in range(400):
        value = {
            seeded.choice(KEYS): seeded.choice(VALUES),
            "list": [{seeded.choice(KEYS): seeded.choice(VALUES)}, [seeded.choice(VALUES)]],
        }
        text = json.dumps(value, ensure_ascii=False)
        found = find_credentials(read(as_escapes(text) if escape else text))
        assert [mistake.pointer for mistake in found] == expected(value), text
        hits += bool(expected(value))
    assert 50 < hits < 400


def as_escapes(text: str) -> str:
    """The same JSON with every character of its texts spelled as an escape."""
    parts = text.split('"')
    parts[1::2] = map(escaped, parts[1::2])
    return '"'.join(parts)


@pytest.mark.parametrize("text", ['vars: {a: "{{ x }}"}', r'vars: {a: "\x7b{ x }}"}'])
def test_idle_templates_are_found_however_they_are_spelled(text: str) -> None:
    (mistake,) = find_idle_templates(read(text))
    assert mistake.pointer == ("vars", "a")


def test_templates_are_idle_only_where_nobody_expands_them() -> None:
    text = """
metadata: {description: "{{ a }}", owner: "{{ b }}"}
exports:
  - id: "{{ c }}"
    fmt: "{{ d }}"
    is_modifier: {wid: "{{ e }}", hei: ["{{ f }}"]}
    assets: {names: ["{{ g }}", ["{{ h }}"]], folder: "{{ i }}"}
assets: {x: {names: ["{{ j }}"], recursive: "{% if k %}"}}
"""
    assert [mistake.pointer for mistake in find_idle_templates(read(text))] == [
        ("metadata", "owner"),
        ("exports", 0, "fmt"),
        ("exports", 0, "is_modifier", "hei", 0),
        ("exports", 0, "assets", "names", 1, 0),
        ("assets", "x", "recursive"),
    ]
