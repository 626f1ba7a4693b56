"""A saved plan meets the catalog of today; open attempts meet the server."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s7spec.model.asset import Asset
from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import AssetOutcome, Attempt, AttemptState, OutcomeKind
from s7spec.model.manifest import EmailSetting
from s7spec.model.plan import Action, Plan
from s7spec.model.preset import Preset
from s7spec.model.schedule import Timing
from s7spec.model.sight import RECENT, Observed, Unobserved
from s7spec.model.submission import Submission
from s7spec.model.wishes import Refresh
from s7spec.plan import Evidence, make_plan, read_plan, write_plan
from s7spec.ports import CredentialsRefused, IpsUnreachable
from s7spec.resolve import observe, refresh
from tests.fakes.catalog import MemoryCatalog, asset
from tests.fakes.clock import NOON, ManualClock
from tests.fakes.gateway import ScriptedIps
from tests.fakes.jobs import (
    SPEC_DIGEST,
    attempt,
    export_job,
    job_key,
    plan_header,
    resolved_job,
)
from tests.fakes.view import StillView

STOCK = [asset("Acme/one"), asset("Acme/two")]
ZOOM = Preset(name="zoom", urlModifier="wid=2000")
VIEW = Preset(name="view", urlModifier="$base$&wid=480")
BASE = Preset(name="base", urlModifier="qlt=80")


def saved_plan(*jobs: ResolvedJob, latest: tuple[Attempt, ...] = ()) -> Plan:
    """IPS shows what is scheduled, what is at work, and nothing of what is in doubt."""
    view = StillView(latest)
    plan = make_plan(
        jobs=jobs or (resolved_job(payload=export_job(macro="$zoom$", preset=ZOOM)),),
        evidence=Evidence(
            view=view,
            observed=Observed(attempts={each.name: sight(each) for each in view.open_attempts()}),
            now=NOON,
        ),
        header=plan_header(),
        whole=True,
    )
    return read_plan(write_plan(plan))


def sight(of: Attempt) -> JobSnapshot | None:
    if of.state.is_in_doubt:
        return None
    phase = JobPhase.ACTIVE if of.timing is None else JobPhase.SCHEDULED
    return JobSnapshot(originalName=of.name, jobHandle="j|7", phase=phase)


def why_stale(plan: Plan, catalog: MemoryCatalog) -> str:
    refreshed = refresh(plan, catalog)
    assert refreshed.jobs == ()
    [stale] = refreshed.stale
    assert stale.key == plan.items[0].key
    return stale.why


class TestRefresh:
    def test_handles_are_those_of_today(self) -> None:
        plan = saved_plan()
        today = [replace(found, handle=f"a|today-{found.name}") for found in STOCK]
        catalog = MemoryCatalog(today, [ZOOM])
        refreshed = refresh(plan, catalog)
        assert refreshed.stale == ()
        [job] = refreshed.jobs
        assert job.assetHandleArray == ("a|today-one", "a|today-two")
        assert job.key == plan.items[0].key
        assert job.export_job == plan.items[0].export_job
        assert job.origin == plan.items[0].origin
        assert job.spec_digest == SPEC_DIGEST
        assert catalog.calls == ["by_name one two", "presets"]

    @pytest.mark.parametrize(
        ("now", "words"),
        [
            ([STOCK[1]], "asset Acme/one does not exist any more"),
            (
                [asset("Acme/Archive/one"), STOCK[1]],
                "asset Acme/one has moved to Acme/Archive/one",
            ),
            (
                [asset("Acme/one", width=200, file_size=5), STOCK[1]],
                "asset Acme/one has changed: "
                "planned Image 100x80 1000 bytes modified 2026-05-28 20:26:40.000 UTC, "
                "now Image 200x80 5 bytes modified 2026-05-28 20:26:40.000 UTC",
            ),
            (
                [asset("Acme/one", last_modified_ms=1_780_000_000_001), STOCK[1]],
                "20:26:40.000 UTC, now Image 100x80 1000 bytes modified 2026-05-28 20:26:40.001",
            ),
            (
                [asset("Acme/one", kind="Pdf", width=None, last_modified_ms=None), STOCK[1]],
                "now Pdf 1000 bytes",
            ),
            ([], "asset Acme/one does not exist any more; asset Acme/two does not exist any more"),
        ],
        ids=["gone", "moved", "changed", "touched", "other type", "both gone"],
    )
    def test_assets_that_no_longer_fit(self, now: list[Asset], words: str) -> None:
        assert words in why_stale(saved_plan(), MemoryCatalog(now, [ZOOM]))

    def test_a_second_asset_of_the_name_does_not_matter(self) -> None:
        stock = [*STOCK, asset("Acme/Other/one", handle="a|other")]
        refreshed = refresh(saved_plan(), MemoryCatalog(stock, [ZOOM]))
        assert [job.assetHandleArray for job in refreshed.jobs] == [("a|one", "a|two")]

    def test_a_preset_that_was_edited(self) -> None:
        edited = replace(ZOOM, urlModifier="wid=1000")
        why = why_stale(saved_plan(), MemoryCatalog(STOCK, [edited]))
        assert why == "image preset $zoom$ has changed: planned `wid=2000`, now `wid=1000`"

    def test_a_preset_that_is_gone(self) -> None:
        why = why_stale(saved_plan(), MemoryCatalog(STOCK))
        assert why == "image preset $zoom$ does not exist any more"

    @pytest.mark.parametrize(
        ("now", "words"),
        [
            ([BASE], "image preset $view$ does not exist any more"),
            (
                [VIEW, replace(BASE, urlModifier="qlt=90")],
                "image preset $base$ has changed: planned `qlt=80`, now `qlt=90`",
            ),
            (
                [VIEW, BASE, Preset(name="Shadow", urlModifier="wid=7")],
                "image preset $Shadow$ was not known when the plan was made",
            ),
        ],
        ids=["gone", "edited", "made over a built-in one"],
    )
    def test_presets_in_the_modifier(self, now: list[Preset], words: str) -> None:
        payload = export_job(is_modifier="$view$&$shadow$", presets=(BASE, VIEW))
        plan = saved_plan(resolved_job(payload=payload))
        assert len(refresh(plan, MemoryCatalog(STOCK, [VIEW, BASE])).jobs) == 1
        assert why_stale(plan, MemoryCatalog(STOCK, now)) == words

    def test_a_plan_that_does_not_say_what_a_preset_means(self) -> None:
        plan = saved_plan(resolved_job(payload=export_job(is_modifier="$view$&$gone$")))
        why = why_stale(plan, MemoryCatalog(STOCK, [VIEW, BASE]))
        assert "image preset $gone$ does not exist" in why
        assert "image preset $view$ was not known when the plan was made" in why

    def test_a_built_in_preset_stays_what_it_is(self) -> None:
        plan = saved_plan(resolved_job(payload=export_job(macro="$shadow$")))
        assert len(refresh(plan, MemoryCatalog(STOCK)).jobs) == 1

    def test_only_what_may_be_sent_is_looked_up(self) -> None:
        at = Timing(at=NOON + timedelta(days=1))
        latest = (
            attempt("shop/done", state=AttemptState.OK),
            attempt("shop/fail", state=AttemptState.FAILED),
            attempt("shop/later", state=AttemptState.SCHEDULED, timing=at),
            attempt("shop/lost", state=AttemptState.UNKNOWN),
            attempt("shop/mail", state=AttemptState.OK),
            attempt("shop/none", state=AttemptState.OK),
            attempt("shop/older", state=AttemptState.ACTIVE),
            attempt("shop/runs", state=AttemptState.ACTIVE),
            attempt("shop/taken", state=AttemptState.UNKNOWN, handle="j|7"),
            attempt("shop/tired", state=AttemptState.FAILED, tries=9),
        )
        names = ("done", "fail", "later", "lost", "new", "runs", "taken", "tired")
        jobs = [resolved_job(f"shop/{name}") for name in names]
        jobs.append(resolved_job("shop/mail", export_job(emailSetting=EmailSetting.ALL)))
        jobs.append(resolved_job("shop/older", is_modifier="wid=7"))
        plan = saved_plan(*jobs, latest=latest)
        refreshed = refresh(plan, MemoryCatalog(STOCK))
        exports = [job.key.export for job in refreshed.jobs]
        assert exports == ["fail", "later", "lost", "new", "older"]
        sent = {item.key for item in plan.items if item.action.sends}
        assert {job.key for job in refreshed.jobs} - sent == {job_key("shop/lost")}

    def test_a_part_is_sent_of_a_job_that_is_looked_up_as_a_whole(self) -> None:
        both = export_job().assets
        partial = attempt(
            state=AttemptState.PARTIAL,
            outcomes=(
                AssetOutcome(asset=both[0], kind=OutcomeKind.OK),
                AssetOutcome(asset=both[1], kind=OutcomeKind.ERROR),
            ),
        )
        plan = saved_plan(resolved_job(), latest=(partial,))
        [item] = plan.items
        assert (item.action, item.only) == (Action.REPAIR, both[1:])
        [job] = refresh(plan, MemoryCatalog(STOCK)).jobs
        assert job.assetHandleArray == ("a|one", "a|two")
        submission = Submission.of(job, item.attempt_name, description="", only=item.only)
        assert submission.assetHandleArray == ("a|two",)
        # What was delivered before has changed: the plan does not fit any more.
        changed = MemoryCatalog([asset("Acme/one", file_size=5), STOCK[1]])
        assert "asset Acme/one has changed" in why_stale(plan, changed)

    def test_a_lost_part_may_be_sent_again(self) -> None:
        only = export_job().assets[1:]
        lost = attempt(state=AttemptState.UNKNOWN, only=only)
        plan = saved_plan(resolved_job(), latest=(lost,))
        assert [(item.action, item.only) for item in plan.items] == [(Action.WAIT, only)]
        [job] = refresh(plan, MemoryCatalog(STOCK)).jobs
        assert job.assetHandleArray == ("a|one", "a|two")

    def test_nothing_to_send_asks_nothing(self) -> None:
        catalog = MemoryCatalog(STOCK)
        plan = saved_plan(resolved_job(), latest=(attempt(state=AttemptState.OK),))
        refreshed = refresh(plan, catalog)
        assert (refreshed.jobs, refreshed.stale, catalog.calls) == ((), (), [])


class TestObserve:
    def test_only_open_attempts_are_looked_for(self) -> None:
        latest = tuple(
            attempt(f"shop/{state.value}", state=state) for state in sorted(AttemptState)
        )
        observed = observe(StillView(latest), ScriptedIps(clock=ManualClock()), now=NOON)
        assert list(observed.attempts) == [found.name for found in latest if found.state.is_open]
        assert len(observed.attempts) == 5
        assert set(observed.attempts.values()) == {None}
        assert observed.listing is None

    @pytest.mark.parametrize(("hours", "phase"), [(1.0, JobPhase.ACTIVE), (1.5, JobPhase.ENDED)])
    def test_a_schedule_comes_before_its_runs(self, hours: float, phase: JobPhase) -> None:
        clock = ManualClock()
        ips = ScriptedIps(clock=clock)
        hourly = Timing(cron="0 0 * * * ?")
        latest = attempt(state=AttemptState.SCHEDULED, timing=hourly)
        ips.take(Submission.of(resolved_job(), latest.name, description="", timing=hourly))
        clock.move(hours * ips.cron_every)
        for expected in (JobPhase.SCHEDULED, phase):
            [seen] = observe(StillView([latest]), ips, now=NOON).attempts.values()
            assert isinstance(seen, JobSnapshot)
            assert seen.phase is expected
            ips.schedules.clear()

    def test_a_look_that_fails_is_not_an_absence(self) -> None:
        ips = ScriptedIps(clock=ManualClock(), outage=IpsUnreachable("no route"))
        observed = observe(StillView([attempt()]), ips, now=NOON)
        assert list(observed.attempts.values()) == [Unobserved(why="no route")]

    def test_no_look_is_not_an_absence_either(self) -> None:
        ips = ScriptedIps(clock=ManualClock(), outage=IpsUnreachable("no route"))
        observed = observe(StillView([attempt()]), ips, now=NOON, refresh=Refresh.NONE)
        assert list(observed.attempts.values()) == [Unobserved(why="--refresh none")]
        assert observed.listing is None

    def test_who_may_not_look_at_all_hears_of_it(self) -> None:
        ips = ScriptedIps(clock=ManualClock(), outage=CredentialsRefused("no"))
        with pytest.raises(CredentialsRefused):
            observe(StillView([attempt()]), ips, now=NOON)

    @pytest.mark.parametrize("refresh_by", [Refresh.AUTO, Refresh.FULL])
    @pytest.mark.parametrize("latest", [(), (attempt(state=AttemptState.OK),)])
    def test_names_are_listed_when_the_ledger_is_cold_or_somebody_wants_it(
        self, refresh_by: Refresh, latest: tuple[Attempt, ...]
    ) -> None:
        ips = ScriptedIps(clock=ManualClock())
        name = attempt().name
        ips.take(Submission.of(resolved_job(), name, description=""))
        observed = observe(StillView(latest), ips, now=NOON, refresh=refresh_by)
        is_listed = not latest or refresh_by is Refresh.FULL
        assert (observed.listing is not None) == is_listed
        if observed.listing is not None:
            assert observed.listing.copies(name) == 1

    @pytest.mark.parametrize(
        ("wishes", "listed"),
        [
            ({}, 1),
            ({"first_run": True}, 0),
            ({"first_run": True, "refresh": Refresh.FULL}, 1),
            ({"first_run": True, "misses_history": True}, 0),
        ],
        ids=str,
    )
    def test_how_far_back(self, wishes: dict[str, Any], listed: int) -> None:
        """A ledger that was lost may have been there from the beginning."""
        clock = ManualClock()
        ips = ScriptedIps(clock=clock)
        ips.take(Submission.of(resolved_job(), attempt().name, description=""))
        clock.move((RECENT + timedelta(days=1)).total_seconds())
        observed = observe(StillView(), ips, now=clock.now(), **wishes)
        assert observed.listing is not None
        assert observed.listing.copies(attempt().name) == listed

    def test_names_are_listed_for_a_job_of_which_the_ledger_knows_nothing(self) -> None:
        latest = [attempt(state=AttemptState.OK)]
        ips = ScriptedIps(clock=ManualClock())
        assert observe(StillView(latest), ips, now=NOON, misses_history=True).listing is not None
