"""The plan file: says everything, comes back whole, and is refused when it was touched."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from s7spec.model.asset import ExcludedAsset
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.ledger import AttemptState
from s7spec.model.plan import Action, AssetChangeKind, Plan, ReasonCode
from s7spec.model.preset import Preset
from s7spec.model.project import Limits
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.plan import FORMAT_VERSION, PlanFileError, make_plan, plan_digest, read_plan, write_plan
from tests.fakes.catalog import asset
from tests.fakes.clock import NOON
from tests.fakes.jobs import (
    attempt,
    export_job,
    plan_header,
    resolved_job,
    snapshot_of,
)

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


def rich_plan() -> Plan:
    """A plan in which every kind of part occurs."""
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
    spin = ExcludedAsset(path="Acme/spin", type="SpinSet", reason="IPS cannot export it")
    latest = (
        attempt("shop/changed", state=AttemptState.OK),
        attempt("shop/failed", state=AttemptState.FAILED),
        attempt("shop/gone", state=AttemptState.OK),
        attempt("shop/orphan", state=AttemptState.ACTIVE),
        attempt("shop/refused", state=AttemptState.REFUSED),
        attempt("shop/same", state=AttemptState.OK),
    )
    return make_plan(
        jobs=(
            replace(resolved_job("shop/new"), excluded=(spin,)),
            resolved_job("shop/changed", changed),
            resolved_job("shop/same"),
            resolved_job("shop/failed"),
            resolved_job("shop/refused"),
        ),
        snapshot=snapshot_of(latest),
        observed={},
        header=plan_header(),
        limits=Limits(jobs=1, assets=100),
        warnings=(WARNING, Diagnostic(rule=Rule.EXCLUDED_ASSET, summary="e-mail for every job")),
        assumptions=("sizes are not predicted",),
        whole=True,
    )


def parsed(plan: Plan) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write_plan(plan))
    return document


def resealed(document: dict[str, Any]) -> str:
    """What somebody writes who edits a plan and recomputes digest and seal by hand."""
    rest = {key: value for key, value in document.items() if key not in ("digest", "seal")}
    never = "0001-01-01T00:00:00+00:00"
    times = {"created_at": never, "expires_at": never}
    header = rest["header"]
    rest["digest"] = sha256(
        rest | {"header": header | times if isinstance(header, dict) else header}
    )
    return json.dumps(rest | {"seal": sha256(rest)})


def sha256(document: dict[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class TestWriting:
    def test_it_comes_back_whole(self) -> None:
        plan = rich_plan()
        assert read_plan(write_plan(plan)) == plan

    def test_the_same_plan_gives_the_same_bytes(self) -> None:
        text = write_plan(rich_plan())
        assert text == write_plan(read_plan(text))
        assert text.endswith("}\n")
        assert list(json.loads(text)) == sorted(json.loads(text))

    def test_the_digest_does_not_ask_when(self) -> None:
        plan = rich_plan()
        later = plan.header.created_at + timedelta(hours=1)
        again = replace(plan, header=replace(plan.header, created_at=later))
        assert plan_digest(again) == plan_digest(plan)
        assert parsed(again)["seal"] != parsed(plan)["seal"]

    def test_the_digest_is_over_what_it_would_do(self) -> None:
        plan = rich_plan()
        document = parsed(plan)
        assert document["digest"] == plan_digest(plan)
        assert json.loads(resealed(document)) == document
        for other in (
            replace(plan, assumptions=()),
            replace(plan, header=replace(plan.header, tool_version="9")),
            replace(plan, items=plan.items[1:]),
        ):
            assert plan_digest(other) != plan_digest(plan)

    def test_no_handles(self) -> None:
        text = write_plan(rich_plan())
        assert "a|" not in text
        assert "andle" not in text

    def test_totals(self) -> None:
        totals = parsed(rich_plan())["totals"]
        assert totals == {"submit": 2, "retry": 2, "wait": 1, "skip": 1, "forget": 1}

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
            ("[" * 100_000, "the plan is not JSON"),
            ("9" * 5000, "the plan is not JSON"),
            ("[]", "is JSON, but not an object"),
            ("{}", "no plan of s7spec"),
            ('{"format": NaN}', "holds NaN"),
            ('{"format": "x", "format": "y"}', "a key twice"),
            ('{"format": "s7spec-plan", "format_version": "9.0"}', "format version 9.0"),
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
        with pytest.raises(PlanFileError, match=r"items\[0\].spec_digest` is not a "):
            read_plan(resealed(document))

    def test_other_fingerprints(self) -> None:
        document = parsed(rich_plan()) | {"fingerprint_version": 2}
        with pytest.raises(PlanFileError, match="fingerprints otherwise"):
            read_plan(json.dumps(document))

    def test_any_edit(self) -> None:
        text = write_plan(rich_plan())
        for before, after in (
            ("wid=100", "wid=999"),
            ('"submit"', '"skip"'),
            ("Acme/new", "Acme/old"),
            ('"allowed": 1', '"allowed": 9'),
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
        with pytest.raises(PlanFileError, match="not Unicode"):
            read_plan(json.dumps(document).replace('"Acme"', '"Acme\\ud800"'))

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


EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "payload": (
        lambda d: item(d, "new")["export_job"].update(is_modifier="wid=9"),
        "shop/new: the payload does not match its fingerprint",
    ),
    "attempt name": (
        lambda d: item(d, "new").update(attempt_name="s7-x-g1"),
        "shop/new: an attempt of another job stands in its place",
    ),
    "payload of the name": (
        lambda d: renamed(d, "new", 1, fingerprint="0" * 8),
        "shop/new: the attempt should be named",
    ),
    "generation": (lambda d: item(d, "new").update(generation=7), "the attempt should be named"),
    "generation 0": (lambda d: renamed(d, "new", 0), "the attempt should be named"),
    "generation -1": (lambda d: renamed(d, "new", -1), "generation` is not a number that can be"),
    "generation 2^63": (lambda d: renamed(d, "new", 2**63), "is not a number that can be"),
    "generation 0 of a wait": (lambda d: renamed(d, "orphan", 0), "the attempt should be named"),
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
        "shop/failed: an attempt of another job",
    ),
    "retry of another job's refusal": (
        lambda d: item(d, "refused").update(
            attempt_name=item(d, "same")["attempt_name"], prior=item(d, "same")["prior"]
        ),
        "shop/refused: an attempt of another job",
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
        "shop/orphan: an attempt of another job",
    ),
    "skip of another attempt": (
        lambda d: renamed(d, "same", 2),
        "shop/same: skip is not about the attempt it was decided on",
    ),
    "forget with a name": (
        lambda d: item(d, "gone").update(attempt_name=item(d, "gone")["prior"]["attempt_name"]),
        "shop/gone: forget is about no attempt",
    ),
    "twice": (lambda d: d["items"].insert(0, d["items"][0]), "stands twice"),
    "another order": (lambda d: d["items"].reverse(), "not in its place"),
    "action": (lambda d: item(d, "same").update(action="submit"), "does not go with its reasons"),
    "unknown action": (lambda d: item(d, "same").update(action="stop"), "is not one of submit"),
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
        lambda d: item(d, "new")["prior"] or item(d, "new").pop("excluded"),
        r"the plan lacks `items\[3\].excluded`",
    ),
    "text for number": (
        lambda d: d["verdicts"][0].update(found="many"),
        r"`verdicts\[0\].found` is not a whole number",
    ),
    "truth for number": (
        lambda d: d["verdicts"][0].update(found=True),
        r"`verdicts\[0\].found` is not a whole number",
    ),
    "object for list": (lambda d: d.update(items={}), "`items` is not a list"),
    "list for object": (lambda d: d.update(header=[]), "`header` is not an object"),
    "number for text": (lambda d: d["header"].update(ips=1), "`header.ips` is not a text"),
    "no time": (
        lambda d: d["header"].update(created_at="soon"),
        "`header.created_at` is not a time",
    ),
    "no zone": (
        lambda d: d["header"].update(created_at="2026-07-01T12:00:00"),
        "is not a time with its zone",
    ),
    "unknown rule": (lambda d: d["warnings"][0].update(rule="S7E999"), "unknown rule S7E999"),
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


class TestSchema:
    def test_it_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)

    def test_what_is_written_follows_it(self) -> None:
        empty = make_plan(
            jobs=(),
            snapshot=snapshot_of(()),
            observed={},
            header=plan_header(),
            limits=Limits(),
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
