"""What a plan cannot do yet is refused: every place once, all places at once."""

from dataclasses import replace

from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.lineage import Adopted, Forgotten, Moved
from s7spec.model.manifest import Declarations, Fmt, Manifest, Schedule
from s7spec.model.policy import Mode
from s7spec.model.rules import Rule
from s7spec.model.selection import Selection
from s7spec.model.source import Place, Pointer, SourceDocument, SourceFile, SourceRange
from s7spec.plan import not_plannable

LINES: dict[Pointer, int] = {
    ("moved",): 1,
    ("forget",): 2,
    ("adopt",): 3,
    ("exports", 0): 4,
    ("exports", 0, "mode"): 5,
    ("exports", 0, "schedule"): 6,
    ("defaults", "schedule"): 7,
    ("exports", 0, "rerun"): 8,
}


def locate(pointer: Pointer, *, key: bool = False) -> SourceRange:
    return SourceRange(path="shop.yaml", line=LINES[pointer], column=3 if key else 9)


DOCUMENT = SourceDocument(
    file=SourceFile(path="shop.yaml", text="\n".join(f"line {n}" for n in range(1, 9))),
    index=0,
    value={},
    locator=locate,
)
EXPORT = Place(document=DOCUMENT, pointer=("exports", 0))
DEFAULTS = Place(document=DOCUMENT, pointer=("defaults",))
PLAIN = Manifest(
    declarations=Declarations(document=DOCUMENT, vars={}, data={}, libraries={}, selections={}),
    name="shop",
    exports=(),
    labels={},
    environments={},
)
SETTINGS = JobSettings(
    company="Acme",
    environment="local",
    manifest="shop",
    place=EXPORT,
    places={key: EXPORT.below(key) for key in ("mode", "schedule", "rerun")},
    fmt=Fmt.ORIG,
    max_assets=250,
)
AT_SIX = Schedule(place=EXPORT.below("schedule"), cron="0 0 6 * * ?")


def job(settings: JobSettings, export: str = "main") -> ExpandedJob:
    return ExpandedJob(
        export=export,
        settings=settings,
        selection=Selection(place=EXPORT, names=("boot",)),
        is_modifier=None,
        macro=None,
    )


def lines(manifests: list[Manifest], jobs: list[ExpandedJob]) -> list[int]:
    found = not_plannable(manifests, jobs)
    assert {finding.rule for finding in found} <= {Rule.NOT_BUILT}
    return [finding.where.line for finding in found if finding.where is not None]


def test_what_can_be_planned_passes() -> None:
    assert not_plannable([PLAIN], [job(SETTINGS), job(replace(SETTINGS, mode=Mode.FULL))]) == ()
    assert not_plannable([], []) == ()


def test_a_finding_says_what_and_where() -> None:
    [finding] = not_plannable([], [job(replace(SETTINGS, schedule=AT_SIX))])
    assert finding.rule is Rule.NOT_BUILT
    assert finding.summary == (
        "`schedule` can be validated and rendered, but this version cannot plan it yet"
    )
    assert finding.where == SourceRange(path="shop.yaml", line=6, column=3)
    assert finding.snippet == "line 6"
    assert finding.hint is not None
    assert "runs as soon as the plan is applied" in finding.hint
    assert "--select" in finding.hint


def test_all_of_them_at_once() -> None:
    manifest = replace(
        PLAIN,
        moved=(Moved(place=EXPORT, from_key="a", to_key="b"),),
        forget=(Forgotten(place=EXPORT, key="c"), Forgotten(place=EXPORT, key="d")),
        adopt=(Adopted(place=EXPORT, key="e", job_name="Nightly"),),
    )
    everything = replace(SETTINGS, mode=Mode.DELTA, schedule=AT_SIX, rerun="2026-07")
    found = not_plannable([PLAIN, manifest], [job(everything)])
    words = [finding.summary.split(" can ")[0] for finding in found]
    assert words == ["`moved`", "`forget`", "`adopt`", "`mode: delta`", "`schedule`", "`rerun`"]
    assert lines([manifest], [job(everything)]) == [1, 2, 3, 5, 6, 8]
    assert "new ones run as new jobs" in (found[0].hint or "")


def test_a_place_is_told_once_however_many_jobs_it_makes() -> None:
    """A schedule that holds a template differs from job to job; it was written once."""
    jobs = [
        job(replace(SETTINGS, schedule=replace(AT_SIX, cron=f"0 0 {hour} * * ?")), f"at-{hour}")
        for hour in range(24)
    ]
    assert lines([], jobs) == [6]


def test_what_stands_in_defaults_is_told_there() -> None:
    places = {"schedule": DEFAULTS.below("schedule")}
    common = replace(SETTINGS, schedule=AT_SIX, places=places)
    own = replace(SETTINGS, schedule=AT_SIX)
    assert lines([], [job(common), job(own, "own"), job(common, "again")]) == [6, 7]
