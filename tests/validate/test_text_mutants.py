"""One slip in a good text: never an exception, and the first finding stands where the slip is.

Of those that are far away the name is defined in one place and used in another: a finding can only
point at the use, or a template is fed with a value of another type.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from s7spec.load import load_text
from s7spec.model.diagnostics import Diagnostic, has_errors
from s7spec.model.source import SourceFile
from tests.expand.compiling import compile_text
from tests.expand.test_cases import EXAMPLES, VALID
from tests.validate.damaging import Damaged, damaged

COUNT = int(os.environ.get("S7SPEC_TEST_MUTANTS", "5500"))
"""How many; S7SPEC_TEST_MUTANTS=50000 for a long run."""
SHARE = 0.95
NEAR = 2
EVERY_WORD = Path(__file__).with_name("every_word.yaml")


def is_whole(path: Path) -> bool:
    """True for what needs no file beside it."""
    outcome = compile_text(path.read_text("utf-8"))
    return bool(outcome.jobs) and not outcome.findings


FILES = [path for path in (*VALID, *EXAMPLES) if path.name != "s7spec.yaml" and is_whole(path)]


@dataclass(frozen=True, kw_only=True)
class Miss:
    path: Path
    mutant: Damaged
    finding: Diagnostic

    def __str__(self) -> str:
        mutant, finding = self.mutant, self.finding
        return (
            f"{self.path.name}: {mutant.what} {mutant.pointer} in lines {sorted(mutant.lines)}: "
            f"{finding.rule.id} {finding.where} {finding.summary} ({finding.hint})"
        )


def is_near(finding: Diagnostic, mutant: Damaged, *, second: bool = False) -> bool:
    """With ``second``, the other places that the finding shows count as well."""
    assert finding.where is not None
    places = [finding.where, *(place.where for place in finding.related if second)]
    return any(abs(at.line - line) <= NEAR for at in places for line in mutant.lines)


def check_whole(finding: Diagnostic, mutant: Damaged) -> None:
    assert finding.summary, mutant.text
    assert finding.hint, mutant.text
    assert finding.where is not None
    assert 0 < finding.where.line <= mutant.text.count("\n") + 1, mutant.text


@dataclass(kw_only=True)
class Tally:
    mutants: int = 0
    invalid: int = 0
    near: int = 0
    shown: int = 0
    misses: list[Miss] = field(default_factory=list)

    def count(self, path: Path, count: int) -> None:
        """Damages the file ``count`` times and looks at what is found."""
        seeded = random.Random(path.name)  # noqa: S311 - a seed, not a secret
        for mutant in damaged(path.read_text("utf-8"), seeded, count):
            outcome = compile_text(mutant.text)
            self.mutants += 1
            if not has_errors(outcome.findings):
                continue
            self.invalid += 1
            for finding in outcome.findings:
                check_whole(finding, mutant)
            first = outcome.findings[0]
            self.near += is_near(first, mutant)
            self.shown += is_near(first, mutant, second=True)
            if not is_near(first, mutant):
                self.misses.append(Miss(path=path, mutant=mutant, finding=first))

    def __str__(self) -> str:
        near, shown = self.near / self.invalid, self.shown / self.invalid
        return (
            f" [{self.mutants:,} mutants, {self.invalid:,} invalid: the first finding is near in "
            f"{near:.1%}, or shows the place besides in {shown:.1%}] "
        )


def test_the_first_finding_is_where_the_slip_is(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    assert len(FILES) >= 18
    for path in FILES:
        tally.count(path, -(-COUNT // len(FILES)))
    with capsys.disabled():
        print(tally, end="")
    assert tally.mutants >= min(COUNT, 5_000)
    assert tally.invalid > tally.mutants / 2
    assert tally.near / tally.invalid >= SHARE, "\n".join(map(str, tally.misses))


def test_slips_where_everything_refers_to_something(capsys: pytest.CaptureFixture[str]) -> None:
    """A manifest that uses every word of the language, and most names in a second place."""
    tally = Tally()
    assert compile_text(EVERY_WORD.read_text("utf-8")).findings == ()
    tally.count(EVERY_WORD, 2_000)
    with capsys.disabled():
        print(tally, end="")
    assert tally.shown / tally.invalid >= 0.85


def test_every_way_of_damage_is_what_it_says() -> None:
    text = "# s\na:\n  b: 1  # x\n  c:\n  - {x: 1, y: 2}\n  - z: |\n      t\n    w: 4\nd: [1, 2]\n"
    seeded = random.Random(3)  # noqa: S311 - a seed, not a secret
    found = {(m.what, m.pointer): m for m in damaged(text, seeded, 2_000)}
    dropped = {
        ("a", "b"): "# s\na:\n  c:\n  - {x: 1, y: 2}\n  - z: |\n      t\n    w: 4\nd: [1, 2]\n",
        ("a", "c", 1): "# s\na:\n  b: 1  # x\n  c:\n  - {x: 1, y: 2}\nd: [1, 2]\n",
        ("a", "c", 0, "y"): text.replace(", y: 2", ""),
        ("a", "c", 1, "z"): text.replace("z: |\n      t\n    ", ""),
        ("d",): text.replace("\nd: [1, 2]", ""),
        ("d", 0): text.replace("1, 2]", "2]"),
    }
    for pointer, expected in dropped.items():
        assert found["drop", pointer].text == expected
    for (what, pointer), mutant in found.items():
        for line in mutant.lines:
            assert 0 < line <= mutant.text.count("\n") + 1, (what, pointer)
        (document,) = load_text(SourceFile(path="x.yaml", text=text)).documents
        shown = document.locate(pointer, key=True).line
        if what in ("retype", "misspell"):
            assert shown in mutant.lines
    assert found["duplicate", ("a", "b")].text.count("b: 1") == 2
    assert found["duplicate", ("d", 1)].text.endswith("d: [1, 2, 2]\n")
