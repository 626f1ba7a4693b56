"""Formatting keeps values, words and comments, and settles at once."""

from __future__ import annotations

import codecs
import random
import re
from pathlib import Path

import pytest
import yaml

from s7spec.load import find_texts, format_file, layout
from s7spec.load.formatting import format_text, says_the_same
from s7spec.load.texts import load_text
from s7spec.model.source import SourceFile

ROOT = Path(__file__).resolve().parents[2]
GOOD = sorted(
    [*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/cases/manifests/valid/*.yaml")],
    key=lambda path: path.name,
)
VARIANTS = 22
HEAD = "apiVersion: s7spec/v1\n"


def source(text: str) -> SourceFile:
    return SourceFile(path="m.yaml", text=text)


def values(text: str) -> list[str]:
    loaded = load_text(source(text))
    assert loaded.diagnostics == ()
    return [repr(document.value) for document in loaded.documents]


def formatted(text: str) -> str:
    after, findings = format_text(source(text))
    assert findings == ()
    return after


def varied(text: str, chance: random.Random) -> str:
    """``text`` with other indentation, comments and blank lines; it may mean something else."""
    step = chance.choice((2, 3, 4, 7))
    flat_lists = chance.random() < 0.3
    lines: list[str] = []
    for number, line in enumerate(text.splitlines()):
        indent = len(line) - len(line.lstrip(" "))
        new = indent * step // 2
        words = line.lstrip(" ")
        if words.startswith("- "):
            back = step if flat_lists and new >= step else 0
            new -= back
            words = "-" + " " * (step - 1 + back) + words[2:]
        if chance.random() < 0.1:
            lines.append(" " * chance.randrange(9) + f"# note {number}")
        if chance.random() < 0.05:
            lines += [""] * chance.randrange(1, 4)
        blanks = " " * chance.randrange(3) if chance.random() < 0.1 else ""
        lines.append(" " * new + words + blanks)
    return chance.choice(("\n", "\n", "\r\n")).join(lines) + "\n" * chance.randrange(3)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_every_variant_of_a_good_file(path: Path) -> None:
    chance = random.Random(path.name)  # noqa: S311 - the same variants in every run
    text = path.read_text("utf-8")
    usable = 0
    for variant in (text, *(varied(text, chance) for _ in range(VARIANTS))):
        if load_text(source(variant)).diagnostics:
            continue  # the variation broke it: nothing to format
        usable += 1
        after = formatted(variant)
        assert values(after) == values(variant)
        assert "".join(after.split()) == "".join(variant.split())
        assert re.findall(r"# note \d+", after) == re.findall(r"# note \d+", variant)
        assert formatted(after) == after
    assert usable > VARIANTS // 4


@pytest.mark.parametrize("path", sorted(ROOT.glob("specs/*.yaml")), ids=lambda path: path.name)
def test_our_own_specs_are_in_the_layout(path: Path) -> None:
    text = path.read_text("utf-8")
    assert formatted(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n- x\n-   y\n", "a:\n  - x\n  - y\n"),
        ("a:\n    -   b: 1\n        c: 2\n", "a:\n  - b: 1\n    c: 2\n"),
        ("a:\n    b: 1\n    # about nothing below\nc: 2\n", None),
        ("a:\n    b:\n            far\n", "a:\n  b:\n    far\n"),
        ("a: [\n  # one\n  1,   2, # two\n]\n", "a: [\n  # one\n  1,   2, # two\n]\n"),
        ("a: {x: 1,   y: 'z'}  \n\n\n\nb: +5\n", "a: {x: 1,   y: 'z'}\n\nb: +5\n"),
        ("a: |\n      one\n       two\n\n\n# c\nb: ~\n", "a: |\n  one\n   two\n\n# c\nb: ~\n"),
        ("a: |+\n    one\n\n\nb: 010\n", "a: |+\n  one\n\n\nb: 010\n"),
        ("a:\n    b: |2\n         x\n        y\n", None),
        ("# h\n---\na: 1\n# t\n---\n# two\nb: 2", "# h\n---\na: 1\n# t\n---\n# two\nb: 2\n"),
        ("a:\r\n- x\r\n", "a:\r\n  - x\r\n"),
        ('a:\n    b: "1\n\n       2 \\\n       3"\n', 'a:\n  b: "1\n\n     2 \\\n     3"\n'),
        ("a: &x\n    b: 1\nc: *x\n", "a: &x\n  b: 1\nc: *x\n"),
        ("a:\n- &x\n  b: 1\n- *x\n", "a:\n  - &x\n    b: 1\n  - *x\n"),
        ("a: |\n  no line break", "a: |\n  no line break"),
        ("a:\n- x\n# end", "a:\n  - x\n# end\n"),
        ("\n\n# s: first\na: 1", "# s: first\na: 1\n"),
    ],
)  # fmt: skip
def test_layout(before: str, after: str | None) -> None:
    text = formatted(before)
    assert values(text) == values(before)
    assert formatted(text) == text
    if after is not None:
        assert text == after


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_without_libyaml_the_layout_is_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(path.name)  # noqa: S311 - the same variants in every run
    texts = [varied(path.read_text("utf-8"), chance) for _ in range(3)]
    texts = [text for text in texts if not load_text(source(text)).diagnostics]
    fast = [layout.laid_out(text) for text in texts]
    monkeypatch.setattr(layout, "_LOADER", yaml.SafeLoader)
    assert [layout.laid_out(text) for text in texts] == fast


def test_a_file_that_two_links_lead_to_is_formatted_once(tmp_path: Path) -> None:
    (tmp_path / "s7spec.yaml").write_text(HEAD)
    (tmp_path / "a.yaml").write_text(HEAD)
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    files, findings = find_texts((tmp_path / "a.yaml", tmp_path))
    assert findings == ()
    assert list(files) == [tmp_path / "a.yaml", tmp_path / "s7spec.yaml"]


def test_a_key_with_a_question_mark_is_left_alone() -> None:
    text = "a:\n    ? b\n    : c\n"
    after, (finding,) = format_text(source(text))
    assert after == text
    assert finding.rule.id == "S7W090"
    assert str(finding.where) == "m.yaml:2:1"


def test_a_broken_file_keeps_its_text_and_gets_its_findings() -> None:
    text = "a: [1\nb: 2\n"
    after, findings = format_text(source(text))
    assert after == text
    assert [finding.rule.id for finding in findings] == ["S7E002"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_encodings_stay(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(mark + f"{HEAD}a:\n- ä\n".encode(encoding))
    file = format_file(path, root=tmp_path)
    assert file.changed
    assert file.data == mark + f"{HEAD}a:\n  - ä\n".encode(encoding)


def test_other_tools_yaml_is_left_alone(tmp_path: Path) -> None:
    for name, text in (("ci.yaml", "jobs:\n- x\n"), ("chart.yml", "a: {{ b }}\n")):
        (tmp_path / name).write_text(text)
        file = format_file(tmp_path / name, root=tmp_path)
        assert (file.is_ours, file.changed, file.diagnostics) == (False, False, ())


def test_a_link_out_of_the_project_is_an_error(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "s7spec.yaml").write_text(HEAD)
    (tmp_path / "outside.yaml").write_text(HEAD)
    (project / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert find_texts((tmp_path / "alone",))[0] == {}
    files, (finding,) = find_texts((project,))
    assert list(files) == [project / "s7spec.yaml"]
    assert finding.rule.id == "S7E007"


@pytest.mark.parametrize(
    "tampered",
    [
        "a: 1\nb: 2\n",
        "# c\na: 1\nb: 2\n# d\n",
        "a: 1 # c\nb: 1.0\n",
        "# c\na: 1\nb: 2\n",
        "a: 1\nb: 2 # c\n",
        "b: 2\na: 1 # c\n",
        "a: 1 #\n#c\nb: 2\n",
        "a: '1' # c\nb: 2\n",
        "a: 1 # c\n b: 2\n",
        "a:  1 # c\n\n\nb: 2\n",
    ],
)
def test_the_guard_refuses_whatever_a_layout_may_do_wrong(tampered: str) -> None:
    assert says_the_same(source("a: 1 # c\nb: 2\n"), "a: 1 # c\nb: 2\n")
    assert not says_the_same(source("a: 1 # c\nb: 2\n"), tampered)
