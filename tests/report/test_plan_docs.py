"""docs/plans.md tells of every action and every reason, and draws the signs that reports draw."""

import re
from pathlib import Path

import pytest

from s7spec.model.plan import Action, ReasonCode
from s7spec.plan import FORMAT_VERSION, REASONS_OF
from s7spec.report.symbols import symbol

TEXT = (Path(__file__).parents[2] / "docs" / "plans.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in TEXT.splitlines()
    if line.startswith("|")
]


def told() -> dict[str, set[str]]:
    """The reasons that the table gives for each action."""
    found: dict[str, set[str]] = {}
    for row in ROWS:
        if len(row) == 6 and row[3].startswith("`"):
            found.setdefault(row[3].strip("`"), set()).update(re.findall(r"`([a-z-]+)`", row[4]))
    return found


@pytest.mark.parametrize("action", Action)
def test_every_action_is_told_with_reasons_it_can_have(action: Action) -> None:
    reasons = told()[action.value]
    assert reasons
    assert reasons <= {code.value for code in REASONS_OF[action]}


def test_every_reason_is_told() -> None:
    everything = {code for codes in told().values() for code in codes}
    moved = {re.findall(r"`([a-z-]+)`", row[4])[0] for row in ROWS if row[3:4] == ["as above"]}
    assert everything | moved == {code.value for code in ReasonCode}


def test_signs_are_those_of_the_reports() -> None:
    signs = {
        action: tuple(cell.strip("`") for cell in row[:2])
        for row in ROWS
        if len(row) == 3
        for action in re.findall(r"`([a-z-]+)`", row[2])
    }
    for action in Action:
        # Its sign depends on whether it was sent before: `~` stands in the later row.
        drawn = tuple(symbol(action, (), unicode=unicode) for unicode in (True, False))
        assert signs[action.value] == drawn
    assert symbol(Action.SUBMIT, (ReasonCode.NEW,), unicode=False) == "+"


def test_the_format_is_that_of_plan_files() -> None:
    assert f"(format {FORMAT_VERSION})" in (Path(__file__).parents[2] / "CHANGELOG.md").read_text(
        "utf-8"
    )
