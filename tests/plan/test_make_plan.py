"""Laws of planning: order does not matter, limits are counted, foreign parts are refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState, LedgerSnapshot
from s7spec.model.plan import Action, Plan, Verdict
from s7spec.model.project import Limits
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.plan import guard, make_plan, write_plan
from tests.fakes.jobs import (
    attempt,
    export_job,
    job_key,
    plan_header,
    resolved_job,
    snapshot_of,
)

WANTED = [resolved_job(f"shop/m{n}", is_modifier=f"wid={n}") for n in range(8)]
STATES = sorted(AttemptState)
KNOWN = [
    attempt(f"shop/m{n}", export_job(is_modifier=f"wid={n % 5}"), state=STATES[n % len(STATES)])
    for n in range(2, 12)
]
WARNINGS = [
    Diagnostic(rule=Rule.EXCLUDED_ASSET, summary=f"{n}", where=SourceRange(path="a", line=n))
    for n in range(3)
]


def snapshot(latest: list[Attempt] | None = None) -> LedgerSnapshot:
    return snapshot_of(tuple(latest or ()))


def plan(
    jobs: list[ResolvedJob],
    latest: list[Attempt] | None = None,
    *,
    limits: Limits = Limits(),  # noqa: B008 -- a frozen value
    warnings: list[Diagnostic] | None = None,
    assumptions: tuple[str, ...] = (),
) -> Plan:
    return make_plan(
        jobs=tuple(jobs),
        snapshot=snapshot(latest),
        observed={},
        header=plan_header(),
        limits=limits,
        warnings=tuple(warnings or ()),
        assumptions=assumptions,
        whole=True,
    )


@given(st.permutations(WANTED), st.permutations(KNOWN), st.permutations(WARNINGS))
def test_order_of_the_input_does_not_matter(
    jobs: list[ResolvedJob], latest: list[Attempt], warnings: list[Diagnostic]
) -> None:
    expected = plan(WANTED, KNOWN, warnings=WARNINGS)
    assert write_plan(plan(jobs, latest, warnings=warnings)) == write_plan(expected)
    assert [item.key for item in expected.items] == sorted(item.key for item in expected.items)


def test_every_job_gets_an_item() -> None:
    found = plan(WANTED, KNOWN)
    keys = {job.key for job in WANTED} | {known.key for known in KNOWN}
    assert {item.key for item in found.items} == keys
    assert all(item.reasons for item in found.items)


@pytest.mark.parametrize(
    ("limits", "verdicts"),
    [
        (Limits(), []),
        (Limits(jobs=3), [Verdict(limit="jobs", allowed=3, found=3)]),
        (Limits(jobs=2), [Verdict(limit="jobs", allowed=2, found=3)]),
        (
            Limits(jobs=0, assets=6),
            [
                Verdict(limit="jobs", allowed=0, found=3),
                Verdict(limit="assets", allowed=6, found=6),
            ],
        ),
        (Limits(assets=5), [Verdict(limit="assets", allowed=5, found=6)]),
    ],
)
def test_limits_count_what_would_be_started(limits: Limits, verdicts: list[Verdict]) -> None:
    latest = [
        attempt("shop/failed", state=AttemptState.FAILED),
        attempt("shop/gone", state=AttemptState.OK),
        attempt("shop/runs", state=AttemptState.ACTIVE),
        attempt("shop/same", state=AttemptState.OK),
    ]
    names = ("failed", "new", "newer", "runs", "same")
    found = plan([resolved_job(f"shop/{name}") for name in names], latest, limits=limits)
    assert [found.count(action) for action in Action] == [2, 1, 1, 1, 1]
    assert list(found.verdicts) == verdicts
    assert guard(found.items, limits) == found.verdicts
    assert [verdict.refused for verdict in found.verdicts] == [
        verdict.found > verdict.allowed for verdict in verdicts
    ]


def test_an_empty_ledger_is_an_assumption_worth_saying() -> None:
    assert plan(WANTED, assumptions=("a",)).assumptions[0] == "a"
    cold = plan(WANTED).assumptions[-1]
    assert "lost ledger" in cold
    assert "found by name" in cold
    assert "retried after a failure" in cold
    assert cold.endswith("may run again")
    assert plan(WANTED, KNOWN).assumptions == ()
    assert plan([]).assumptions == ()


@pytest.mark.parametrize(
    "jobs",
    [
        [resolved_job(), resolved_job()],
        [resolved_job(key=job_key("shop/main", environment="production"))],
        [resolved_job(key=job_key("shop/main", company="Other"))],
    ],
    ids=["twice", "other environment", "other company"],
)
def test_jobs_that_do_not_belong_are_a_bug(jobs: list[ResolvedJob]) -> None:
    with pytest.raises(ValueError, match="is not of"):
        plan(jobs)


def test_a_foreign_snapshot_is_a_bug() -> None:
    with pytest.raises(ValueError, match="ledger snapshot"):
        make_plan(
            jobs=(),
            snapshot=replace(snapshot(), environment="production"),
            observed={},
            header=plan_header(),
            limits=Limits(),
            whole=True,
        )
