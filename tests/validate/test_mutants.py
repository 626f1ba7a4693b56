"""Damaged manifests: never an exception, and every refusal says why, where and what to do."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from s7spec.load import load_file
from s7spec.load.dump import to_yaml
from tests.expand.compiling import compile_text
from tests.expand.test_cases import VALID
from tests.validate.mutating import mutants

EACH = 25


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_mutants_never_raise(path: Path) -> None:
    seeded = random.Random(path.name)  # noqa: S311 - a seed, not a secret
    (value, *_) = [d.value for d in load_file(path, root=path.parent).documents]
    for mutant in mutants(value, seeded, EACH):
        text = to_yaml(mutant)
        outcome = compile_text(text)
        assert outcome.jobs or outcome.findings, text
        for finding in outcome.findings:
            assert finding.hint, text
            assert finding.where is not None
            assert 0 < finding.where.line <= text.count("\n") + 1
            assert finding.snippet is not None


def test_there_are_a_few_hundred() -> None:
    assert len(VALID) * EACH >= 500
