"""Guardrails, each by its case files; laws for all of them; approvals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.asset import AssetVersion
from s7spec.model.guardrails import (
    Approval,
    Gate,
    Guardrails,
    Limits,
    Policy,
    PolicyLevel,
    PolicyScope,
)
from s7spec.model.manifest import Fmt
from s7spec.model.pictures import PictureFlag, PredictedPictures
from s7spec.model.plan import Action, Plan, PlanItem, Reason, Verdict, VerdictLevel
from s7spec.model.preset import Preset
from s7spec.pipeline.guarding import commands_of
from s7spec.pipeline.protection import Declared, Protection
from s7spec.plan import REASONS_OF, Circumstances, IdleTerms, guard, judged, plan_digest
from s7spec.plan.guard.amounts import amounts_of
from s7spec.plan.guard.file_names import name_troubles
from s7spec.plan.guard.limits import limit_verdicts
from s7spec.plan.guard.own_policies import job_facts, plan_facts
from s7spec.plan.guard.verdicts import MOST_JOBS, MOST_NOTES
from s7spec.policies import FACTS
from s7spec.validate.guardrails import guardrails_of
from tests.fakes.catalog import asset
from tests.fakes.jobs import export_job, job_key, plan_header

CASES = sorted((Path(__file__).parent / "guard_cases").glob("*.yaml"))
_LINE = re.compile(r"(\S+) (pass|warn|deny)(?: (\d+)/(\d+))?((?: [\w-]+/[\w-]+)*)(?:: (.*))?")
_OF_A_SHOP = frozenset({Action.CANCEL, Action.FORGET})


def item(short: str, facts: Mapping[str, Any]) -> PlanItem:
    action = Action(facts.get("action", "submit"))
    names = facts.get("assets", ["one", "two"])
    versions = {name: asset(f"Acme/{name}") for name in names}
    presets = facts.get("presets", {}).items()
    is_orig = facts.get("fmt") == "orig"
    job = export_job(
        versions.values(),
        fmt=Fmt(facts.get("fmt", "convert")),
        is_modifier=None if is_orig else facts.get("is_modifier", "wid=100"),
        presets=tuple(Preset(name=name, urlModifier=text) for name, text in presets),
    )
    is_gone = action in _OF_A_SHOP
    code = min(REASONS_OF[action])
    return PlanItem(
        key=job_key(short),
        action=action,
        reasons=(Reason(code=code, detail=""),),
        attempt_name="",
        generation=0,
        fingerprint=None if is_gone else job.fingerprint,
        export_job=None if is_gone else job,
        prior=None,
        only=tuple(versions[name].version for name in facts["only"]) if "only" in facts else None,
        predicted=foretold(facts["foretold"]) if "foretold" in facts else None,
        stops_older=facts.get("stops_older", False),
    )


def foretold(size: int) -> PredictedPictures:
    return PredictedPictures(
        pictures=1,
        unknown=0,
        format="jpeg",
        extension="jpg",
        least_bytes=0,
        likely_bytes=size,
        most_bytes=size,
        flags=(PictureFlag(flag="upscaled", pictures=1),),
        least_width=10,
        most_width=10,
        least_height=10,
        most_height=10,
    )


def plan_of(*items: PlanItem) -> Plan:
    return Plan(header=plan_header(), items=items)


def circumstances(known: int = 0, protected: tuple[str, ...] = ()) -> Circumstances:
    """Without any manifest: names alone tell what is protected."""
    protection = Protection(protected, lambda: Declared(manifests=(), is_all=True))
    return Circumstances(
        known=lambda: known,
        standing=protection.standing,
        idle=IdleTerms,
        commands=commands_of,
    )


def judge(plan: Plan, rails: Guardrails, *, known: int = 0) -> Plan:
    return judged(plan, rails, circumstances(known, rails.protected))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    case = yaml.safe_load(path.read_text("utf-8"))
    assert case.keys() <= {"about", "guardrails", "known", "jobs", "expect"}
    plan = plan_of(*(item(short, facts) for short, facts in case["jobs"].items()))
    rails = guardrails_of(case["guardrails"])
    found = guard(plan, rails, circumstances(case.get("known", 0), rails.protected))
    assert [verdict.guard for verdict in found] == [each.split()[0] for each in case["expect"]]
    for verdict, line in zip(found, case["expect"], strict=True):
        parts = _LINE.fullmatch(line)
        assert parts, line
        assert verdict.level.value == parts[2], verdict
        numbers = (parts[3], parts[4]) if parts[3] else (None, None)
        assert (verdict.found, verdict.allowed) == tuple(each and int(each) for each in numbers)
        assert verdict.jobs == tuple(parts[5].split()), verdict
        assert verdict.job_count == len(verdict.jobs)
        assert (parts[6] or "") in verdict.detail


def test_many_jobs_are_counted_and_some_named() -> None:
    plan = plan_of(*(item(f"shop/e{number:03}", {"fmt": "orig"}) for number in range(137)))
    (verdict,) = guard(plan, Guardrails(), circumstances())
    assert (len(verdict.jobs), verdict.job_count) == (MOST_JOBS, 137)
    assert verdict.jobs == tuple(f"shop/e{number:03}" for number in range(MOST_JOBS))


def test_the_ledger_is_asked_only_where_it_matters() -> None:
    def nobody() -> int:
        raise AssertionError("it was asked")

    rails = Guardrails(
        limits=Limits(jobs=1, assets=1, bytes=1, cancels=1),
        policies=(Policy(name="x", when="job.sends", message="x"),),
    )
    asking = replace(circumstances(), known=nobody)
    assert guard(plan_of(item("shop/a", {})), rails, asking)


class _Unwalked(tuple[PlanItem, ...]):
    """Jobs that nobody may look at one by one."""

    def __iter__(self) -> Iterator[PlanItem]:
        raise AssertionError("they were walked")


def test_jobs_are_sorted_by_size_only_where_a_limit_is_broken() -> None:
    amounts = amounts_of(plan_of(item("shop/a", {"foretold": 5})).items)
    unwalked = replace(amounts, sending=_Unwalked(amounts.sending))
    kept = Limits(jobs=1, assets=2, bytes=5, cancels=0)
    assert len(list(limit_verdicts(unwalked, kept, lambda: 0))) == 4
    with pytest.raises(AssertionError, match="walked"):
        list(limit_verdicts(unwalked, Limits(assets=1), lambda: 0))


def test_troubles_with_names_are_all_told_up_to_a_bound() -> None:
    names = [f"a{number}:" for number in range(MOST_NOTES + 1)]
    (verdict,) = guard(plan_of(item("shop/a", {"assets": names})), Guardrails(), circumstances())
    assert (len(verdict.notes), verdict.note_count) == (MOST_NOTES, MOST_NOTES + 1)
    assert verdict.notes[7] == "`a7:` holds a character that Windows does not take"
    assert verdict.detail.endswith("; and 998 more")


def test_facts_are_those_that_expressions_may_use() -> None:
    plan = plan_of(
        item("shop/a", {"foretold": 5, "is_modifier": "layer=1&src=is{Acme/a?wid=3}&qlt=8%2c0"}),
        item("shop/b", {"action": "cancel"}),
    )
    for each in plan.items:
        assert job_facts(each, circumstances()).keys() == FACTS[PolicyScope.JOB].keys()
    facts = plan_facts(plan, amounts_of(plan.items), circumstances(3))
    assert facts.keys() == FACTS[PolicyScope.PLAN].keys()
    job = job_facts(plan.items[0], circumstances())
    assert job["job.modifier"] == {"layer": "1", "src": "is{Acme/a?wid=3}", "qlt": "8,0"}
    assert job["job.commands"] == ["layer", "qlt", "src", "wid"]
    assert (job["job.bytes"], job["job.unforeseen"], job["job.flags"]) == (5, 0, {"upscaled": 1})
    kinds = {"int": int, "bool": bool, "string": str, "list(string)": list}
    for scope, known in ((PolicyScope.JOB, job), (PolicyScope.PLAN, facts)):
        for name, kind in FACTS[scope].items():
            assert isinstance(known[name], kinds.get(kind, dict)), name


def versions(*names: str) -> tuple[AssetVersion, ...]:
    return tuple(asset(f"Acme/{name}").version for name in names)


@pytest.mark.parametrize(
    "name",
    [
        *("nul", "Aux", "COM9", "lpt1.front", "LPT¹", "con .x", "CONIN$"),
        *(
            "a.",
            "a ",
            "a. ",
            "a<b",
            'a"b',
            "a|b",
            "a?b",
            "a*b",
            "a\\b",
            "a\tb",
            "x" * 251,
            "é" * 126,
        ),
    ],
)
def test_names_that_cannot_be(name: str) -> None:
    assert list(name_troubles(versions(name)))


@pytest.mark.parametrize(
    "name", ["a", "PS_1001_mug", "con_1", "com", "com10", "a.b.c", " a", ".a", "é" * 125, "日本語"]
)
def test_names_that_can_be(name: str) -> None:
    assert list(name_troubles(versions(name))) == []


def test_names_that_are_one() -> None:
    assert list(name_troubles(versions("Straße", "STRASSE"))) == [
        "`Straße` and `STRASSE` are one name where case does not count"
    ]
    assert list(name_troubles(versions("\u00e9", "e\u0301")))
    assert list(name_troubles(versions("a/x", "b/x"))) == ["`x` stands twice, in two folders"]


_NUMBERS = st.integers(0, 6)
_LIMITS = st.builds(
    Limits,
    jobs=st.none() | _NUMBERS,
    assets=st.none() | _NUMBERS,
    bytes=st.none() | st.integers(0, 6000),
    pct_of_known=st.none() | st.integers(0, 120),
    cancels=st.none() | _NUMBERS,
)
_FACTS = st.fixed_dictionaries(
    {
        "foretold": st.sampled_from([0, 1000, 3000]),
        "action": st.sampled_from([action.value for action in Action if action != Action.REPAIR]),
        "fmt": st.sampled_from(["orig", "convert"]),
        "assets": st.lists(st.sampled_from(["a", "A", "b", "con"]), min_size=1, unique=True),
    }
)
_PLANS = st.lists(_FACTS, max_size=5).map(
    lambda jobs: plan_of(*(item(f"shop/e{number}", facts) for number, facts in enumerate(jobs)))
)
_RAILS = st.builds(
    Guardrails,
    limits=_LIMITS,
    protected=st.sampled_from([(), ("shop",), ("shop/e1",), ("other",)]),
    production=st.booleans(),
    originals=st.sampled_from(Gate),
    names=st.sampled_from(Gate),
    deny_modifiers=st.sampled_from([(), ("wid",), ("src",)]),
    policies=st.just((Policy(name="p", when="job.assets > 1", message="m"),)) | st.just(()),
)


@given(plan=_PLANS, rails=_RAILS, known=st.integers(0, 20))
def test_laws(plan: Plan, rails: Guardrails, known: int) -> None:
    around = circumstances(known, rails.protected)
    verdicts = guard(plan, rails, around)
    assert verdicts == guard(plan, rails, around), "the same each time"
    names = [verdict.guard for verdict in verdicts]
    assert len(set(names)) == len(names), "approvals go by the name"
    for verdict in verdicts:
        assert verdict.detail
        assert len(verdict.jobs) <= verdict.job_count
        assert verdict.level is not VerdictLevel.APPROVED
        if verdict.found is not None and verdict.allowed is not None:
            exceeded = verdict.found > verdict.allowed
            assert verdict.refused == (exceeded or "nobody knows" in verdict.detail)
    if not plan.has_changes:
        assert not any(verdict.refused for verdict in verdicts)


@given(plan=_PLANS, rails=_RAILS)
def test_who_asks_for_more_is_not_refused_less(plan: Plan, rails: Guardrails) -> None:
    """A job more never makes a refusal go away."""
    more = plan_of(*plan.items, item("shop/z", {"assets": ["c"]}))
    around = circumstances(10, rails.protected)
    before = {each.guard for each in guard(plan, rails, around) if each.refused}
    after = {each.guard for each in guard(more, rails, around) if each.refused}
    assert before <= after


@given(plan=_PLANS, rails=_RAILS)
def test_verdicts_and_approvals_never_move_the_digest(plan: Plan, rails: Guardrails) -> None:
    seen = judge(plan, rails)
    assert plan_digest(seen) == plan_digest(plan)
    approved = replace(rails, approve=tuple(map(_approval(seen), seen.verdicts)))
    again = judge(seen, approved)
    assert plan_digest(again) == plan_digest(plan)
    assert not again.is_refused
    changed = {VerdictLevel.DENY: VerdictLevel.APPROVED}
    assert [each.level for each in again.verdicts] == [
        changed.get(each.level, each.level) for each in seen.verdicts
    ]


class _approval:  # noqa: N801 -- reads as a function of a verdict
    def __init__(self, plan: Plan) -> None:
        self._digest = plan_digest(plan)

    def __call__(self, verdict: Verdict) -> Approval:
        return Approval(guard=verdict.guard, digest=self._digest, by="anna", reason="why not")


def test_an_approval_is_for_one_guardrail_of_one_plan() -> None:
    plan = plan_of(item("shop/a", {}), item("shop/b", {}))
    rails = Guardrails(limits=Limits(jobs=1, assets=1))
    digest = plan_digest(plan)
    given_ = Approval(guard="limits.jobs", digest=digest, by="anna", reason="the season")
    jobs, assets = judge(plan, replace(rails, approve=(given_,))).verdicts
    assert (jobs.level, jobs.approval) == (VerdictLevel.APPROVED, given_)
    assert (jobs.found, jobs.allowed) == (2, 1)
    assert (assets.level, assets.approval) == (VerdictLevel.DENY, None)
    other = replace(given_, digest="sha256:" + "0" * 64)
    refused, _ = judge(plan, replace(rails, approve=(other,))).verdicts
    assert refused.refused
    assert refused.detail.endswith("; what anna approved is another plan (sha256:000000000000...)")
    both = judge(plan, replace(rails, approve=(other, given_, other))).verdicts[0]
    assert both.level is VerdictLevel.APPROVED
    fewer = plan_of(item("shop/a", {"assets": ["a", "b"]}), item("shop/b", {}))
    assert judge(fewer, replace(rails, approve=(given_,))).verdicts[0].refused


def test_what_is_not_refused_needs_no_approval() -> None:
    plan = plan_of(item("shop/a", {"fmt": "orig"}))
    given_ = Approval(guard="originals", digest=plan_digest(plan), by="anna", reason="why")
    (verdict,) = judge(plan, Guardrails(approve=(given_,))).verdicts
    assert (verdict.level, verdict.approval) == (VerdictLevel.WARN, None)


def test_verdicts_of_then_do_not_count_now() -> None:
    plan = replace(
        plan_of(item("shop/a", {})),
        verdicts=(Verdict(guard="limits.jobs", level=VerdictLevel.DENY, detail="then"),),
    )
    assert judge(plan, Guardrails()).verdicts == ()


def test_a_policy_that_is_no_expression_refuses_the_plan() -> None:
    """`validate` finds it before; whoever calls the package may not have asked."""
    policy = Policy(name="x", when="job.", message="x", level=PolicyLevel.WARN)
    (verdict,) = judge(plan_of(item("shop/a", {})), Guardrails(policies=(policy,))).verdicts
    assert verdict.refused
    assert "cannot be evaluated" in verdict.detail
