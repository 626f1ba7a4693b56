"""How much is sent: counted over what goes to IPS, and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.guardrails import Limits
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.pictures import PredictedPictures
from s7spec.model.plan import Action, PlanItem, Reason, ReasonCode
from s7spec.plan.delivery import delivery_of
from s7spec.plan.guard.amounts import amounts_of
from s7spec.plan.guard.limits import limit_verdicts
from s7spec.plan.items import item_of
from s7spec.plan.totals import EmailTotal, SendingTotals, sending_totals
from tests.fakes.catalog import asset
from tests.fakes.jobs import export_job, resolved_job


def item(short: str, action: Action = Action.SUBMIT, **payload: Any) -> PlanItem:
    job = resolved_job(short, replace(export_job(), **payload))
    reason = Reason(code=ReasonCode.NEW, detail="")
    return item_of(job, action, (reason,), attempt_name="", generation=1, latest=None)


def predicted(least: int, likely: int, most: int, *, unknown: int = 0) -> PredictedPictures:
    return PredictedPictures(
        pictures=2,
        unknown=unknown,
        format="jpeg",
        extension="jpg",
        least_width=1,
        most_width=1,
        least_height=1,
        most_height=1,
        least_bytes=least,
        likely_bytes=likely,
        most_bytes=most,
    )


SIZED = (
    asset("Acme/one", file_size=100).version,
    asset("Acme/two", file_size=50).version,
)
UNSIZED = (SIZED[0], asset("Acme/two", file_size=None).version)


def test_nothing_sent_is_nothing() -> None:
    still = [item("shop/same", Action.SKIP), item("shop/runs", Action.WAIT)]
    assert sending_totals(still) == SendingTotals(
        jobs=0,
        files=0,
        source_bytes=0,
        least_bytes=0,
        likely_bytes=0,
        most_bytes=0,
        unforeseen=0,
        emails=(),
    )


def test_originals_are_as_large_as_their_assets() -> None:
    found = sending_totals([item("shop/a", fmt=Fmt.ORIG, is_modifier=None, assets=UNSIZED)])
    assert (found.least_bytes, found.likely_bytes, found.most_bytes) == (100, 100, 100)
    assert (found.files, found.source_bytes, found.unforeseen) == (2, 100, 1)


def test_converted_files_are_estimates() -> None:
    told = replace(item("shop/a", assets=SIZED), predicted=predicted(10, 20, 40, unknown=1))
    silent = item("shop/b", assets=SIZED)
    found = sending_totals([told, silent])
    assert (found.least_bytes, found.likely_bytes, found.most_bytes) == (10, 20, 40)
    assert (found.files, found.source_bytes, found.unforeseen) == (4, 300, 3)


def test_of_a_repair_what_is_repaired_counts() -> None:
    repair = replace(item("shop/a", Action.REPAIR, assets=SIZED), only=SIZED[1:])
    found = sending_totals([repair])
    assert (found.jobs, found.files, found.source_bytes) == (1, 1, 50)


def test_originals_are_what_they_are_whatever_is_foretold() -> None:
    wrong = predicted(1, 2, 3)
    job = replace(item("shop/a", fmt=Fmt.ORIG, is_modifier=None, assets=SIZED), predicted=wrong)
    assert sending_totals([job]).likely_bytes == 150


def test_of_a_job_that_stays_all_files_are_told() -> None:
    stays = item("shop/a", Action.SKIP, fmt=Fmt.ORIG, is_modifier=None, assets=UNSIZED)
    found = delivery_of(replace(stays, only=SIZED[1:]))
    assert (found.files, found.likely_bytes, found.unforeseen) == (2, 100, 1)
    assert (found.is_told, found.is_estimate) == (True, True)


def test_a_negative_size_lowers_nothing() -> None:
    """An older s7spec may have put it into the ledger."""
    assets = (SIZED[0], asset("Acme/two", file_size=-(2**31)).version)
    job = item("shop/a", fmt=Fmt.ORIG, is_modifier=None, assets=assets)
    found = delivery_of(job)
    assert (found.least_bytes, found.likely_bytes, found.most_bytes) == (100, 100, 100)
    assert (found.unforeseen, sending_totals([job]).source_bytes) == (1, 100)


def test_of_a_job_that_is_sent_only_what_is_sent_counts() -> None:
    repair = replace(item("shop/a", Action.REPAIR, assets=SIZED), only=SIZED[1:])
    assert repair.counted_assets == SIZED[1:]
    assert replace(repair, action=Action.SKIP).counted_assets == SIZED
    forgotten = replace(repair, action=Action.FORGET, export_job=None, only=None)
    assert forgotten.counted_assets == ()


def test_the_limit_counts_what_the_plan_says_is_delivered() -> None:
    items = [
        item("shop/a", fmt=Fmt.ORIG, is_modifier=None, assets=UNSIZED),
        replace(item("shop/b", assets=SIZED), predicted=predicted(10, 20, 40)),
        item("shop/c", assets=SIZED),
    ]
    totals, known = sending_totals(items), (lambda: 0)
    (verdict,) = limit_verdicts(amounts_of(items), Limits(bytes=10_000), known)
    assert (verdict.found, totals.unforeseen) == (totals.likely_bytes, 3)
    assert verdict.refused


@given(st.lists(st.sampled_from(EmailSetting), max_size=6))
def test_each_job_has_one_mail_setting(settings: list[EmailSetting]) -> None:
    items = [item(f"shop/{number}", emailSetting=each) for number, each in enumerate(settings)]
    found = sending_totals(items)
    assert sum(each.jobs for each in found.emails) == found.jobs == len(items)
    assert [each.emailSetting for each in found.emails] == sorted({each.value for each in settings})
    assert EmailTotal(emailSetting="None", jobs=settings.count(EmailSetting.NONE)) in (
        *found.emails,
        EmailTotal(emailSetting="None", jobs=0),
    )
