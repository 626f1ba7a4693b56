"""Lock files: what the action installs is what the tests ran with, hashes and all."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / ".ci" / "locks"
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def pins(name: str) -> dict[str, frozenset[str]]:
    """``attrs==26.1.0`` and its hashes."""
    text = (LOCKS / f"{name}.txt").read_text()
    found = re.findall(r"^(\S+==\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})*)", text, re.MULTILINE)
    return {pin: frozenset(hashes.split()) - {"\\"} for pin, hashes in found}


@pytest.mark.parametrize("extra", sorted(EXTRAS.keys() - {"dev"}))
def test_each_extra_is_locked_as_it_was_tested(extra: str) -> None:
    locked, tested = pins(extra), pins("dev")
    assert locked.items() <= tested.items()
    assert pins("runtime").items() < locked.items(), "it goes with the runtime's lock"
    assert all(locked.values()), "hashes"
    names = {pin.partition("==")[0] for pin in locked}
    assert {re.split(r"[\[>=]", each)[0] for each in EXTRAS[extra]} <= names
