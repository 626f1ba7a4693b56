"""What cells hold as JSON comes back whole, or is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from s7spec.adapters.ledger_rows.json_cells import (
    assets_from,
    outcomes_from,
    payload_from,
    texts_from,
)
from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob
from s7spec.model.ledger import AssetOutcome, OutcomeKind
from tests.model.test_fingerprint import CONVERTED, export_jobs


@given(export_jobs)
def test_canonical_form_comes_back(job: ExportJob) -> None:
    again = payload_from(job.canonical())
    assert again == job
    assert again.fingerprint == job.fingerprint


@pytest.mark.parametrize(
    "more", ['"inputs":[]', '"inputs":{"a":1}', '"inputs":null', '"code_version":3']
)
def test_words_of_another_kind_are_not_read(more: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        payload_from(f"{CONVERTED.canonical()[:-1]},{more}}}")


@pytest.mark.parametrize("presets", ["7", '"ab"', "null", "[7]", '[["a"]]', '[["a","b","c"]]'])
def test_presets_of_another_kind_are_not_read(presets: str) -> None:
    text = CONVERTED.canonical()[:-1] + f',"presets":{presets}}}'
    with pytest.raises(ValueError, match=r".+"):
        payload_from(text)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"fmt":"orig"}', CONVERTED.canonical().replace("orig", "x")[:-9]],
)
def test_something_else_is_not_read_as_canonical_form(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        payload_from(text)


def test_the_order_of_fields_does_not_matter() -> None:
    shuffled = json.dumps(dict(reversed(json.loads(CONVERTED.canonical()).items())))
    assert payload_from(shuffled) == CONVERTED


def test_payloads_of_the_same_assets_share_them() -> None:
    other = replace(CONVERTED, is_modifier="wid=7")
    one, another = (payload_from(each.canonical()) for each in (CONVERTED, other))
    assert one.assets is another.assets


@pytest.mark.parametrize(
    "cells",
    [
        *("7", "[7]", '[["Acme/a"]]', '[["Acme/a","Image",1,2,3]]', '[[7,"Image",1,2,3,4]]'),
        *('[["Acme/a","Image",1,2,3,4.5]]', '[["Acme/a","Image",1,2,3,true]]'),
        *('[["Acme/a","Image",1,2,3,"4"]]', f'[["Acme/a","Image",1,2,3,{2**53 + 1}]]'),
        *('[["Acme/a","Image",1,2,3,4,5]]', '[["Acme/a","Image",1,2,3,4]'),
    ],
)
def test_assets_of_another_kind_are_not_read(cells: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        assets_from(cells)
    with pytest.raises(ValueError, match=r".+"):
        outcomes_from(cells.replace('["', '["ok","","'))


def test_outcomes_and_texts() -> None:
    row = '["warning","m","Acme/a","Image",1,null,3,4]'
    asset = AssetVersion(path="Acme/a", type="Image", last_modified_ms=1, width=3, height=4)
    outcome = AssetOutcome(asset=asset, kind=OutcomeKind.WARNING, message="m")
    assert outcomes_from(f"[{row}]") == (outcome,)
    assert outcomes_from("[]") == ()
    assert texts_from('["a","é"]') == ("a", "é")
    for wrong in ("", "{}", "[7]", "null"):
        with pytest.raises(ValueError, match=r".+"):
            texts_from(wrong)
    with pytest.raises(ValueError, match=r".+"):
        outcomes_from(f"[{row.replace('warning', 'fine')}]")


def test_negative_sizes_that_an_older_s7spec_wrote_are_read() -> None:
    (found,) = assets_from('[["Acme/a", "Image", 1, -2147483648, -1, null]]')
    assert (found.file_size, found.width, found.height) == (-(2**31), -1, None)
