"""What is selected of a plan: by state, action and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from s7spec.model.ledger import AttemptState
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.pipeline.selecting import HeadChoice, Sieve, parse
from tests.fakes.jobs import attempt, job_key
from tests.fakes.view import StillView
from tests.pipeline.projects import compiled, make_project, manifest

ITEMS = {
    "shoes/new": (Action.SUBMIT, [ReasonCode.NEW]),
    "shoes/same": (Action.SKIP, [ReasonCode.UNCHANGED]),
    "shoes/both": (Action.SUBMIT, [ReasonCode.PAYLOAD_CHANGED, ReasonCode.ASSETS_CHANGED]),
    "shoes/back": (Action.SUBMIT, [ReasonCode.RETURNED]),
    "hats/touched": (Action.SUBMIT, [ReasonCode.ASSETS_TOUCHED]),
    "hats/again": (Action.RETRY, [ReasonCode.FAILED]),
    "hats/other": (Action.SUBMIT, [ReasonCode.PAYLOAD_CHANGED]),
    "hats/moved": (Action.SKIP, [ReasonCode.UNCHANGED, ReasonCode.MOVED]),
    "hats/stuck": (Action.BLOCKED, [ReasonCode.TRIED_ENOUGH]),
    "gone/one": (Action.FORGET, [ReasonCode.NOT_DECLARED]),
}
LATEST = {
    "hats/again": AttemptState.FAILED,
    "hats/other": AttemptState.PARTIAL,
    "hats/before": AttemptState.STOPPED,
    "hats/stuck": AttemptState.REFUSED,
    "shoes/same": AttemptState.OK,
    "gone/one": AttemptState.CANCELLED,
}


def item(short: str) -> PlanItem:
    action, codes = ITEMS[short]
    return PlanItem(
        key=job_key(short),
        action=action,
        reasons=tuple(Reason(code=code, detail="") for code in codes),
        attempt_name="",
        generation=0,
        fingerprint=None,
        export_job=None,
        prior=None,
        moved_from=job_key("hats/before") if short == "hats/moved" else None,
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {
        "shoes.yaml": manifest("shoes", "new", labels="team: shoes"),
        "eu/hats.yaml": manifest("hats", "other", labels="team: hats"),
    }
    return make_project(tmp_path_factory.mktemp("project"), files)


def view() -> StillView:
    return StillView([attempt(short, state=state) for short, state in LATEST.items()])


@pytest.mark.parametrize(
    ("select", "wanted"),
    [
        ("changed", [*ITEMS.keys() - {"shoes/same", "hats/stuck"}]),
        ("unchanged", ["shoes/same"]),
        ("new", ["shoes/new", "shoes/back"]),
        ("failed", ["hats/again", "hats/other", "hats/moved", "hats/stuck"]),
        ("failed,changed", ["hats/again", "hats/other", "hats/moved"]),
        ("action:retry action:blocked", ["hats/again", "hats/stuck"]),
        ("reason:assets", ["shoes/both", "hats/touched"]),
        ("reason:assets-changed", ["shoes/both"]),
        ("reason:assets,not:reason:payload", ["hats/touched"]),
        ("reason:failed", ["hats/again", "hats/stuck"]),
        ("reason:gone", ["gone/one"]),
        ("action:forget,label:team", []),
        ("action:forget,path:*", []),
        ("action:forget,gone", ["gone/one"]),
        ("changed,label:team=hats", ["hats/touched", "hats/again", "hats/other", "hats/moved"]),
        ("changed,path:eu,not:failed", ["hats/touched"]),
        ("new not:shoes/back", ["shoes/new"]),
        ("not:changed", ["shoes/same", "hats/stuck"]),
        ("not:changed,not:failed", ["shoes/same"]),
    ],
)
def test_selected(root: Path, select: str, wanted: list[str]) -> None:
    sieve = Sieve(parse([select]), compiled(root).manifests, view())
    taken = [short for short in ITEMS if sieve.takes(item(short))]
    assert sorted(taken) == sorted(wanted)
    assert sieve.left_out == len(ITEMS) - len(taken)


@pytest.mark.parametrize(
    ("select", "wanted"),
    [
        ("hats", {"hats/again", "hats/before", "hats/other", "hats/stuck"}),
        ("failed", {"hats/again", "hats/before", "hats/other", "hats/stuck"}),
        ("failed,not:*/other not:hats/stuck", {"hats/again", "hats/before"}),
        ("not:failed", {"shoes/same", "gone/one"}),
    ],
)
def test_selected_of_a_ledger(select: str, wanted: set[str]) -> None:
    choice = HeadChoice(parse([select]))
    assert [*choice.unanswerable(), *choice.idle(view().heads())] == []
    assert {head.key.short for head in view().heads() if choice.takes(head)} == wanted


def test_what_a_ledger_cannot_answer() -> None:
    choice = HeadChoice(parse(["changed,label:x path:y", "failed reason:new action:skip"]))
    said = [finding.summary for finding in choice.unanswerable()]
    assert [text.split(":", 1)[0] for text in said] == [
        *("--select changed", "--select label", "--select path"),
        *("--select reason", "--select action"),
    ]


def test_names_that_a_ledger_does_not_know() -> None:
    choice = HeadChoice(parse(["hat hats/agan gone"]))
    hints = [finding.hint for finding in choice.idle(view().heads())]
    assert hints == ["did you mean `hats`?", "did you mean `hats/again`?"]
    assert [*choice.idle(StillView([]).heads())] == []


def test_a_word_that_means_two_things_to_a_ledger() -> None:
    heads = [*StillView([attempt("failed/a")]).heads()]
    (finding,) = HeadChoice(parse(["failed"])).idle(heads)
    assert finding.hint == "write name:failed or state:failed"
    assert [*HeadChoice(parse(["state:failed name:failed"])).idle(heads)] == []
