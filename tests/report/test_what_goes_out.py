"""A reviewer sees what a plan would send: every asset, and every field of the payload."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from s7spec.model.job import ExportJob
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.pictures import PredictedPictures
from s7spec.model.plan import Action, FieldChange, Plan, Reason, ReasonCode
from s7spec.model.preset import Preset
from s7spec.report.human_plan import plan_text
from s7spec.report.markdown_plan import MOST_BYTES, plan_markdown
from s7spec.report.view import View
from tests.report.jobs import DIGEST, MUGS, asset, export_job
from tests.report.plans import assets_changed, item, new, plan_of

_ZOOM = Preset(name="zoom", urlModifier="wid=2000&qlt=90")


def _everything() -> Plan:
    spin = replace(asset("a set of mugs"), type="SpinSet", width=None, height=None)
    job = replace(
        export_job("wid=800", assets=(asset("one"), asset("two"), spin), preset=_ZOOM),
        emailSetting=EmailSetting.JOB_COMPLETION,
    )
    return plan_of(item("m/new", Action.SUBMIT, new(), job=job))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_full_detail_lists_payload_and_assets(width: int) -> None:
    rows = plan_text(_everything(), View(width=width), detail="full").splitlines()
    shown = [re.sub(r"^ +", "", row) for row in rows]
    for row in (
        "fmt           convert",
        "is_modifier   wid=800",
        "macro         $zoom$",
        "preset        wid=2000&qlt=90",
        f"emailSetting  {EmailSetting.JOB_COMPLETION}",
        "assets        3",
        "Acme/Products/one  2000x2000",
        "Acme/Products/two  2000x2000",
        "Acme/Products/a set of mugs  SpinSet",
    ):
        assert row in shown


def test_markdown_lists_payload_and_assets() -> None:
    text = plan_markdown(_everything(), digest=DIGEST, command=None)
    assert "fmt `convert`, is_modifier `wid=800`" in text
    assert f"= wid=2000&qlt=90`, e-mail {EmailSetting.JOB_COMPLETION}" in text
    assert "<summary>3 assets of <code>m/new</code></summary>" in text
    assert "- `Acme/Products/one` (2000x2000)\n" in text
    assert "- `Acme/Products/a set of mugs` (SpinSet)\n" in text


def test_words_of_the_author_are_shown_with_their_changes() -> None:
    fields = (
        FieldChange(field="code_version", before="2", after="3"),
        FieldChange(field="inputs.profile", before=None, after="b"),
        FieldChange(field="inputs.gone", before="1", after=None),
    )
    reason = Reason(code=ReasonCode.PAYLOAD_CHANGED, detail="differs", fields=fields)
    job = replace(export_job(), code_version="3", inputs=(("kept", "1"), ("profile", "b")))
    plan = plan_of(item("m/new", Action.SUBMIT, reason, job=job))
    full = [row.strip() for row in plan_text(plan, View(width=100), detail="full").splitlines()]
    at = full.index("code_version  3")
    assert full[at : at + 5] == [
        "code_version  3",
        "2 → 3",
        "inputs        kept: 1, profile: b",
        "profile (not set) → b",
        "gone 1 → (not set)",
    ]
    brief = plan_text(plan, View(width=100))
    assert "code_version  2 → 3" in brief
    assert "inputs        profile (not set) → b" in brief
    assert "code_version `3`, inputs.kept `1`, inputs.profile `b`" in plan_markdown(
        plan, digest=DIGEST, command=None
    )


def test_presets_that_the_modifier_names_are_shown_with_what_they_mean() -> None:
    changes = tuple(
        FieldChange(field=f"presets.{name}", before="wid=1&qlt=2", after="wid=1&qlt=3")
        for name in ("base", "view")
    )
    why = Reason(code=ReasonCode.PRESET_CHANGED, detail="they were edited", fields=changes)
    presets = tuple(Preset(name=name, urlModifier="wid=1&qlt=3") for name in ("base", "view"))
    job = export_job("$view$&wid=480", presets=presets)
    plan = plan_of(
        item("m/edited", Action.SUBMIT, why, job=job), item("m/new", Action.SUBMIT, new(), job=job)
    )
    brief = plan_text(plan, View(width=200))
    assert "presets       $view$ qlt 2 → 3\n" in brief
    meaning = "$base$ = wid=1&qlt=3; $view$ = wid=1&qlt=3\n"
    assert f"is_modifier   $view$&wid=480; {meaning}" in brief
    full = plan_text(plan, View(width=200), detail="full")
    assert full.count(f"presets       {meaning}") == 2
    for name in ("base", "view"):
        assert f"              ${name}$ qlt 2 → 3\n" in full
    markdown = plan_markdown(plan, digest=DIGEST, command=None)
    assert "`presets.view` `qlt` `2` → `3`" in markdown
    assert "presets `$base$ = wid=1&qlt=3; $view$ = wid=1&qlt=3`" in markdown


def test_assets_that_changed_and_all_the_others() -> None:
    plan = plan_of(item("m/e", Action.SUBMIT, assets_changed(), job=export_job()))
    text = plan_text(plan, View(), detail="full")
    markdown = plan_markdown(plan, digest=DIGEST, command=None)
    assert "assets        48; 2 new, 1 changed, 1 gone\n" in text
    assert "45 other assets of <code>m/e</code>" in markdown
    for version in MUGS:
        assert text.count(version.path) == 1
        assert markdown.count(version.path) == 1
    assert "- Acme/Products/PS_0999_mug" in text


def test_a_shared_set_of_assets_is_listed_once() -> None:
    plan = plan_of(*(item(f"m/{name}", Action.SUBMIT, new(), job=export_job()) for name in "ab"))
    text = plan_text(plan, View(), detail="full")
    assert text.count(MUGS[7].path) == 1
    assert "48; the same as for m/a" in text
    markdown = plan_markdown(plan, digest=DIGEST, command=None)
    assert markdown.count(MUGS[7].path) == 1
    assert "48 assets: the same as for <code>m/a</code>" in markdown


def test_markdown_drops_assets_before_payloads() -> None:
    jobs = [
        export_job(f"wid={number}", assets=tuple(asset(f"{number}_{n}") for n in range(200)))
        for number in range(40)
    ]
    plan = plan_of(
        *(item(f"m/{n:02}", Action.SUBMIT, new(), job=job) for n, job in enumerate(jobs))
    )
    text = plan_markdown(plan, digest=DIGEST, command=None)
    assert len(text.encode()) <= MOST_BYTES
    assert "is_modifier `wid=39`" in text
    assert "and 20 others per job" in text
    assert text.count("- … and 180 more\n") == 40


@pytest.mark.parametrize(
    ("job", "row"),
    [
        (export_job(None), "fmt           orig"),
        (export_job("wid=762&hei=1100"), "is_modifier   wid=762&hei=1100"),
        (export_job(None, preset=_ZOOM), "macro         $zoom$ = wid=2000&qlt=90"),
        (
            export_job("text=" + "x" * 90),
            "is_modifier   text=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…",
        ),
    ],
)
def test_a_new_job_shows_its_payload_in_one_line(job: ExportJob, row: str) -> None:
    assert job.fmt is (Fmt.ORIG if "orig" in row else Fmt.CONVERT)
    text = plan_text(plan_of(item("m/e", Action.SUBMIT, new(), job=job)), View())
    assert f"            {row}\n" in text
    assert max(map(len, text.splitlines())) <= 80


def test_payloads_are_worth_more_than_what_becomes_of_pictures() -> None:
    pictures = PredictedPictures(
        pictures=48,
        unknown=0,
        format="jpeg",
        extension="jpg",
        least_width=9,
        most_width=9,
        least_height=9,
        most_height=9,
        least_bytes=1,
        likely_bytes=2,
        most_bytes=3,
    )
    jobs = [
        replace(
            item(f"m/e{number:02}", Action.SUBMIT, new(), job=export_job(f"wid={number}")),
            predicted=pictures,
        )
        for number in range(15)
    ]
    hidden = "… what becomes of the pictures of each job: --detail full\n"
    few = plan_text(plan_of(*jobs[:10]), View())
    assert (few.count("is_modifier   wid="), few.count("becomes  "), hidden in few) == (
        10,
        10,
        False,
    )
    many = plan_text(plan_of(*jobs), View())
    assert (many.count("is_modifier   wid="), many.count("becomes  ")) == (15, 0)
    assert hidden in many


@pytest.mark.parametrize("jobs", [17, 18, 30, 60])
def test_payloads_of_new_jobs_are_told_together_where_there_is_no_room(jobs: int) -> None:
    items = (
        item(f"m/e{number:02}", Action.SUBMIT, new(), job=export_job(f"wid={number}"))
        for number in range(jobs)
    )
    text = plan_text(plan_of(*items), View())
    if jobs == 17:
        assert text.count("is_modifier   wid=") == jobs
    else:
        assert f"is_modifier   wid=<0 to {jobs - 1}, {jobs} values>\n" in text
    assert len(text.splitlines()) <= 60
