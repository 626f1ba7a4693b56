"""Plans as a run would make them, for the renderers to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.effective import EffectiveCommand
from s7spec.model.guardrails import Approval
from s7spec.model.job import ExportJob
from s7spec.model.manifest import EmailSetting
from s7spec.model.plan import (
    Action,
    AssetChange,
    AssetChangeKind,
    FieldChange,
    Plan,
    PlanHeader,
    PlanItem,
    Reason,
    ReasonCode,
    Verdict,
    VerdictLevel,
)
from s7spec.model.preset import Preset
from s7spec.model.rules import Rule
from s7spec.model.schedule import Timing
from s7spec.model.source import SourceRange
from tests.report.jobs import ATTEMPT_NAME, FINGERPRINT, MUGS, NOW, asset, export_job, key


def item(
    name: str,
    action: Action,
    *reasons: Reason,
    job: ExportJob | None = None,
    excluded: tuple[ExcludedAsset, ...] = (),
    only: tuple[AssetVersion, ...] | None = None,
    timing: Timing | None = None,
    tries: int = 1,
    moved_from: str = "",
) -> PlanItem:
    """``name`` and ``moved_from`` are ``manifest/export``."""
    manifest, _, export = name.partition("/")
    return PlanItem(
        key=key(manifest, export),
        action=action,
        reasons=reasons,
        attempt_name="" if job is None else ATTEMPT_NAME,
        generation=0 if job is None else 1,
        fingerprint=None if job is None else FINGERPRINT,
        export_job=job,
        prior=None,
        origin=None if job is None else SourceRange(path=f"{manifest}.yaml", line=12, column=5),
        excluded=excluded,
        only=only,
        timing=timing,
        tries=tries,
        moved_from=key(*moved_from.split("/")) if moved_from else None,
    )


def new() -> Reason:
    return Reason(code=ReasonCode.NEW, detail="the ledger has no attempt of this job")


def unchanged() -> Reason:
    return Reason(code=ReasonCode.UNCHANGED, detail="ended ok with this payload")


def modifier_changed(before: str | None, after: str | None) -> Reason:
    return Reason(
        code=ReasonCode.PAYLOAD_CHANGED,
        detail="is_modifier differs from the last attempt",
        fields=(FieldChange(field="is_modifier", before=before, after=after),),
    )


def assets_changed() -> Reason:
    changed = asset("PS_1003_mug", size=900_000)
    changes = (
        AssetChange(kind=AssetChangeKind.NEW, path=MUGS[0].path, after=MUGS[0]),
        AssetChange(kind=AssetChangeKind.NEW, path=MUGS[1].path, after=MUGS[1]),
        AssetChange(kind=AssetChangeKind.CHANGED, path=changed.path, before=changed, after=MUGS[2]),
        AssetChange(kind=AssetChangeKind.GONE, path="Acme/Products/PS_0999_mug"),
    )
    return Reason(code=ReasonCode.ASSETS_CHANGED, detail="assets +2 -1 ~1", assets=changes)


def preset_changed() -> Reason:
    change = FieldChange(
        field="preset.urlModifier", before="wid=2000&qlt=80", after="wid=2000&qlt=90"
    )
    return Reason(
        code=ReasonCode.PRESET_CHANGED,
        detail="image preset $zoom$ was edited in IPS",
        fields=(change,),
    )


def email_changed() -> Reason:
    change = FieldChange(field="emailSetting", before="Error", after="None")
    return Reason(
        code=ReasonCode.META_CHANGED,
        detail="emailSetting differs, which alone never runs a job again",
        fields=(change,),
    )


def told(code: ReasonCode, detail: str) -> Reason:
    return Reason(code=code, detail=detail)


def header(**changes: Any) -> PlanHeader:
    texts: dict[str, Any] = {
        "company": "acme",
        "environment": "local",
        "ips": "embedded",
        "tool_version": "0.1.0",
        "manifest_hash": "ab" * 32,
        "preset_hash": "cd" * 32,
        "git_commit": "0123456789abcdef" * 2 + "01234567",
        "git_dirty": True,
        **changes,
    }
    return PlanHeader(created_at=NOW, assets_at=NOW, expires_at=NOW + timedelta(days=1), **texts)


def plan_of(
    *items: PlanItem,
    verdicts: tuple[Verdict, ...] = (),
    warnings: tuple[Diagnostic, ...] = (),
    assumptions: tuple[str, ...] = (),
) -> Plan:
    return Plan(
        header=header(),
        items=items,
        verdicts=verdicts,
        warnings=warnings,
        assumptions=assumptions,
    )


def everyday_plan() -> Plan:
    """What is usual: most reasons, a warning, limits kept, one thing not checked."""
    zoom = Preset(name="zoom", urlModifier="wid=2000&qlt=90")
    spin = ExcludedAsset(
        path="Acme/Products/Spin_1", type="SpinSet", reason="cannot be exported by IPS"
    )
    quiet = (
        item(f"walmart/s{number:02}", Action.SKIP, unchanged(), job=export_job())
        for number in range(12)
    )
    change = modifier_changed("wid=762&hei=1100&qlt=92", "wid=800&hei=1100&bgc=255,255,255")
    name = "s7-walmart-b-0a1b2c3d-4e5f6a7b-g2"
    return plan_of(
        item(
            "archive/originals", Action.SUBMIT, new(), job=export_job(None, email=EmailSetting.ALL)
        ),
        item(
            "walmart/a",
            Action.REPAIR,
            told(ReasonCode.PARTIAL, "3 of 48 files failed"),
            job=export_job(),
            only=MUGS[:3],
            tries=2,
        ),
        item(
            "walmart/b",
            Action.WAIT,
            told(ReasonCode.IN_FLIGHT, f"{name}: running, 40 %"),
            job=export_job(),
        ),
        item(
            "walmart/gone",
            Action.FORGET,
            told(ReasonCode.NOT_DECLARED, "no manifest declares it any more"),
        ),
        *quiet,
        item(
            "walmart/zz-mail",
            Action.UPDATE_META,
            email_changed(),
            job=export_job(email=EmailSetting.NONE),
        ),
        replace(
            item(
                "zalando/main", Action.SUBMIT, preset_changed(), job=export_job(None, preset=zoom)
            ),
            effective=(
                EffectiveCommand(command="wid=1800", origin="$base$ in macro $zoom$"),
                EffectiveCommand(
                    command="qlt=90",
                    origin="macro $zoom$",
                    overrides=("qlt=80 of is_modifier",),
                    order_is_inferred=True,
                ),
            ),
        ),
        item(
            "zalando/small",
            Action.SUBMIT,
            change,
            assets_changed(),
            job=export_job("wid=800"),
            excluded=(spin,),
        ),
        verdicts=(
            limit_verdict("jobs", allowed=200, found=4),
            limit_verdict("assets", allowed=20_000, found=147),
            Verdict(guard="protected", level=VerdictLevel.PASS, detail="no protected job is sent"),
            Verdict(
                guard="originals",
                level=VerdictLevel.WARN,
                detail="1 job hands out 48 originals as uploaded (fmt: orig)",
                jobs=("archive/originals",),
                job_count=1,
            ),
        ),
        warnings=(
            Diagnostic(
                rule=Rule.EXCLUDED_ASSET,
                summary="Acme/Products/Spin_1 is a SpinSet and left out",
                where=SourceRange(
                    path="zalando.yaml", line=14, column=7, end_line=14, end_column=16
                ),
                snippet="    assets: packshots",
            ),
        ),
        assumptions=(
            "Which is_modifier commands IPS honours in an export: Adobe publishes no list.",
        ),
    )


def plan_of_every_action() -> Plan:
    """One job at least for each action, with what is special about it."""
    name = "s7-shop-{}-0a1b2c3d-4e5f6a7b-g1".format
    at = Timing(at=NOW + timedelta(days=7))
    cron = Timing(cron="0 0 6 ? * MON-FRI")
    wider = modifier_changed("wid=762", "wid=800")
    moved = told(ReasonCode.MOVED, "its history is that of old/renamed")
    none_left = "nothing is left to deliver"
    return plan_of(
        item(
            "shop/adopted",
            Action.ADOPT,
            told(
                ReasonCode.FOUND_ON_SERVER,
                f"IPS has {name('adopted')}, of which the ledger knows nothing: it is not sent "
                "again",
            ),
            job=export_job(),
        ),
        item(
            "shop/blocked",
            Action.BLOCKED,
            told(
                ReasonCode.CANNOT_OBSERVE, f"{name('blocked')}: IPS could not be asked (no route)"
            ),
            job=export_job(),
        ),
        item(
            "shop/cancelled",
            Action.CANCEL,
            told(
                ReasonCode.NOT_DECLARED,
                f"no manifest declares it any more; {name('cancelled')}: waiting on IPS; it is "
                "taken back",
            ),
        ),
        item(
            "shop/delta",
            Action.SUBMIT,
            assets_changed(),
            job=export_job(),
            only=MUGS[:3],
        ),
        item(
            "shop/doubled",
            Action.CONFLICT,
            told(
                ReasonCode.DOUBLED,
                f"{name('doubled')}: IPS has 2 jobs of this name; the oldest is followed, nothing "
                "is sent",
            ),
            job=export_job(),
        ),
        item(
            "shop/forgotten",
            Action.FORGET,
            told(ReasonCode.NOT_DECLARED, "no manifest declares it any more"),
        ),
        item(
            "shop/gone",
            Action.SKIP,
            Reason(
                code=ReasonCode.ASSETS_CHANGED,
                detail=f"assets -1; {none_left}",
                assets=(
                    AssetChange(kind=AssetChangeKind.GONE, path=MUGS[47].path, before=MUGS[47]),
                ),
            ),
            job=export_job(),
        ),
        item("shop/mail", Action.UPDATE_META, email_changed(), job=export_job()),
        item("shop/nightly", Action.SUBMIT, new(), job=export_job("wid=1"), timing=cron),
        item(
            "shop/renamed",
            Action.SKIP,
            unchanged(),
            moved,
            job=export_job(),
            moved_from="old/renamed",
        ),
        item(
            "shop/repaired",
            Action.REPAIR,
            told(ReasonCode.PARTIAL, f"{name('repaired')} ended partial: 2 of 14 files failed"),
            job=export_job(assets=MUGS[:14]),
            only=MUGS[4:6],
            tries=3,
        ),
        item(
            "shop/rescheduled",
            Action.RESCHEDULE,
            told(
                ReasonCode.SCHEDULE_CHANGED,
                f"{name('rescheduled')} is to start {cron.words()}, wanted now: {at.words()}",
            ),
            job=export_job(),
            timing=at,
        ),
        item(
            "shop/retried",
            Action.RETRY,
            told(ReasonCode.FAILED, f"{name('retried')} ended failed: the disk is full"),
            job=export_job(),
            tries=2,
        ),
        item(
            "shop/same",
            Action.SKIP,
            unchanged(),
            job=export_job(),
        ),
        item(
            "shop/scheduled",
            Action.SKIP,
            told(
                ReasonCode.SCHEDULED, f"{name('scheduled')}: IPS starts it by itself, {at.words()}"
            ),
            job=export_job(),
            timing=at,
        ),
        item(
            "shop/superseded",
            Action.SUPERSEDE,
            told(
                ReasonCode.OLDER_IN_FLIGHT,
                f"{name('superseded')}: running, 40 %; it is stopped, then what is wanted now is "
                "sent",
            ),
            wider,
            job=export_job(),
        ),
        item(
            "shop/twice",
            Action.SUBMIT,
            told(ReasonCode.FORCED, "asked for with --rerun"),
            told(ReasonCode.FORCED, "rerun was `a`, is `b`"),
            job=export_job(),
        ),
        item(
            "shop/unanswered",
            Action.WAIT,
            told(
                ReasonCode.AMBIGUOUS,
                f"{name('unanswered')}: the answer to its submit was lost; IPS does not show it; "
                "if IPS still does not show it when the quarantine is over, it is sent again under "
                "the same name",
            ),
            job=export_job(),
        ),
        item(
            "shop/waits",
            Action.WAIT,
            told(ReasonCode.IN_FLIGHT, f"{name('waits')}: running, 40 %"),
            job=export_job(),
        ),
        item("quiet/a", Action.SKIP, unchanged(), job=export_job()),
        item(
            "stuck/a",
            Action.BLOCKED,
            told(
                ReasonCode.TRIED_ENOUGH,
                "tried 5 times in a row, the last one ended failed: too large; --rerun tries it "
                "again",
            ),
            job=export_job(),
        ),
        item("stuck/b", Action.SKIP, unchanged(), job=export_job()),
    )


def plan_in_trouble(jobs: int = 40) -> Plan:
    """More jobs wait for people than have a line each."""
    return plan_of(
        *(
            item(
                f"m/e{number:03}",
                Action.BLOCKED,
                told(ReasonCode.CANNOT_OBSERVE, f"s7-m-e{number:03}: IPS could not be asked"),
                job=export_job(),
            )
            for number in range(jobs)
        ),
        item(
            "m/f",
            Action.CONFLICT,
            told(ReasonCode.DOUBLED, "IPS has 2 jobs of this name"),
            job=export_job(),
        ),
        item("m/same", Action.SKIP, unchanged(), job=export_job()),
    )


@cache
def large_plan(jobs: int = 10_000) -> Plan:
    """Ten jobs per manifest: new, one shared change, changes of their own, unchanged."""
    payloads = [export_job(f"wid={number}") for number in range(10)]
    return plan_of(*(_one_of_many(number, payloads[number % 10]) for number in range(jobs)))


def _one_of_many(number: int, job: ExportJob) -> PlanItem:
    name = f"m{number // 10:04}/e{number % 10}"
    match number % 10:
        case 0 | 1 | 2 | 3:
            reason = modifier_changed(f"wid=1000&hei={number}", f"wid=1200&hei={number}")
        case 4 | 5:
            reason = new()
        case 6 | 7:
            reason = modifier_changed(f"wid={number}&qlt=80", f"wid={number + 1}&qlt=80")
        case _:
            return item(name, Action.SKIP, unchanged(), job=job)
    return item(name, Action.SUBMIT, reason, job=job)


def refused_plan() -> Plan:
    """More jobs than the environment allows; something was approved, and something is odd."""
    names = [f"amazon/e{number}" for number in range(3)]
    items = (item(name, Action.SUBMIT, new(), job=export_job()) for name in names)
    return plan_of(*items, verdicts=(*refusals(), *grants(), *passes()))


def refusals() -> tuple[Verdict, ...]:
    """More than are shown where there is little room."""
    policies = (
        Verdict(
            guard=f"policy:{name}",
            level=VerdictLevel.DENY,
            detail="say a width: without one IPS takes DefaultPix",
            jobs=tuple(f"amazon/e{number}" for number in range(20)),
            job_count=137,
        )
        for name in ("no-default-size", "no-huge-jobs", "no-pngs")
    )
    return (limit_verdict("jobs", allowed=2, found=3), *policies)


def grants() -> tuple[Verdict, ...]:
    digest = "sha256:" + "5e" * 32
    given = Approval(guard="protected", digest=digest, by="anna", reason="the season starts")
    return (
        Verdict(
            guard="protected",
            level=VerdictLevel.APPROVED,
            detail="1 protected job is sent or taken back",
            jobs=("amazon/e0",),
            job_count=1,
            approval=given,
        ),
        Verdict(
            guard="names",
            level=VerdictLevel.WARN,
            detail="1 trouble with names: `Hero` and `hero` are one name where case does not count",
            jobs=("amazon/e0", "amazon/e1"),
            job_count=2,
        ),
    )


def passes() -> tuple[Verdict, ...]:
    return (
        limit_verdict("assets", allowed=500, found=144),
        limit_verdict("bytes", allowed=2_000_000_000, found=202_000_000),
        Verdict(
            guard="production",
            level=VerdictLevel.PASS,
            detail="apply asks for the environment's name; --yes needs a saved plan or "
            "--expect-digest",
        ),
        Verdict(guard="policy:no-tiffs", level=VerdictLevel.PASS, detail="no TIFF leaves here"),
    )


def limit_verdict(name: str, *, allowed: int, found: int) -> Verdict:
    unit = "job" if name == "jobs" else name.removesuffix("s")
    return Verdict(
        guard=f"limits.{name}",
        level=VerdictLevel.DENY if found > allowed else VerdictLevel.PASS,
        detail=f"{found:,} {unit}s would be sent, at most {allowed:,} may be",
        allowed=allowed,
        found=found,
    )
