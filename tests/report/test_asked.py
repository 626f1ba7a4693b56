"""What many new jobs ask for is said once, and what differs as a range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.plan import Action, PlanItem, ReasonCode
from s7spec.model.preset import Preset
from s7spec.report.asked import Asked, asked_by
from s7spec.report.human_plan import plan_text
from s7spec.report.view import View
from tests.report.jobs import export_job
from tests.report.plans import item, new, plan_of, told


def new_jobs(*modifiers: str) -> list[PlanItem]:
    return [
        item(f"m/e{number:03}", Action.SUBMIT, new(), job=export_job(modifier))
        for number, modifier in enumerate(modifiers)
    ]


@pytest.mark.parametrize(
    ("modifiers", "text"),
    [
        (["wid=7&fit=crop"], "wid=7&fit=crop"),
        (["wid=7", "wid=7"], "wid=7"),
        (["wid=10&hei=9", "wid=9&hei=9", "wid=10&hei=9"], "wid=<9; 10>&hei=9"),
        ([f"wid={side}&fit=crop" for side in range(5, 100)], "wid=<5 to 99, 95 values>&fit=crop"),
        (["fmt=jpeg,rgb", "fmt=png-alpha"], "fmt=<jpeg,rgb; png-alpha>"),
        ([f"fmt={name}" for name in "abcde"], "fmt=<5 values>"),
        (["op_usm=1,1,5", "op_usm=" + "2" * 50], "op_usm=<2 values>"),
        (["scl=0.5", "scl=-1", "scl=10"], "scl=<-1; 0.5; 10>"),
        (["$view$&wid=1", "$view$&wid=2"], "$view$&wid=<1; 2>"),
        (["layer=0&pos=1,1&layer=1&pos=2,2", "layer=0&pos=1,1&layer=1&pos=3,3"],
         "layer=0&pos=1,1&layer=1&pos=<2,2; 3,3>"),
        (["src=is{A?wid=1&hei=2}&wid=1", "src=is{A?wid=1&hei=2}&wid=2"],
         "src=is{A?wid=1&hei=2}&wid=<1; 2>"),
    ],
)  # fmt: skip
def test_one_kind(modifiers: list[str], text: str) -> None:
    assert asked_by(new_jobs(*modifiers)) == (
        Asked(jobs=len(modifiers), fields=(("is_modifier", text),)),
    )


def test_kinds_stand_apart_most_jobs_first() -> None:
    jobs = new_jobs("wid=1", "wid=1&hei=2", "wid=2&hei=2", "hei=2&wid=1", "wid")
    assert [(kind.jobs, kind.fields[0][1]) for kind in asked_by(jobs)] == [
        (2, "wid=<1; 2>&hei=2"),
        (1, "wid=1"),
        (1, "hei=2&wid=1"),
        (1, "wid"),
    ]


def test_macros_and_originals() -> None:
    preset = Preset(name="zoom", urlModifier="wid=9")
    macro = item("m/a", Action.SUBMIT, new(), job=export_job(None, preset=preset))
    plain = item("m/b", Action.SUBMIT, new(), job=export_job(None))
    assert [kind.fields for kind in asked_by([macro, plain])] == [
        (("macro", "$zoom$ = wid=9"),),
        (("fmt", "orig"),),
    ]


def test_jobs_with_a_past_are_compared_instead() -> None:
    retried = item("m/a", Action.RETRY, told(ReasonCode.FAILED, "x"), job=export_job("wid=1"))
    assert asked_by([retried]) == ()


@given(st.lists(st.text(alphabet="&=<>{}() a1,", max_size=12), min_size=1, max_size=9))
def test_every_job_counts_once(modifiers: list[str]) -> None:
    jobs = new_jobs(*modifiers)
    assert sum(kind.jobs for kind in asked_by(jobs)) == len(jobs)


def test_more_kinds_than_there_is_room_for_are_said() -> None:
    modifiers = [f"wid={number}&a{number % 8}=1" for number in range(64)]
    text = plan_text(plan_of(*new_jobs(*modifiers)), View())
    assert "is_modifier   8 jobs: wid=<0 to 56, 8 values>&a0=1\n" in text
    assert "… and 40 of other commands: --detail full\n" in text
