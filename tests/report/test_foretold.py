"""How many bytes are foretold, and of how many files they are not: in every form of a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from s7spec.model.pictures import PredictedPictures
from s7spec.model.plan import Action, Plan, PlanItem
from s7spec.report.human_plan import plan_text
from s7spec.report.markdown_plan import plan_markdown
from s7spec.report.predictions import becomes_text
from s7spec.report.view import View
from tests.report.jobs import export_job
from tests.report.pages import page_of
from tests.report.plans import item, new, plan_of


def _markdown(plan: Plan) -> str:
    return plan_markdown(plan, digest="sha256:" + "0" * 64, command=None)


def _human(plan: Plan) -> str:
    return plan_text(plan, View(width=200))


_FORMS = pytest.mark.parametrize("form", [_human, _markdown, page_of])


def predicted(pictures: int, likely: int, *, unknown: int = 0) -> PredictedPictures:
    return PredictedPictures(
        pictures=pictures,
        unknown=unknown,
        format="jpeg",
        extension="jpg",
        least_width=8,
        most_width=8,
        least_height=8,
        most_height=8,
        least_bytes=likely,
        likely_bytes=likely,
        most_bytes=likely,
    )


def job(name: str, told: PredictedPictures | None) -> PlanItem:
    return replace(item(name, Action.SUBMIT, new(), job=export_job()), predicted=told)


def test_jobs_without_an_estimate_are_told_beside_those_that_have_one() -> None:
    jobs = [job("shop/a", predicted(5, 1_000_000)), job("shop/b", predicted(9, 0, unknown=1))]
    assert becomes_text(jobs) == (
        "14 jpg of 8x8, about 1.0 MB (1.0 MB to 1.0 MB) but for 9 files nobody can foretell; "
        "1 picture of unknown size"
    )
    assert becomes_text(jobs[:1]) == "5 jpg of 8x8, about 1.0 MB (1.0 MB to 1.0 MB)"
    assert becomes_text(jobs[1:]) == "9 jpg of 8x8; 1 picture of unknown size"


def test_the_page_tells_them_too() -> None:
    jobs = job("shop/a", predicted(5, 1_000_000)), job("shop/b", predicted(1, 0))
    assert "(1.0 MB to 1.0 MB) but for 1 file nobody can foretell</dd>" in page_of(plan_of(*jobs))


@_FORMS
def test_where_nothing_can_be_foretold_that_is_said(form: Callable[[Plan], str]) -> None:
    files = 2 * len(export_job().assets)
    text = form(plan_of(job("shop/a", predicted(3, 0)), job("shop/b", None)))
    assert "To deliver" in text
    assert f"nobody can foretell the size of {files} files" in text
