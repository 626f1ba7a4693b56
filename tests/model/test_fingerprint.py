"""Fingerprints, canonical form and attempt names: what must never change by accident."""

import hashlib
import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob, JobKey, attempt_name
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.preset import Preset

ORIGINALS = ExportJob(
    fmt=Fmt.ORIG,
    is_modifier=None,
    macro=None,
    preset=None,
    emailSetting=EmailSetting.NONE,
    assets=(AssetVersion(path="Acme/PS_boot", type="Image"),),
)
CONVERTED = ExportJob(
    fmt=Fmt.CONVERT,
    is_modifier="wid=1801&hei=2600&fit=fit,0&bgc=255,255,255&fmt=jpeg,rgb&qlt=92",
    macro="$zoom$",
    preset=Preset(name="zoom", urlModifier="wid=2000&op_usm=1,1,6,0"),
    emailSetting=EmailSetting.ERROR_AND_WARNING,
    assets=(
        AssetVersion(
            path="Acme/Products/Mütze",
            type="Image",
            last_modified_ms=1_782_907_200_123,
            file_size=9_007_199_254_740_991,
            width=3000,
            height=4000,
        ),
        AssetVersion(path="Acme/Products/PS_boot", type="PostScript", file_size=0),
    ),
)
# Pinned on 2026-07-01 for fingerprint version 1. Changing one of these runs everybody's exports
# again: raise FINGERPRINT_VERSION instead, and keep these for it.
PINNED = [
    (
        ORIGINALS,
        "ab7376e2fedbfba12a9930be74c4498c0063e3784a2229042274887b3c361a89",
        "5c29a6632405d67f49fcc24494f9a09da1767626557039f9a3015cf585fd9bf7",
    ),
    (
        CONVERTED,
        "06b87f74638c8e48b4ab7dd329cd396fe773e6c8e2f1a2987137880803f42e14",
        "3acf57be928e97a0776d0d86f0b9a60cd1d988987669ca8d2b72c6e69f60278f",
    ),
    (  # pinned on 2026-11-26: only where they are said anything is added
        replace(ORIGINALS, code_version="3", inputs=(("A", "ü"), ("preset_rev", "7"))),
        "b5d11da30080389652ce93ea1ed93661f2091fa35a859ca3f32ed9c8c0865c6d",
        "5c29a6632405d67f49fcc24494f9a09da1767626557039f9a3015cf585fd9bf7",
    ),
    (
        replace(CONVERTED, code_version="2027-03 colours"),
        "ae96e59d18ea18d30d5bd7ccd54ec2236850a54b4e52a1dfda45fda6960a55e8",
        "3acf57be928e97a0776d0d86f0b9a60cd1d988987669ca8d2b72c6e69f60278f",
    ),
    (
        replace(CONVERTED, inputs=(("preset_rev", "3"),)),
        "fec1e1fcf67101daf101dc4970b02721f529965813de6f2c67915e1f2f6adfda",
        "3acf57be928e97a0776d0d86f0b9a60cd1d988987669ca8d2b72c6e69f60278f",
    ),
    (  # pinned on 2026-11-26: only with presets beside that of the macro anything is added
        replace(CONVERTED, presets=(Preset(name="view", urlModifier="wid=480"),)),
        "ffc514ac6f83ca3dfc05285c451fb5d5ce0fae316628d399744ccdf1abd45435",
        "3acf57be928e97a0776d0d86f0b9a60cd1d988987669ca8d2b72c6e69f60278f",
    ),
]
KEY = JobKey(company="Acme", environment="prod", manifest="zalando", export="zalando-main")

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
numbers = st.none() | st.integers(0, 2**53 - 1)
versions = st.builds(
    AssetVersion,
    path=words,
    type=words,
    last_modified_ms=numbers,
    file_size=numbers,
    width=numbers,
    height=numbers,
)
export_jobs = st.builds(
    ExportJob,
    fmt=st.sampled_from(Fmt),
    is_modifier=st.none() | words,
    macro=st.none() | words,
    preset=st.none() | st.builds(Preset, name=words, urlModifier=words),
    emailSetting=st.sampled_from(EmailSetting),
    assets=st.lists(versions, max_size=4).map(tuple),
    presets=st.lists(st.builds(Preset, name=words, urlModifier=words), max_size=2).map(tuple),
    code_version=st.none() | words,
    inputs=st.dictionaries(words, words, max_size=2).map(lambda each: tuple(sorted(each.items()))),
)


@pytest.mark.parametrize(
    ("job", "data", "meta"),
    PINNED,
    ids=["originals", "converted", "both", "code_version", "inputs", "more presets"],
)
def test_fingerprint_is_pinned(job: ExportJob, data: str, meta: str) -> None:
    assert (job.fingerprint.data, job.fingerprint.meta) == (data, meta)


@given(export_jobs, export_jobs)
def test_fingerprints_differ_exactly_when_payloads_do(one: ExportJob, other: ExportJob) -> None:
    same_data = replace(one, emailSetting=EmailSetting.ALL) == replace(
        other, emailSetting=EmailSetting.ALL
    )
    assert (one.fingerprint.data == other.fingerprint.data) == same_data
    assert (one.fingerprint.meta == other.fingerprint.meta) == (
        one.emailSetting == other.emailSetting
    )


@given(export_jobs, st.lists(st.text(max_size=8), min_size=2, max_size=2))
def test_shared_assets_are_hashed_as_if_they_were_not(job: ExportJob, texts: list[str]) -> None:
    """The rule itself: one canonical JSON text, whole, behind the tag."""
    texts = [text.encode(errors="ignore").decode() for text in texts]
    first = replace(job, is_modifier=texts[0])
    for each in (first, replace(first, macro=texts[1]), first):
        fields = json.loads(each.canonical())
        del fields["emailSetting"]
        whole = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        wanted = hashlib.sha256(f"s7spec-fp/1\0{whole}".encode()).hexdigest()
        assert each.fingerprint.data == wanted


def test_canonical_form_knows_no_unicode_variants() -> None:
    decomposed = replace(ORIGINALS, is_modifier=unicodedata.normalize("NFD", "text=Mütze"))
    composed = replace(ORIGINALS, is_modifier="text=Mütze")
    assert decomposed.fingerprint == composed.fingerprint


def test_canonical_form_has_neither_floats_nor_spaces() -> None:
    text = CONVERTED.canonical()
    assert text.startswith('{"assets":[["Acme/Products/Mütze","Image",1782907200123,')
    json.loads(text, parse_float=lambda text: pytest.fail(f"a float: {text}"))


def test_presets_beside_that_of_the_macro_add_nothing_when_there_are_none() -> None:
    assert "presets" not in json.loads(CONVERTED.canonical())
    used = replace(CONVERTED, presets=(Preset(name="view", urlModifier="wid=480"),))
    assert json.loads(used.canonical())["presets"] == [["view", "wid=480"]]


def test_what_authors_say_adds_nothing_when_they_say_nothing() -> None:
    fields = json.loads(CONVERTED.canonical())
    assert not fields.keys() & {"code_version", "inputs"}
    said = replace(CONVERTED, code_version="3", inputs=(("b", "1"), ("c", "")))
    fields = json.loads(said.canonical())
    assert (fields["code_version"], fields["inputs"]) == ("3", {"b": "1", "c": ""})
    assert said.stated == {"code_version": "3", "inputs.b": "1", "inputs.c": ""}
    assert CONVERTED.stated == {}


def test_attempt_name_is_pinned() -> None:
    assert (
        attempt_name(KEY, CONVERTED.fingerprint, 3)
        == "s7-zalando-zalando-main-11be0417-06b87f74-g3"
    )


@given(words, words, st.integers(1, 10_000))
def test_attempt_name_suits_a_handle(manifest: str, export: str, generation: int) -> None:
    key = JobKey(company="Acme", environment="prod", manifest=manifest, export=export)
    name = attempt_name(key, ORIGINALS.fingerprint, generation)
    assert re.fullmatch(r"s7-[A-Za-z0-9-]+-[0-9a-f]{8}-[0-9a-f]{8}-g[0-9]+", name)
    assert len(name) <= 80


def test_attempt_names_differ_where_the_slug_does_not() -> None:
    """``a/b-c`` and ``a-b/c`` look alike without their punctuation."""
    keys = [
        replace(KEY, manifest="a", export="b-c"),
        replace(KEY, manifest="a-b", export="c"),
        replace(KEY, manifest="a", export="b-c", environment="staging"),
        replace(KEY, manifest="a", export="b-c", company="Other"),
    ]
    assert len({attempt_name(key, ORIGINALS.fingerprint, 1) for key in keys}) == len(keys)
