"""Cases of the diff table: a file says what is wanted, known and seen, and what must follow."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from s7spec.model.asset import AssetVersion
from s7spec.model.ips import JobEcho, JobPhase, JobSnapshot, KnownJob
from s7spec.model.job import ExportJob, ResolvedJob, attempt_name
from s7spec.model.ledger import (
    AssetOutcome,
    Attempt,
    AttemptState,
    FailureClass,
    OutcomeKind,
)
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.plan import Plan
from s7spec.model.policy import JobPolicy, Mode, OnPartial, OnTouch, Supersede
from s7spec.model.preset import Preset
from s7spec.model.schedule import timing_from
from s7spec.model.sight import Listing, Observed, Sight, Unobserved
from s7spec.plan import Evidence, Surgery, make_plan
from tests.fakes.catalog import asset
from tests.fakes.clock import NOON
from tests.fakes.jobs import attempt, export_job, job_key, plan_header, resolved_job
from tests.fakes.view import StillView

Facts = Mapping[str, Any]

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
VERSION = 5
"""Of every attempt in a case."""

_KEYS = frozenset(
    {
        *("about", "now", "whole", "hold", "ledger", "earlier", "jobs", "observed", "listing"),
        *("forced", "moved", "forget", "adopt", "expect"),
    }
)
_POLICY: Mapping[str, Callable[[Any], object]] = {
    "mode": Mode,
    "on_partial": OnPartial,
    "on_touch": OnTouch,
    "supersede": Supersede,
    "max_age": lambda days: timedelta(days=days),
    "max_attempts": int,
    "rerun": str,
    "rerun_on_email": bool,
    "timing": timing_from,
}


def load(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    assert case.keys() <= _KEYS, f"{path.name}: unknown keys {case.keys() - _KEYS}"
    assert case["about"]
    return case


def plan_of(case: Facts) -> Plan:
    return make_plan(
        jobs=tuple(job(short, facts) for short, facts in case["jobs"].items()),
        evidence=evidence(case),
        header=plan_header(),
        whole=case.get("whole", True),
    )


def evidence(case: Facts) -> Evidence:
    return Evidence(
        view=view(case),
        observed=Observed(
            attempts={
                known(case, short).name: sight(known(case, short), facts)
                for short, facts in case.get("observed", {}).items()
            },
            listing=listing(case),
        ),
        now=datetime.fromisoformat(case["now"]) if "now" in case else NOON,
        forced=frozenset(map(job_key, case.get("forced", ()))),
        surgery=Surgery(
            moved={job_key(to): job_key(old) for to, old in case.get("moved", {}).items()},
            forgotten=frozenset(map(job_key, case.get("forget", ()))),
            adopted={job_key(short): name for short, name in case.get("adopt", {}).items()},
        ),
        hold=case.get("hold", False),
    )


def view(case: Facts) -> StillView:
    ledger = case.get("ledger", {})
    return StillView(
        (known(case, short) for short in ledger),
        earlier=(
            recorded(short, facts)
            for short, several in case.get("earlier", {}).items()
            for facts in several
        ),
        older=(job_key(short) for short, facts in ledger.items() if facts.get("older")),
    )


def known(case: Facts, short: str) -> Attempt:
    """The latest attempt of a job."""
    return recorded(short, case["ledger"][short])


def recorded(short: str, given: Facts) -> Attempt:
    facts = {name: value for name, value in given.items() if name != "older"}
    wanted = payload(facts.pop("payload", {}))
    name = facts.pop("name", None)
    outcomes = {path: OutcomeKind(kind) for path, kind in facts.pop("outcomes", {}).items()}
    found = attempt(
        short,
        wanted,
        state=AttemptState(facts.pop("state")),
        version=VERSION,
        only=some(wanted, facts.pop("only", None)),
        outcomes=tuple(
            AssetOutcome(asset=version, kind=outcomes[version.path])
            for version in wanted.assets
            if version.path in outcomes
        ),
        timing=timing_from(facts.pop("timing")) if "timing" in facts else None,
        ended_at=datetime.fromisoformat(facts.pop("ended_at")) if "ended_at" in facts else None,
        failure=FailureClass(facts.pop("failure")) if "failure" in facts else None,
        **facts,
    )
    return found if name is None else replace(found, name=name)


def job(short: str, given: Facts) -> ResolvedJob:
    facts = dict(given)
    policy: dict[str, Any] = {
        key: _POLICY[key](value) for key, value in facts.pop("policy", {}).items()
    }
    return resolved_job(short, payload(facts), policy=JobPolicy(**policy))


def payload(given: Facts) -> ExportJob:
    facts = dict(given)
    macro: str | None = facts.pop("macro", None)
    preset = facts.pop("preset", None)
    found = facts.pop("assets", None)
    if isinstance(found, list):
        found = {path: {} for path in found}
    job = export_job(
        None if found is None else [asset(path, **said) for path, said in sorted(found.items())],
        fmt=Fmt(facts.pop("fmt", "convert")),
        is_modifier=facts.pop("is_modifier", "wid=100"),
        macro=macro,
        preset=None
        if preset is None
        else Preset(name=(macro or "").strip("$"), urlModifier=preset),
        presets=tuple(
            Preset(name=name, urlModifier=text) for name, text in facts.pop("presets", {}).items()
        ),
        emailSetting=EmailSetting(facts.pop("emailSetting", "Error")),
    )
    assert not facts, f"unknown keys {set(facts)}"
    return job


def some(job: ExportJob, paths: Iterable[str] | None) -> tuple[AssetVersion, ...] | None:
    """Those of a job's assets."""
    if paths is None:
        return None
    wanted = set(paths)
    found = tuple(version for version in job.assets if version.path in wanted)
    assert len(found) == len(wanted)
    return found


def sight(of: Attempt, given: Facts | None) -> Sight:
    """``{unobservable: why}``, ``{phase: active, echo: {...}}`` or null."""
    if given is None:
        return None
    facts = dict(given)
    if "unobservable" in facts:
        return Unobserved(why=facts["unobservable"])
    echo = facts.pop("echo", None)
    shown = None
    if echo is not None:
        mine = of.export_job
        usual = JobEcho(
            fmt=mine.fmt.value,
            is_modifier=mine.is_modifier,
            macro=mine.macro,
            emailSetting=mine.emailSetting.value,
            assets=len(of.sent),
        )
        shown = replace(usual, **echo)
    return JobSnapshot(
        originalName=of.name,
        jobHandle="j|7||x|1",
        phase=JobPhase(facts.pop("phase")),
        echo=shown,
        **facts,
    )


def listing(case: Facts) -> Listing | None:
    if "listing" not in case:
        return None
    names = [
        name
        for entry in case["listing"]
        for name in [listed(entry, case)]
        * (1 if isinstance(entry, str) else entry.get("copies", 1))
    ]
    return Listing(
        KnownJob(originalName=name, jobHandle=f"j|{number}", phase=JobPhase.ENDED)
        for number, name in enumerate(names)
    )


def listed(entry: str | Facts, case: Facts) -> str:
    """A name as it is; or what an attempt of a job is called: of what is wanted now, or of the
    ``payload`` given."""
    if isinstance(entry, str):
        return entry
    short: str = entry["job"]
    if entry.get("attempt") == "latest":
        return known(case, short).name
    given = {name: said for name, said in case["jobs"].get(short, {}).items() if name != "policy"}
    wanted = payload(entry.get("payload", given))
    sent = wanted.narrowed(some(wanted, entry.get("only")))
    return attempt_name(job_key(short), sent.fingerprint, entry.get("generation", 1))
