"""Plans as HTML pages, and large plans to make them of."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from s7spec.adapters.bundled import page_texts
from s7spec.model.pictures import PictureFlag, PredictedPictures
from s7spec.model.plan import Action, Plan
from s7spec.report.html import (
    NO_PICTURES,
    Comparison,
    ContactSheet,
    PageAssets,
    Picture,
    plan_html,
)
from tests.report.jobs import COMMAND, DIGEST, MUGS, export_job, key
from tests.report.plans import item, modifier_changed, new, plan_of, unchanged

PREVIEW = "https://images.example/is/image/Acme/PS_1001_mug?wid=762"
_STYLE, _SCRIPT = page_texts()
ASSETS = PageAssets(style=_STYLE, script=_SCRIPT)


def page_of(plan: Plan, pictures: ContactSheet = NO_PICTURES, command: str | None = COMMAND) -> str:
    return "".join(plan_html(plan, ASSETS, digest=DIGEST, command=command, pictures=pictures))


def data_of(page: str, name: str) -> Any:
    """What one of the page's elements of data holds."""
    found = re.search(
        rf'<script type="application/json" id="data-{name}">(.*?)</script>', page, re.S
    )
    assert found is not None
    return json.loads(found[1])


def large_plan(jobs: int, *, manifests: int = 1000) -> Plan:
    """Half of the jobs change in a few ways, a quarter is new, a quarter stays."""
    items = []
    for number in range(jobs):
        manifest, width = f"shop-{number % manifests:04}", 100 + number % 50
        name, job = f"{manifest}/job-{number:05}", export_job(f"wid={width}&hei=900&qlt=85")
        if number % 4 == 3:
            items.append(item(name, Action.SKIP, unchanged(), job=job))
        elif number % 4 == 2:
            items.append(item(name, Action.SUBMIT, new(), job=job))
        else:
            before = f"wid={width - 10}&hei=900&qlt=85"
            reason = modifier_changed(before, f"wid={width}&hei=900&qlt=85")
            items.append(item(name, Action.SUBMIT, reason, job=job))
    return plan_of(*sorted(items, key=lambda each: each.key))


def crowded_plan() -> tuple[Plan, ContactSheet]:
    """More jobs than a page lists. The first and the last one have a picture."""
    one = item("m/0", Action.SUBMIT, new(), job=export_job())
    jobs = [replace(one, key=key("m", f"{number:05}{'x' * 80}")) for number in range(60_000)]
    by_job = {
        each.key: (
            Comparison(
                path=MUGS[0].path,
                traits=(),
                before=None,
                before_is="the source",
                after=Picture(uri=f"data:image/svg+xml,{name}", width=3, height=2),
            ),
        )
        for name, each in (("first", jobs[0]), ("last", jobs[-1]))
    }
    return plan_of(*jobs), ContactSheet(by_job=by_job, jobs=len(jobs), marker="emulated")


def predicted_plan() -> Plan:
    """One job whose pictures are foretold, on a company's image server."""
    predicted = PredictedPictures(
        pictures=len(MUGS),
        unknown=0,
        format="jpeg",
        extension="jpg",
        least_width=762,
        most_width=762,
        least_height=762,
        most_height=1100,
        least_bytes=1_000_000,
        likely_bytes=2_000_000,
        most_bytes=5_000_000,
        flags=(PictureFlag(flag="upscaled", pictures=3),),
        preview=PREVIEW,
    )
    job = item("shop/main", Action.SUBMIT, new(), job=export_job())
    return plan_of(replace(job, predicted=predicted))
