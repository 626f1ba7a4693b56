"""Pages stay below 15 MB whatever stands in a plan; what they leave out is said in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.effective import EffectiveCommand
from s7spec.model.plan import (
    Action,
    FieldChange,
    Plan,
    PlanItem,
    Reason,
    ReasonCode,
    Verdict,
    VerdictLevel,
)
from s7spec.model.preset import Preset
from s7spec.model.rules import Rule
from s7spec.report.html import Comparison, ContactSheet, Picture, plan_html
from s7spec.report.html.group_texts import brief_change_texts
from s7spec.report.plan_outline import changes_of
from tests.report.jobs import DIGEST, asset, export_job, key
from tests.report.pages import ASSETS, crowded_plan, data_of, large_plan, page_of
from tests.report.plans import item, new, plan_of, unchanged

MOST = 15_000_000
LONG = 1_000


def wide_plan(jobs: int, sign: str) -> Plan:
    """Each job has a long name, a long change, assets and a modifier of its own."""
    pool = [asset(f"{number}{sign * LONG}") for number in range(jobs // 2)]
    return plan_of(*(_wide(number, sign, pool) for number in range(jobs)))


def _wide(number: int, sign: str, pool: list[AssetVersion]) -> PlanItem:
    start = number * 7 % len(pool)
    own = tuple((pool[start:] + pool[:start])[:20])
    long = f"{number}{sign * LONG}"
    fields = tuple(
        FieldChange(field=name, before=f"wid=1&text=a{long}", after=f"wid=2&text=b{long}")
        for name in ("is_modifier", "preset.urlModifier", f"presets.{long}")
    )
    changed = Reason(code=ReasonCode.PAYLOAD_CHANGED, detail=long, fields=fields)
    job = export_job(f"text={long}", assets=own, preset=Preset(name=long, urlModifier=long))
    left_out = ExcludedAsset(path=long, type=long, reason=long)
    action = (Action.SUBMIT, Action.SUBMIT, Action.BLOCKED, Action.SKIP)[number % 4]
    reason = unchanged() if action is Action.SKIP else changed
    made = item(f"{long}/{long}", action, reason, job=job, excluded=(left_out,) * 3)
    commands = (EffectiveCommand(command=long, origin=long, overrides=(long, long)),)
    return replace(made, effective=commands, unsafe_modifiers=(long,))


@pytest.mark.parametrize(("jobs", "sign"), [(10_000, "x"), (5_000, "<"), (2_000, "\u202e")])
def test_thousands_of_jobs_each_in_a_way_of_its_own(jobs: int, sign: str) -> None:
    plan = wide_plan(jobs, sign)
    warnings = tuple(Diagnostic(rule=Rule.EXCLUDED_ASSET, summary=sign * 9_000) for _ in range(300))
    verdicts = tuple(
        Verdict(guard=sign * LONG, level=level, detail=sign * 9_000)
        for level in VerdictLevel
        for _ in range(100)
    )
    plan = replace(plan, warnings=warnings, verdicts=verdicts, assumptions=(sign * 9_000,) * 300)
    sheet = sheet_of(plan, sign)
    parts = [*plan_html(plan, ASSETS, digest=DIGEST, command=None, pictures=sheet)]
    assert max(map(len, parts)) < 150_000
    page = "".join(parts)
    assert len(page.encode()) < MOST
    assert len(data_of(page, "rows")) == jobs


def sheet_of(plan: Plan, sign: str) -> ContactSheet:
    """More pictures, and longer words about them, than a page has room for."""
    made = {
        each.key: (
            Comparison(
                path=f"{number}{sign * LONG}",
                traits=(sign * LONG,),
                before=Picture(uri=f"data:,{number}{'x' * 20_000}", width=2, height=3),
                before_is="the source",
                after=None,
                problem=sign * LONG,
                notes=(sign * LONG,) * 3,
            ),
        )
        for number, each in enumerate(plan.items[:500])
    }
    return ContactSheet(by_job=made, jobs=len(plan.items), marker="emulated")


def test_a_hundred_thousand_jobs() -> None:
    """All of them are listed: rows are short."""
    plan = large_plan(100_000)
    page = page_of(plan)
    assert len(page.encode()) < MOST
    assert len(data_of(page, "rows")) == 100_000
    assert data_of(page, "shared")["left_out"] == 0


def test_jobs_that_find_no_room_are_counted_and_are_the_unchanged_ones() -> None:
    one = item("m/e", Action.SKIP, unchanged(), job=export_job())
    loud = replace(one, key=key("m", "loud"), action=Action.SUBMIT, reasons=(new(),))
    held = replace(loud, key=key("m", "held"), action=Action.BLOCKED)
    quiet = tuple(replace(one, key=key("m", f"{n:07}{'x' * 70}")) for n in range(80_000))
    page = page_of(plan_of(*quiet, loud, held))
    assert len(page.encode()) < MOST
    rows, shared = data_of(page, "rows"), data_of(page, "shared")
    assert [row[1] for row in rows[:3]] == ["held", "loud", quiet[0].key.export]
    assert shared["left_out"] == 80_002 - len(rows) > 0
    assert f"{len(quiet):,} unchanged" in page


def test_pictures_of_jobs_that_are_not_listed_are_left_out_and_counted() -> None:
    page = page_of(*crowded_plan())
    assert data_of(page, "shared")["left_out"] > 0
    found = data_of(page, "pictures")
    assert list(found["jobs"]) == ["0"]
    assert found["left_out"] == 1
    assert found["uris"] == ["data:image/svg+xml,first", ""]


def test_short_names_stay_whole_beside_long_ones() -> None:
    """Names beyond a bound are shortened in the middle, and that is said."""
    jobs = [item(f"m/{n:05}{'x' * LONG}", Action.SUBMIT, new(), job=export_job()) for n in range(9)]
    page = page_of(plan_of(*jobs))
    assert data_of(page, "shared")["shortened"] == 0
    assert {len(row[1]) for row in data_of(page, "rows")} == {LONG + 5}
    many = [replace(jobs[0], key=key("m", f"{n:05}{'x' * LONG}")) for n in range(8_000)]
    page = page_of(plan_of(*many, item("n/short", Action.SUBMIT, new(), job=export_job())))
    names = [row[1] for row in data_of(page, "rows")]
    assert data_of(page, "shared") | {"left_out": 0, "shortened": 1} == data_of(page, "shared")
    assert len(names) == 8_001
    assert len(names[0]) == LONG + 5
    assert len(names[-2]) == 80
    assert names[-2].startswith("07999xxx")
    assert names[-1] == "short"


def test_details_are_shortened_before_they_are_left_out() -> None:
    page = page_of(wide_plan(2_000, "y"))
    details = data_of(page, "details")
    assert "shortened" not in details["0"]
    last = details[max(details, key=int)]
    assert last["shortened"] == 1
    assert all(len(text) <= 120 for _, text in last["payload"])
    assert len(details) < 2_000


def test_a_shortened_change_shows_where_it_begins_to_differ() -> None:
    same = "x" * 500
    change = FieldChange(field="is_modifier", before=f"text={same}a{same}", after=f"text={same}b")
    reason = Reason(code=ReasonCode.PAYLOAD_CHANGED, detail="", fields=(change,) * 5)
    texts = brief_change_texts(changes_of(item("m/a", Action.SUBMIT, reason, job=export_job())))
    assert texts[0].startswith("is_modifier text …xxxxxxxxxxxxaxxx")
    assert texts[0].endswith("→ …xxxxxxxxxxxxb")
    assert texts[-1] == "… and 2 fields more"


def test_pictures_that_find_no_room_are_not_counted_as_shown() -> None:
    plan = wide_plan(500, "x")
    page = page_of(plan, sheet_of(plan, "x"))
    shown = len(data_of(page, "pictures")["jobs"])
    assert 100 < shown < 200
    assert f"{shown} of 500 jobs have pictures (emulated; the page has no room for more)" in page
    assert sum("pictures" in _looks(page, row) for row in data_of(page, "rows")) == shown


def _looks(page: str, row: list[list[int]]) -> list[str]:
    looks = data_of(page, "shared")["looks"]
    return [looks[each] for each in row[10]]
