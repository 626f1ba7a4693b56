"""Changed assets are named with their signs, each once however many jobs it is in."""

from __future__ import annotations

from s7spec.model.plan import Action, AssetChange, AssetChangeKind, PlanItem, Reason, ReasonCode
from s7spec.report.changed_assets import changed_text
from tests.report.jobs import export_job
from tests.report.plans import item, new

KINDS = {
    "+": AssetChangeKind.NEW,
    "~": AssetChangeKind.CHANGED,
    ".": AssetChangeKind.TOUCHED,
    "-": AssetChangeKind.GONE,
}


def job(*changes: str) -> PlanItem:
    """``+F/a``: a new asset of that path."""
    assets = tuple(AssetChange(kind=KINDS[each[0]], path=each[1:]) for each in changes)
    reason = Reason(code=ReasonCode.ASSETS_CHANGED, detail="", assets=assets) if assets else new()
    return item("m/e", Action.SUBMIT, reason, job=export_job())


def text_of(*jobs: PlanItem, most: int = 3) -> str:
    return changed_text(jobs, most, "...")


def test_of_one_job() -> None:
    assert text_of(job()) == ""
    assert text_of(job("+F/a")) == "1 new: +a"
    assert text_of(job("-F/b", "+F/a")) == "1 new, 1 gone: +a, -b"
    assert text_of(job("+F/a", ".F/t", "~F/c", "-F/b"), most=4) == (
        "1 new, 1 changed, 1 touched, 1 gone: +a, ~c, ~t, -b"
    )


def test_only_a_few_are_named() -> None:
    changes = [*(f"+F/a{number}" for number in range(3)), "-F/a3"]
    assert text_of(job(*changes)) == "3 new, 1 gone: +a0, +a1, +a2, ..."
    assert text_of(job(*changes), most=4) == "3 new, 1 gone: +a0, +a1, +a2, -a3"


def test_a_moved_asset_is_told_with_its_folders() -> None:
    assert text_of(job("+New/a", "-Old/a", "+F/b")) == "2 new, 1 gone: +b, +New/a, -Old/a"


def test_what_many_jobs_share_is_counted_once() -> None:
    assert text_of(*[job("+F/a")] * 400) == "1 new in each: +a"
    assert text_of(job("+F/a"), job("+F/a", "-F/b"), job()) == (
        "1 new in 2 of 3 jobs, 1 gone in 1 of 3 jobs: +a, -b"
    )
    assert text_of(job("+F/a"), job("+F/b")) == "2 new in 2 of 2 jobs: +a, +b"
