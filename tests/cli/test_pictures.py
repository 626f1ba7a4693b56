"""Which samples of a plan are looked at, and with what they are compared."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from s7spec.cli.pictures.choosing import Trait, converting, samples
from s7spec.cli.pictures.settings import settings_before, settings_of
from s7spec.model.asset import AssetVersion
from s7spec.model.manifest import Fmt
from s7spec.model.plan import Action, FieldChange, Reason, ReasonCode
from s7spec.model.preset import Preset
from tests.report.jobs import export_job
from tests.report.plans import item, modifier_changed, new, plan_of, unchanged


def sized(name: str, width: int | None, height: int | None) -> AssetVersion:
    return AssetVersion(path=f"Acme/{name}", type="Image", width=width, height=height)


CATALOG = (
    sized("a", 100, 100),
    sized("broad", 400, 50),
    sized("clear", 90, 90),
    sized("huge", 900, 900),
    sized("print", 100, 100),
    sized("tiny", 10, 10),
    sized("unknown", None, None),
)
HIDDEN = {"Acme/clear": (Trait.ALPHA,), "Acme/print": (Trait.CMYK,), "Acme/tiny": (Trait.ALPHA,)}


def look(asset: AssetVersion) -> Iterable[Trait]:
    return HIDDEN.get(asset.path, ())


@pytest.mark.parametrize(
    ("most", "names"),
    [
        (1, ["huge"]),
        (3, ["huge", "tiny", "broad"]),
        (5, ["huge", "tiny", "broad", "clear", "print"]),
        (6, ["huge", "tiny", "broad", "clear", "print", "a"]),
        (20, ["huge", "tiny", "broad", "clear", "print", "a", "unknown"]),
    ],
)
def test_the_extremes_come_first(most: int, names: list[str]) -> None:
    found = samples(CATALOG, most, look)
    assert [each.asset.path.removeprefix("Acme/") for each in found] == names


def test_each_says_why_it_was_chosen() -> None:
    traits = {each.asset.path: each.traits for each in samples(CATALOG, 20, look)}
    assert traits["Acme/huge"] == (Trait.LARGEST,)
    assert traits["Acme/clear"] == (Trait.ALPHA,)
    assert traits["Acme/a"] == ()


def test_a_single_asset_is_no_extreme() -> None:
    (only,) = samples(CATALOG[:1], 5, look)
    assert only.traits == ()


def test_each_kind_of_change_comes_before_a_second_of_its_kind() -> None:
    changed = modifier_changed("wid=1", "wid=2")
    plan = plan_of(
        item("m/a", Action.SUBMIT, changed, job=export_job("wid=2")),
        item("m/b", Action.SUBMIT, changed, job=export_job("wid=2")),
        item("m/c", Action.SUBMIT, new(), job=export_job("wid=2")),
        item("m/d", Action.SUBMIT, new(), job=export_job(None)),
        item("m/e", Action.SKIP, unchanged(), job=export_job("wid=2")),
    )
    firsts, others = converting(plan)
    assert [each.key.export for each in firsts] == ["a", "c"]
    assert [each.key.export for each in others] == ["b"]


def test_what_jobs_do_alike_to_pictures_is_one_kind_of_change() -> None:
    wider = [
        item(
            f"m/{n}",
            Action.SUBMIT,
            modifier_changed(f"wid=1&rgn={n},0,9,9", f"wid=2&rgn={n},0,9,9"),
            job=export_job(f"wid=2&rgn={n},0,9,9"),
        )
        for n in range(3)
    ]
    mailed = [
        item(
            f"n/{n}",
            Action.SUBMIT,
            field_changes(FieldChange(field="emailSetting", before="None", after="Error")),
            job=export_job(f"wid={n}"),
        )
        for n in range(2)
    ]
    firsts, others = converting(plan_of(*wider, *mailed))
    assert firsts == (wider[0], *mailed), "what is no matter of pixels makes nothing alike"
    assert others == (*wider[1:],)


def field_changes(*fields: FieldChange) -> Reason:
    return Reason(code=ReasonCode.PAYLOAD_CHANGED, detail="differs", fields=fields)


def test_before_is_what_the_last_attempt_asked_for() -> None:
    zoom = Preset(name="zoom", urlModifier="wid=20")
    job = export_job("wid=2&$view$", preset=zoom, presets=(Preset(name="view", urlModifier="a=1"),))
    reason = field_changes(
        FieldChange(field="is_modifier", before="wid=1", after="wid=2&$view$"),
        FieldChange(field="preset.urlModifier", before="wid=10", after="wid=20"),
        FieldChange(field="presets.view", before=None, after="a=1"),
        FieldChange(field="fmt", before="orig", after="convert"),
    )
    before = settings_before(item("m/a", Action.SUBMIT, reason, job=job))
    assert before is not None
    assert (before.fmt, before.is_modifier, before.macro) == (Fmt.ORIG, "wid=1", "$zoom$")
    assert before.presets == {"zoom": "wid=10"}
    assert settings_of(job).presets == {"zoom": "wid=20", "view": "a=1"}


@pytest.mark.parametrize("field", ["emailSetting", "code_version", "inputs.profile"])
def test_what_decides_no_pixels_gives_nothing_to_compare(field: str) -> None:
    reason = field_changes(FieldChange(field=field, before="a", after="b"))
    assert settings_before(item("m/a", Action.SUBMIT, reason, job=export_job())) is None
    assert settings_before(item("m/a", Action.FORGET, new())) is None
