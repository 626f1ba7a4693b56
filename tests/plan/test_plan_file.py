"""The plan file: says everything, comes back whole, and is refused when it was touched."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from s7spec.model.asset import ExcludedAsset
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.guardrails import Approval
from s7spec.model.ips import JobPhase, JobSnapshot, KnownJob
from s7spec.model.job import attempt_name
from s7spec.model.ledger import AssetOutcome, AttemptState, OutcomeKind
from s7spec.model.manifest import EmailSetting
from s7spec.model.plan import (
    Action,
    AssetChange,
    AssetChangeKind,
    Plan,
    Reason,
    ReasonCode,
    Verdict,
    VerdictLevel,
)
from s7spec.model.policy import JobPolicy, Supersede
from s7spec.model.preset import Preset
from s7spec.model.rules import Rule
from s7spec.model.schedule import Timing
from s7spec.model.sight import Listing, Observed, Sight, Unobserved
from s7spec.model.source import SourceRange
from s7spec.plan import (
    FORMAT_VERSION,
    Evidence,
    PlanFileError,
    Surgery,
    make_plan,
    plan_digest,
    read_plan,
    write_plan,
)
from s7spec.plan.bounds import check_bounds
from s7spec.plan.guard.verdicts import MOST_JOBS
from s7spec.plan.write import seal_of
from tests.fakes.catalog import asset
from tests.fakes.clock import NOON
from tests.fakes.jobs import attempt, export_job, job_key, plan_header, resolved_job
from tests.fakes.view import StillView
from tests.report.hostile import HOSTILE, hostile_plan

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "schemas" / "plan.schema.json").read_text()
)
PLACE = SourceRange(path="shop.yaml", line=3, column=5, end_line=3, end_column=9)
WARNING = Diagnostic(
    rule=Rule.EXCLUDED_ASSET,
    summary="Acme/spin is left out: “ümlaut”",
    where=PLACE,
    hint="say so",
    snippet="    assets: packshots",
    related=(RelatedPlace(where=PLACE, message="first here"),),
)


DIGEST = "sha256:" + "5e" * 32
NOT_DONE = ("verdicts", "narrowed", "assumptions")
VERDICTS = (
    Verdict(
        guard="limits.jobs", level=VerdictLevel.DENY, detail="7 jobs, at most 1", allowed=1, found=7
    ),
    Verdict(
        guard="protected",
        level=VerdictLevel.APPROVED,
        detail="1 protected job is sent or taken back",
        jobs=("shop/new",),
        job_count=1,
        approval=Approval(guard="protected", digest=DIGEST, by="anna", reason="the season"),
    ),
    Verdict(guard="originals", level=VerdictLevel.WARN, detail="as uploaded", job_count=3),
    Verdict(guard="policy:wide", level=VerdictLevel.PASS, detail="nothing is too wide"),
)
AT = Timing(at=NOON + timedelta(days=3))
CRON = Timing(cron="0 0 6 ? * MON-FRI")
LATEST = (
    attempt("old/moved", state=AttemptState.OK),
    attempt("shop/blind", state=AttemptState.ACTIVE),
    attempt("shop/changed", state=AttemptState.OK),
    attempt("shop/doubled", state=AttemptState.ACTIVE),
    attempt("shop/failed", state=AttemptState.FAILED),
    attempt("shop/gone", state=AttemptState.OK),
    attempt("shop/mail", state=AttemptState.OK),
    attempt("shop/older", state=AttemptState.ACTIVE),
    attempt("shop/orphan", state=AttemptState.ACTIVE),
    attempt(
        "shop/partial",
        state=AttemptState.PARTIAL,
        outcomes=tuple(
            AssetOutcome(asset=version, kind=kind)
            for version, kind in zip(
                export_job().assets, (OutcomeKind.OK, OutcomeKind.ERROR), strict=True
            )
        ),
    ),
    attempt("shop/planned", state=AttemptState.SCHEDULED, timing=AT),
    attempt("shop/refused", state=AttemptState.REFUSED),
    attempt("shop/same", state=AttemptState.OK),
    attempt("shop/unwanted", state=AttemptState.SCHEDULED, timing=AT),
)


WHOLE_CHARACTERS = tuple(text for text in HOSTILE if "\ud800" not in text)


def rich_plan() -> Plan:
    """A plan in which every action and every kind of part occurs."""
    zoom = Preset(name="zoom", urlModifier="wid=2000")
    bare = asset("Acme/bare", last_modified_ms=None, file_size=None, width=None, height=None)
    changed = export_job(
        [asset("Acme/one", width=5), asset("Acme/new"), bare],
        is_modifier=None,
        macro="$zoom$",
        preset=zoom,
        presets=(
            Preset(name="base", urlModifier="$deep$&qlt=9"),
            Preset(name="deep", urlModifier=""),
        ),
    )
    changed = replace(changed, code_version="3", inputs=(("icc", "7"),))
    spin = ExcludedAsset(path="Acme/spin", type="SpinSet", reason="IPS cannot export it")
    found = resolved_job("shop/found")
    stopping = JobPolicy(supersede=Supersede.STOP_AND_SUBMIT)
    plan = make_plan(
        jobs=(
            replace(
                resolved_job("shop/new", policy=JobPolicy(timing=CRON, rerun="a")), excluded=(spin,)
            ),
            resolved_job("shop/blind"),
            resolved_job(
                "shop/changed", replace(changed, code_version="3", inputs=(("icc", "7"),))
            ),
            resolved_job("shop/doubled"),
            resolved_job("shop/failed"),
            found,
            resolved_job("shop/mail", export_job(emailSetting=EmailSetting.ALL)),
            resolved_job("shop/moved"),
            resolved_job("shop/older", is_modifier="wid=7", policy=stopping),
            resolved_job("shop/partial"),
            resolved_job("shop/planned"),
            resolved_job("shop/refused"),
            resolved_job("shop/same"),
        ),
        evidence=Evidence(
            view=StillView(LATEST),
            observed=observed(attempt_name(found.key, found.export_job.fingerprint, 2)),
            now=NOON,
            surgery=Surgery(moved={job_key("shop/moved"): job_key("old/moved")}),
        ),
        header=plan_header(),
        warnings=(WARNING, Diagnostic(rule=Rule.EXCLUDED_ASSET, summary="e-mail for every job")),
        assumptions=("sizes are not predicted",),
        whole=True,
    )
    return replace(plan, verdicts=VERDICTS)


def observed(*listed: str) -> Observed:
    """What is scheduled waits, one job is doubled, and one cannot be looked at."""
    seen: dict[str, Sight] = {}
    for each in LATEST:
        phase = JobPhase.SCHEDULED if each.timing else JobPhase.ACTIVE
        copies = 2 if each.key.export == "doubled" else 1
        seen[each.name] = JobSnapshot(
            originalName=each.name, jobHandle="j|7||x|1", phase=phase, copies=copies
        )
        if each.key.export == "blind":
            seen[each.name] = Unobserved(why="no route")
    return Observed(
        attempts=seen,
        listing=Listing(
            KnownJob(originalName=name, jobHandle="j|8", phase=JobPhase.ACTIVE) for name in listed
        ),
    )


def parsed(plan: Plan) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write_plan(plan))
    return document


def resealed(document: dict[str, Any]) -> str:
    """What somebody writes who edits a plan and recomputes digest and seal by hand."""
    rest = {key: value for key, value in document.items() if key not in ("digest", "seal")}
    never = "0001-01-01T00:00:00Z"
    times: dict[str, Any] = dict.fromkeys(("created_at", "expires_at", "assets_at"), never)
    times |= {"git_commit": None, "git_dirty": None}
    header, warnings = rest["header"], rest["warnings"]
    told = {key: value for key, value in rest.items() if key not in NOT_DONE}
    told["warnings"] = [[each["rule"], each["summary"]] for each in warnings]
    told["header"] = header | times if isinstance(header, dict) else header
    rest["digest"] = sha256(told)
    return json.dumps(rest | {"seal": sha256(rest)})


def sha256(document: dict[str, Any]) -> str:
    return f"sha256:{hashlib.sha256(compact(document).encode()).hexdigest()}"


def compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class TestWriting:
    def test_it_comes_back_whole(self) -> None:
        plan = rich_plan()
        assert read_plan(write_plan(plan)) == plan

    def test_the_same_plan_gives_the_same_bytes(self) -> None:
        text = write_plan(rich_plan())
        assert text == write_plan(read_plan(text))
        assert text.endswith("}\n")
        assert list(json.loads(text)) == sorted(json.loads(text))

    @pytest.mark.parametrize("plan", [rich_plan(), hostile_plan(WHOLE_CHARACTERS)])
    def test_each_job_has_a_line_and_its_bytes_are_those_of_the_standard_library(
        self, plan: Plan
    ) -> None:
        text = write_plan(plan)
        document = json.loads(text)
        lines = text.split("\n")
        first = lines.index('"items": [') + 1
        for item, line in zip(document["items"], lines[first:], strict=False):
            assert line.removesuffix(",") == compact(item)
        assert document["seal"] == sha256({k: v for k, v in document.items() if k != "seal"})
        assert document["seal"] == seal_of(document)

    def test_the_digest_does_not_ask_when(self) -> None:
        plan = rich_plan()
        later = plan.header.created_at + timedelta(hours=1)
        again = replace(
            plan,
            header=replace(
                plan.header, created_at=later, assets_at=later, git_commit="a" * 40, git_dirty=True
            ),
        )
        assert plan_digest(again) == plan_digest(plan)
        assert read_plan(write_plan(again)) == again
        assert parsed(again)["seal"] != parsed(plan)["seal"]

    def test_the_digest_is_over_what_it_would_do(self) -> None:
        plan = rich_plan()
        document = parsed(plan)
        assert document["digest"] == plan_digest(plan)
        assert json.loads(resealed(document)) == document
        for other in (
            replace(plan, header=replace(plan.header, tool_version="9")),
            replace(plan, items=plan.items[1:]),
            replace(plan, warnings=plan.warnings[1:]),
        ):
            assert plan_digest(other) != plan_digest(plan)

    def test_the_digest_does_not_ask_what_was_not_checked(self) -> None:
        """A snapshot of presets that is out of date is said where there is one."""
        plan = rich_plan()
        assert plan_digest(replace(plan, assumptions=())) == plan_digest(plan)

    def test_the_digest_does_not_ask_what_was_left_out(self) -> None:
        plan = replace(rich_plan(), narrowed=("--select 'new': 3 jobs left out",))
        assert plan_digest(plan) == plan_digest(rich_plan())
        assert parsed(plan)["narrowed"] == ["--select 'new': 3 jobs left out"]
        assert read_plan(write_plan(plan)) == plan

    def test_the_digest_does_not_ask_what_guardrails_say(self) -> None:
        """It is what is approved against them; and an approval in s7spec.yaml moves the places
        that warnings name."""
        plan = rich_plan()
        place = SourceRange(path="s7spec.yaml", line=90, column=1)
        moved = replace(plan.warnings[0], where=place, snippet="", related=())
        for other in (
            replace(plan, verdicts=()),
            replace(plan, verdicts=plan.verdicts[:1]),
            replace(plan, warnings=(moved, *plan.warnings[1:])),
        ):
            assert plan_digest(other) == plan_digest(plan)
            assert parsed(other)["seal"] != parsed(plan)["seal"]

    def test_no_handles(self) -> None:
        text = write_plan(rich_plan())
        assert "a|" not in text
        assert "andle" not in text

    def test_no_secrets_and_no_handles_of_ours(self) -> None:
        """What the ledger knows of handles stays there too."""
        text = write_plan(rich_plan())
        assert "j|" not in text
        assert "password" not in text.lower()

    def test_totals(self) -> None:
        totals = parsed(rich_plan())["totals"]
        twice = {"submit": 2, "retry": 2, "skip": 2}
        assert totals == {action.value: twice.get(action.value, 1) for action in Action}

    def test_each_wish_stands_in_it(self) -> None:
        document = parsed(rich_plan())
        assert item(document, "new")["timing"] == {"at": None, "cron": "0 0 6 ? * MON-FRI"}
        assert item(document, "new")["rerun"] == "a"
        assert item(document, "planned")["timing"] is None
        assert item(document, "older")["stops_older"] is True
        assert item(document, "failed")["tries"] == 2
        assert [each["path"] for each in item(document, "partial")["only"]] == ["Acme/two"]
        assert item(document, "moved")["moved_from"]["manifest"] == "old"
        assert item(document, "changed")["export_job"]["inputs"] == [["icc", "7"]]

    def test_a_scheduled_moment_comes_back(self) -> None:
        plan = rich_plan()
        at = tuple(replace(each, timing=AT) if each.action.sends else each for each in plan.items)
        assert read_plan(write_plan(replace(plan, items=at))).items == at

    def test_times_keep_their_zone(self) -> None:
        plan = rich_plan()
        there = NOON.astimezone(timezone(timedelta(hours=2)))
        moved = replace(plan, header=replace(plan.header, created_at=there))
        back = read_plan(write_plan(moved)).header.created_at
        assert back == NOON
        assert back.astimezone(UTC) == NOON


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "the plan is not JSON"),
            ("submit: all", "the plan is not JSON"),
            ("[" * 100_000, "the plan: expected `object`, got `array`"),
            ('{"a":' * 100_000, "the plan is not JSON"),
            ("9" * 5000, "the plan: number out of range"),
            ("[]", "the plan: expected `object`, got `array`"),
            ("{}", "no plan of s7spec"),
            ('{"format": NaN}', "the plan is not JSON"),
            ('{"format": "s7spec-plan", "format_version": "9.0"}', "format version 9.0"),
            (
                '{"format": "s7spec-plan", "format_version": "2.0"}',
                "format version 2.0, this s7spec reads version 4.0: plan again",
            ),
            ('{"format": "s7spec-plan"}', "format version None"),
        ],
    )
    def test_something_else(self, text: str, words: str) -> None:
        with pytest.raises(PlanFileError, match=words):
            read_plan(text)

    @pytest.mark.parametrize("digest", ["", "ab", "g" * 64, "AB" * 32, "ab" * 33, 7, ["ab" * 32]])
    def test_a_spec_that_is_no_digest(self, digest: object) -> None:
        document = parsed(rich_plan())
        document["items"][0]["spec_digest"] = digest
        with pytest.raises(PlanFileError, match=r"`items\[0\].spec_digest` "):
            read_plan(resealed(document))

    def test_other_fingerprints(self) -> None:
        document = parsed(rich_plan()) | {"fingerprint_version": 2}
        with pytest.raises(PlanFileError, match="fingerprints otherwise: plan again"):
            read_plan(json.dumps(document))

    def test_any_edit(self) -> None:
        text = write_plan(rich_plan())
        for before, after in (
            ("wid=100", "wid=999"),
            ('"submit"', '"skip"'),
            ("Acme/new", "Acme/old"),
            ('"allowed":1', '"allowed":9'),
            ("sha256:", "sha256:0"),
            ("T12:00:00", "T13:00:00"),
        ):
            assert before in text
            with pytest.raises(PlanFileError, match="changed after it was made"):
                read_plan(text.replace(before, after, 1))

    @pytest.mark.parametrize("part", ["digest", "seal"])
    def test_without_digest_or_seal(self, part: str) -> None:
        document = parsed(rich_plan())
        del document[part]
        with pytest.raises(PlanFileError, match="does not match its seal"):
            read_plan(json.dumps(document))

    def test_half_characters(self) -> None:
        document = parsed(rich_plan())
        document["header"]["company"] = "Acme"
        with pytest.raises(PlanFileError, match="the plan is not JSON"):
            read_plan(json.dumps(document).replace('"Acme"', '"Acme\\ud800"'))

    def test_a_key_twice(self) -> None:
        text = json.dumps(parsed(rich_plan()))
        with pytest.raises(PlanFileError, match="a key twice"):
            read_plan(text.replace('"tries"', '"rerun": "b", "tries"', 1))

    @pytest.mark.parametrize("value", ["9" * 5000, "[" * 9000 + "]" * 9000])
    def test_what_no_reader_of_json_takes(self, value: str) -> None:
        text = json.dumps(parsed(rich_plan()))
        with pytest.raises(PlanFileError, match="the plan is not JSON"):
            read_plan(text.replace('"header"', f'"more": {value}, "header"', 1))

    def test_spacing_is_no_edit(self) -> None:
        plan = rich_plan()
        assert read_plan(json.dumps(parsed(plan))) == plan


def item(document: dict[str, Any], export: str) -> dict[str, Any]:
    found: dict[str, Any] = next(i for i in document["items"] if i["key"]["export"] == export)
    return found


def first_asset(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = item(document, "new")["export_job"]["assets"][0]
    return found


def renamed(
    document: dict[str, Any], export: str, generation: int, *, fingerprint: str | None = None
) -> None:
    """Another generation, with the name that goes with it."""
    found = item(document, export)
    start, payload, _ = found["attempt_name"].rsplit("-", 2)
    name = f"{start}-{fingerprint or payload}-g{generation}"
    found.update(attempt_name=name, generation=generation)


def adopted_twice(document: dict[str, Any]) -> None:
    for export in ("new", "found"):
        told = {**item(document, "found")["reasons"][0], "code": "declared"}
        item(document, export).update(action="adopt", attempt_name="archive", reasons=[told])
    count = {"submit": 1, "adopt": 2}
    document["totals"].update(count)


def narrowed(*names: str) -> Callable[[dict[str, Any]], None]:
    """Repairs these assets, under the name that goes with them."""

    def edit(document: dict[str, Any]) -> None:
        found = item(document, "partial")
        [planned] = [each for each in rich_plan().items if each.key.export == "partial"]
        assert planned.export_job is not None
        versions = tuple(asset(f"Acme/{name}").version for name in names)
        sent = planned.export_job.narrowed(versions).fingerprint
        found["only"] = [{**first_asset(document), "path": f"Acme/{name}"} for name in names]
        found["attempt_name"] = attempt_name(planned.key, sent, planned.generation)

    return edit


def timed(document: dict[str, Any], at: str | None = None, cron: str | None = None) -> None:
    item(document, "new").update(timing={"at": at, "cron": cron})


def moved(document: dict[str, Any], **changes: str) -> None:
    item(document, "moved")["moved_from"].update(changes)


EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "payload": (
        lambda d: item(d, "new")["export_job"].update(is_modifier="wid=9"),
        "shop/new: the payload does not match its fingerprint",
    ),
    "attempt name": (
        lambda d: item(d, "new").update(attempt_name="s7-x-g1"),
        "shop/new: the attempt should be named",
    ),
    "payload of the name": (
        lambda d: renamed(d, "new", 1, fingerprint="0" * 8),
        "shop/new: the attempt should be named",
    ),
    "generation": (lambda d: item(d, "new").update(generation=7), "the attempt should be named"),
    "generation 0": (lambda d: renamed(d, "new", 0), "submit must be about an attempt"),
    "no attempt": (
        lambda d: item(d, "new").update(attempt_name=""),
        "submit must be about an attempt",
    ),
    "generation -1": (lambda d: renamed(d, "new", -1), "generation` is not a number that can be"),
    "generation 2^63": (lambda d: renamed(d, "new", 2**63), "is not a number that can be"),
    "generation 0 of a wait": (lambda d: renamed(d, "orphan", 0), "must be about an attempt"),
    "prior version -1": (
        lambda d: item(d, "same")["prior"].update(version=-1),
        "version` is not a number that can be",
    ),
    "far last_modified_ms": (
        lambda d: first_asset(d).update(last_modified_ms=10**17),
        "last_modified_ms` is not a number that can be",
    ),
    "huge width": (
        lambda d: first_asset(d).update(width=10**400),
        "width` is not a number that can be",
    ),
    "negative file_size": (
        lambda d: first_asset(d).update(file_size=-1),
        "file_size` is not a number that can be",
    ),
    "negative width": (
        lambda d: first_asset(d).update(width=-1),
        "width` is not a number that can be",
    ),
    "negative height": (
        lambda d: first_asset(d).update(height=-1),
        "height` is not a number that can be",
    ),
    "huge verdict": (
        lambda d: d["verdicts"][0].update(found=10**400),
        "found` is not a number that can be",
    ),
    "negative line": (
        lambda d: item(d, "new")["origin"].update(line=-1),
        "line` is not a number that can be",
    ),
    "the end of time": (
        lambda d: d["header"].update(expires_at="9999-12-31T23:59:59-14:00"),
        "`header.expires_at` is not a time that can be",
    ),
    "the beginning of time": (
        lambda d: d["header"].update(created_at="0001-01-01T00:00:00+14:00"),
        "`header.created_at` is not a time that can be",
    ),
    "retry under another job's name": (
        lambda d: item(d, "failed").update(attempt_name=item(d, "new")["attempt_name"]),
        "shop/failed: the attempt should be named",
    ),
    "retry after nothing": (
        lambda d: item(d, "failed").update(prior=None),
        "shop/failed: retry comes after no attempt",
    ),
    "refusal of another attempt": (
        lambda d: item(d, "refused").update(attempt_name=item(d, "same")["attempt_name"]),
        "shop/refused: the attempt should be named",
    ),
    "retry under the old name": (
        lambda d: renamed(d, "failed", 1),
        "was sent before and cannot be new",
    ),
    "retry in another generation": (
        lambda d: renamed(d, "failed", 9, fingerprint="0" * 8),
        "shop/failed: the attempt should be named",
    ),
    "wait for another job": (
        lambda d: item(d, "orphan").update(attempt_name=item(d, "same")["attempt_name"]),
        "shop/orphan: wait is not about the attempt it was decided on",
    ),
    "adoption of another generation": (
        lambda d: item(d, "found").update(generation=3),
        "shop/found: the attempt should be named",
    ),
    "adoption of a foreign job": (
        lambda d: item(d, "found").update(attempt_name="publish"),
        "shop/found: the attempt should be named",
    ),
    "update of another attempt": (
        lambda d: renamed(d, "mail", 2),
        "shop/mail: update-meta is not about the attempt it was decided on",
    ),
    "skip of another attempt": (
        lambda d: renamed(d, "same", 2),
        "shop/same: skip is not about the attempt it was decided on",
    ),
    "forget with a name": (
        lambda d: item(d, "gone").update(attempt_name=item(d, "gone")["prior"]["attempt_name"]),
        "shop/gone: forget is about no attempt",
    ),
    "cancel of nothing": (
        lambda d: item(d, "unwanted").update(prior=None),
        "shop/unwanted: cancel is about nothing",
    ),
    "cancel with a timing": (
        lambda d: item(d, "unwanted").update(timing={"at": None, "cron": "0 0 6 ? * *"}),
        "shop/unwanted: cancel sends nothing",
    ),
    "forget with a token": (
        lambda d: item(d, "gone").update(rerun="a"),
        "shop/gone: forget sends nothing",
    ),
    "forget with assets": (
        lambda d: item(d, "gone").update(only=item(d, "partial")["only"]),
        "shop/gone: forget sends nothing",
    ),
    "repair of everything": (
        lambda d: item(d, "partial").update(only=None),
        "shop/partial: the attempt should be named",
    ),
    "repair of all": (narrowed("one", "two"), "was sent before and cannot be new"),
    "repair of none": (narrowed(), "`only` is not a part of the assets"),
    "repair of a stranger": (narrowed("three"), "`only` holds assets that the job does not have"),
    "repair of another": (
        lambda d: item(d, "partial").update(only=[first_asset(d)]),
        "shop/partial: the attempt should be named",
    ),
    "only of a skip": (
        lambda d: item(d, "same").update(only=item(d, "same")["export_job"]["assets"]),
        "shop/same: `only` is not a part of the assets",
    ),
    "tries": (lambda d: item(d, "failed").update(tries=0), "tries` is not a number that can be"),
    "no tries": (
        lambda d: item(d, "failed").update(tries=None),
        "tries` of the plan: expected `int`, got `null`",
    ),
    "timing": (lambda d: timed(d, cron="soon"), "timing` is no timing"),
    "no moment": (lambda d: timed(d, at="soon"), "timing.at` of the plan: invalid RFC3339"),
    "moment": (
        lambda d: timed(d, at="9999-12-31T23:59:59-14:00"),
        "timing.at` is not a time that can be",
    ),
    "moment without a zone": (
        lambda d: timed(d, at="2026-12-01T05:00:00"),
        "timing.at` is not a time with its zone",
    ),
    "moment in a zone": (
        lambda d: timed(d, at="2026-12-01T05:00:00+02:00"),
        "timing.at` is not in UTC",
    ),
    "moment and cron": (
        lambda d: timed(d, at="2026-12-01T05:00:00Z", cron="0 0 6 ? * *"),
        "timing` is no timing: it names a moment or a cron expression",
    ),
    "neither": (timed, "timing` is no timing: it names"),
    "cron": (
        lambda d: timed(d, cron="99 0 6 ? * *"),
        "timing` is no timing: it says `99` for the seconds",
    ),
    "number for timing": (
        lambda d: item(d, "new").update(timing=6),
        r"timing` of the plan: expected `object \| null`, got `int`",
    ),
    "number for token": (
        lambda d: item(d, "new").update(rerun=6),
        r"rerun` of the plan: expected `str \| null`, got `int`",
    ),
    "stops something": (
        lambda d: item(d, "new").update(stops_older=True),
        "shop/new: submit stops nothing",
    ),
    "perhaps stops": (
        lambda d: item(d, "older").update(stops_older=1),
        "stops_older` of the plan: expected `bool`, got `int`",
    ),
    "moved without a word": (
        lambda d: item(d, "moved")["reasons"].pop(),
        "shop/moved: `moved_from` does not go with its reasons",
    ),
    "a word about no move": (
        lambda d: item(d, "same").update(reasons=item(d, "moved")["reasons"]),
        "shop/same: `moved_from` does not go with its reasons",
    ),
    "moved from afar": (lambda d: moved(d, environment="production"), "is of another environment"),
    "moved from itself": (lambda d: moved(d, manifest="shop"), "no history to take over"),
    "moved from another's": (
        lambda d: moved(d, manifest="shop", export="same"),
        "two items are about the history of shop/same",
    ),
    "moved without history": (
        lambda d: item(d, "moved").update(
            prior=None,
            action="adopt",
            reasons=[
                {**item(d, "moved")["reasons"][0], "code": "declared"},
                item(d, "moved")["reasons"][1],
            ],
        ),
        "shop/moved: there is no history to take over",
    ),
    "taken over twice": (
        adopted_twice,
        "two items are about the attempt archive",
    ),
    "input of three": (
        lambda d: item(d, "changed")["export_job"].update(inputs=[["a", "b", "c"]]),
        r"inputs\[0\]` of the plan: expected `array` of length 2",
    ),
    "another change than is sent": (
        lambda d: item(d, "changed")["reasons"][0]["fields"][1].update(after="$other$"),
        "shop/changed: macro is not what it is said to become",
    ),
    "assets that nobody names": (
        lambda d: next(
            r for r in item(d, "changed")["reasons"] if r["code"] == "assets-changed"
        ).update(assets=[]),
        "shop/changed: assets-changed names no assets",
    ),
    "good for ever": (
        lambda d: d["header"].update(expires_at="2999-07-02T12:00:00Z"),
        "good for longer than any plan is",
    ),
    "twice": (lambda d: d["items"].insert(0, d["items"][0]), "stands twice"),
    "another order": (lambda d: d["items"].reverse(), "not in its place"),
    "action": (lambda d: item(d, "same").update(action="submit"), "does not go with its reasons"),
    "unknown action": (
        lambda d: item(d, "same").update(action="stop"),
        "action` of the plan: invalid enum value 'stop'",
    ),
    "action that cannot be": (
        lambda d: item(d, "moved").update(action="cancel"),
        "does not go with its reasons",
    ),
    "no reasons": (lambda d: item(d, "same").update(reasons=[]), "does not go with its reasons"),
    "no payload": (
        lambda d: item(d, "new").update(export_job=None, fingerprint=None),
        "the payload is missing",
    ),
    "no fingerprint": (lambda d: item(d, "new").update(fingerprint=None), "do not go together"),
    "other company": (
        lambda d: item(d, "new")["key"].update(company="Other"),
        "Other/local/shop/new is not of Acme/local",
    ),
    "missing part": (lambda d: d.pop("verdicts"), "the plan lacks `verdicts`"),
    "missing deep part": (
        lambda d: item(d, "new").pop("attempt_name"),
        r"the plan lacks `items\[\d+\].attempt_name`",
    ),
    "text for number": (
        lambda d: d["verdicts"][0].update(found="many"),
        r"`verdicts\[0\].found` of the plan: expected `int \| null`, got `str`",
    ),
    "truth for number": (
        lambda d: d["verdicts"][0].update(found=True),
        r"`verdicts\[0\].found` of the plan: expected `int \| null`, got `bool`",
    ),
    "unknown level": (
        lambda d: d["verdicts"][0].update(level="refuse"),
        r"`verdicts\[0\].level` of the plan: invalid enum value 'refuse'",
    ),
    "approved by nobody": (
        lambda d: d["verdicts"][1].update(approval=None),
        "approved does not go with its approval",
    ),
    "denied with approval": (
        lambda d: d["verdicts"][1].update(level="deny"),
        "deny does not go with its approval",
    ),
    "approval of something else": (
        lambda d: d["verdicts"][1]["approval"].update(guard="names"),
        "protected: the approval is for names",
    ),
    "half a limit": (
        lambda d: d["verdicts"][0].update(allowed=None),
        "what is found and what is allowed go together",
    ),
    "more jobs than there are": (
        lambda d: d["verdicts"][1].update(job_count=0),
        "names more jobs than it counts",
    ),
    "more notes than there are": (
        lambda d: d["verdicts"][1].update(notes=["one"]),
        "has more notes than it counts",
    ),
    "huge note count": (
        lambda d: d["verdicts"][1].update(note_count=2**60),
        "note_count` is not a number that can be",
    ),
    "object for list": (
        lambda d: d.update(items={}),
        "`items` of the plan: expected `array`, got `object`",
    ),
    "list for object": (
        lambda d: d.update(header=[]),
        "`header` of the plan: expected `object`, got `array`",
    ),
    "number for text": (
        lambda d: d["header"].update(ips=1),
        "`header.ips` of the plan: expected `str`, got `int`",
    ),
    "no time": (
        lambda d: d["header"].update(created_at="soon"),
        "`header.created_at` of the plan: invalid RFC3339 encoded datetime",
    ),
    "no zone": (
        lambda d: d["header"].update(created_at="2026-07-01T12:00:00"),
        "is not a time with its zone",
    ),
    "unknown rule": (lambda d: d["warnings"][0].update(rule="S7E999"), "unknown rule S7E999"),
    "missing part of those that may be missing": (
        lambda d: item(d, "new").pop("excluded"),
        "parts that this s7spec does not know",
    ),
    "unknown part": (lambda d: d.update(approved=True), "parts that this s7spec does not know"),
    "unknown deep part": (
        lambda d: item(d, "new").update(force=True),
        "parts that this s7spec does not know",
    ),
    "totals": (lambda d: d["totals"].update(submit=0), "parts that this s7spec does not know"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_with_a_new_digest_still_has_to_make_sense(name: str) -> None:
    edit, words = EDITS[name]
    document = parsed(rich_plan())
    assert read_plan(resealed(document)) == rich_plan()
    edit(document)
    with pytest.raises(PlanFileError, match=words):
        read_plan(resealed(document))


def test_what_the_ledger_tells_may_have_sizes_below_0() -> None:
    """An older s7spec has put them there as IPS told them: then they changed, or are waited for."""
    plan = rich_plan()
    below = asset("Acme/below", file_size=-1, width=-2, height=-3).version
    change = AssetChange(kind=AssetChangeKind.GONE, path=below.path, before=below)
    reason = Reason(code=ReasonCode.ASSETS_CHANGED, detail="assets -1", assets=(change,))
    (first, *others) = plan.items
    items = (replace(first, reasons=(*first.reasons, reason)), *others)
    check_bounds(replace(plan, items=items))
    after = replace(change, kind=AssetChangeKind.NEW, before=None, after=below)
    items = (replace(first, reasons=(replace(reason, assets=(after,)),)), *others)
    with pytest.raises(PlanFileError, match="file_size` is not a number that can be"):
        check_bounds(replace(plan, items=items))


class TestSchema:
    def test_it_names_what_the_digest_does_not_ask_and_so_does_the_manual(self) -> None:
        manual = (Path(__file__).parents[2] / "docs" / "plans.md").read_text("utf-8")
        told = manual.partition("- `digest`: SHA-256")[2].partition("\n- ")[0]
        of_header = ("created_at", "expires_at", "assets_at", "git_commit", "git_dirty")
        for text in (SCHEMA["properties"]["digest"]["description"], told):
            assert {"seal", *NOT_DONE, *of_header} <= set(re.findall(r"`(\w+)`", text))
            assert "warning as its rule and summary" in " ".join(text.split())

    def test_it_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)

    def test_what_is_written_follows_it(self) -> None:
        empty = make_plan(
            jobs=(),
            evidence=Evidence(view=StillView(), observed=Observed(attempts={}), now=NOON),
            header=plan_header(),
            whole=True,
        )
        for plan in (rich_plan(), empty):
            errors = Draft202012Validator(SCHEMA).iter_errors(parsed(plan))
            assert [error.message for error in errors] == []

    @pytest.mark.parametrize("place", ["header", "items", "verdicts", "warnings", "totals"])
    def test_it_refuses_what_is_unknown(self, place: str) -> None:
        document = parsed(rich_plan())
        part = document[place][0] if isinstance(document[place], list) else document[place]
        part["surprise"] = 1
        assert not Draft202012Validator(SCHEMA).is_valid(document)

    def test_its_lists_are_those_of_the_code(self) -> None:
        kinds = SCHEMA["$defs"]
        assert kinds["item"]["properties"]["action"]["enum"] == [a.value for a in Action]
        assert kinds["reason"]["properties"]["code"]["enum"] == [c.value for c in ReasonCode]
        assert kinds["asset_change"]["properties"]["kind"]["enum"] == [
            kind.value for kind in AssetChangeKind
        ]
        assert list(SCHEMA["properties"]["totals"]["properties"]) == [a.value for a in Action]
        verdict = kinds["verdict"]["properties"]
        assert verdict["level"]["enum"] == [level.value for level in VerdictLevel]
        assert verdict["jobs"]["maxItems"] == MOST_JOBS
        assert SCHEMA["properties"]["format_version"]["const"] == FORMAT_VERSION

    def test_every_object_is_closed_and_every_property_explained(self) -> None:
        objects = list(walk(SCHEMA))
        assert len(objects) > 15
        for schema in objects:
            assert schema["unevaluatedProperties"] is False
            assert sorted(schema["required"]) == sorted(schema["properties"])
            for name, value in schema["properties"].items():
                assert value.get("description"), name
                assert value.get("examples"), name
                for example in value["examples"]:
                    assert validator(value).is_valid(example), f"{name}: {example}"


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({"$defs": SCHEMA["$defs"], "allOf": [schema]})


def walk(schema: object) -> Iterator[dict[str, Any]]:
    """Every object schema in a schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from walk(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from walk(value)
