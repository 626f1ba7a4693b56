"""How a plan is put together: little is read, foreign parts are refused."""

from collections.abc import Sequence

import pytest

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import Action, Plan
from s7spec.model.policy import JobPolicy
from s7spec.model.sight import Observed
from s7spec.plan import Evidence, make_plan
from tests.fakes.clock import NOON
from tests.fakes.jobs import attempt, job_key, plan_header, resolved_job
from tests.fakes.view import StillView


def plan(
    jobs: Sequence[ResolvedJob],
    latest: Sequence[Attempt] = (),
    *,
    warnings: Sequence[Diagnostic] = (),
    assumptions: tuple[str, ...] = (),
    view: StillView | None = None,
) -> Plan:
    """What IPS shows: none of the open attempts."""
    known = StillView(latest) if view is None else view
    return make_plan(
        jobs=tuple(jobs),
        evidence=Evidence(
            view=known,
            observed=Observed(attempts={each.name: None for each in known.open_attempts()}),
            now=NOON,
        ),
        header=plan_header(),
        warnings=tuple(warnings),
        assumptions=assumptions,
        whole=True,
    )


def test_a_cold_ledger_is_an_assumption_worth_saying() -> None:
    jobs = [resolved_job()]
    assert plan(jobs, assumptions=("a",)).assumptions[0] == "a"
    cold = plan(jobs).assumptions[-1]
    beginning, _, _ = cold.partition(";")
    assert beginning == "the ledger is empty: if it was lost, restore it before you apply"
    assert len(beginning) <= 80 - 14 - 1, "it is cut off where it matters"
    assert "found by name and not sent again" in cold
    elsewhere = attempt("other/main", state=AttemptState.OK, forgotten=True)
    assert plan(jobs, [elsewhere]).assumptions == ()
    assert plan([]).assumptions == ()


def test_payloads_of_jobs_that_are_plainly_done_are_not_read() -> None:
    states = (AttemptState.FAILED, AttemptState.OK, AttemptState.ACTIVE)
    latest = [
        *(attempt(f"shop/{state.value}", state=state, ended_at=NOON) for state in states),
        attempt("shop/aging", state=AttemptState.OK, ended_at=NOON),
        attempt("shop/changed", state=AttemptState.OK),
        attempt("shop/closed", state=AttemptState.OK, forgotten=True),
        attempt("shop/gone", state=AttemptState.PARTIAL),
        attempt("shop/old", state=AttemptState.OK),
        attempt("shop/token", state=AttemptState.OK, rerun="a"),
    ]
    view = StillView(latest, older=[job_key("shop/old")])
    aging = JobPolicy(max_age=NOON - NOON.replace(month=6))
    found = plan(
        [
            *(resolved_job(f"shop/{state.value}") for state in states),
            resolved_job("shop/aging", policy=aging),
            resolved_job("shop/changed", is_modifier="wid=7"),
            resolved_job("shop/new"),
            resolved_job("shop/old"),
            resolved_job("shop/token", policy=JobPolicy(rerun="a")),
        ],
        view=view,
    )
    read = {name.split("-")[2] for name in view.read}
    assert read == {"active", "changed", "failed", "old"}
    assert len(view.read) == 4
    assert found.count(Action.SKIP) == 4


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
    with pytest.raises(ValueError, match=r"is not of|stands twice"):
        plan(jobs)
