"""Jobs share an entry only where nothing that is told of them differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from s7spec.model.asset import ExcludedAsset
from s7spec.model.ledger import Prior
from s7spec.model.manifest import Fmt
from s7spec.model.plan import Action, AssetChange, AssetChangeKind, PlanItem, Reason, ReasonCode
from s7spec.model.schedule import Timing
from s7spec.report.human_plan import plan_text
from s7spec.report.markdown_plan import plan_markdown
from s7spec.report.plan_outline import alike
from s7spec.report.view import View
from tests.report.jobs import DIGEST, NOW, asset, export_job
from tests.report.plans import item, modifier_changed, new, plan_of, told

CHANGED = modifier_changed("wid=1", "wid=2")


def changed_job(number: int) -> PlanItem:
    return item(f"m/j{number}", Action.SUBMIT, CHANGED, job=export_job(f"wid=2&rgn={number}"))


def asset_from(width: int) -> Reason:
    after = asset("PS_1")
    before = replace(after, width=width)
    change = AssetChange(kind=AssetChangeKind.CHANGED, path=after.path, before=before, after=after)
    return Reason(code=ReasonCode.ASSETS_CHANGED, detail="", assets=(change,))


def with_job(job: PlanItem, **changes: object) -> PlanItem:
    assert job.export_job is not None
    return replace(job, export_job=replace(job.export_job, **changes))  # type: ignore[arg-type]


DIFFERENT: dict[str, Callable[[PlanItem, int], PlanItem]] = {
    "tries": lambda job, n: replace(job, tries=1 + n),
    "timing": lambda job, n: replace(job, timing=Timing(at=NOW + timedelta(hours=n))),
    "unsafe": lambda job, n: replace(job, unsafe_modifiers=("src",) if n else ()),
    "excluded": lambda job, n: replace(
        job, excluded=(ExcludedAsset(path=f"F/{n}", type="SpinSet", reason="no"),)
    ),
    "a part": lambda job, n: replace(job, only=(asset(f"PS_{n}"),)),
    "assets": lambda job, n: with_job(job, assets=(asset(f"PS_{n}"), asset("PS_9"))),
    "fmt": lambda job, n: with_job(job, fmt=Fmt.ORIG) if n else job,
    "code_version": lambda job, n: with_job(job, code_version=str(n)),
    "inputs": lambda job, n: with_job(job, inputs=(("icc", str(n)),)),
    "how an asset was": lambda job, n: replace(job, reasons=(*job.reasons, asset_from(100 + n))),
    "words": lambda job, n: replace(
        job, reasons=(*job.reasons, told(ReasonCode.FAILED, f"fault {n}"))
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_differs_is_told_job_by_job(name: str) -> None:
    jobs = [DIFFERENT[name](changed_job(number), number) for number in range(4)]
    assert len(alike(jobs)) > 1
    assert len(alike([changed_job(number) for number in range(4)])) == 1


def test_only_the_name_of_the_last_attempt_may_differ_in_words() -> None:
    jobs = [
        replace(
            item(f"m/{n}", Action.RETRY, told(ReasonCode.FAILED, f"s7-{n} ended failed")),
            prior=Prior(attempt_name=f"s7-{n}", version=1),
        )
        for n in range(3)
    ]
    assert len(alike(jobs)) == 1
    text = plan_text(plan_of(*jobs), View())
    assert "failed: the last attempt ended failed\n" in text


def test_new_jobs_and_pairs_stand_alone() -> None:
    assert len(alike([changed_job(number) for number in range(2)])) == 2
    fresh = [item(f"m/{n}", Action.SUBMIT, new(), job=export_job("wid=1")) for n in range(5)]
    assert len(alike(fresh)) == 5


def test_jobs_together_say_the_tries_and_who_uses_what_is_unsafe() -> None:
    jobs = [replace(changed_job(n), tries=3, unsafe_modifiers=("src",)) for n in range(5)]
    plan = plan_of(*jobs)
    assert "5 jobs  240 files, 960 MP  payload-changed; try 3\n" in plan_text(plan, View(width=99))
    markdown = plan_markdown(plan, digest=DIGEST, command=None)
    assert "| payload-changed; try 3<br>" in markdown
    assert "**unsafe**: uses `src`: `m/j0`, `m/j1`, `m/j2`, … and 2 more" in markdown
