"""Pictures of a page without a renderer: squares of one colour."""

from __future__ import annotations

import base64
import io

from PIL import Image

from s7spec.model.plan import Action, Plan
from s7spec.report.html import Comparison, ContactSheet, Picture
from tests.report.jobs import MUGS, export_job, key
from tests.report.plans import item, modifier_changed, new, plan_of


def square(colour: str, *, width: int = 60, height: int = 40) -> Picture:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(stream, "PNG")
    uri = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    return Picture(uri=uri, width=width * 10, height=height * 10, size_bytes=900, format="png")


def compared_plan(before: tuple[int, int], after: tuple[int, int]) -> tuple[Plan, ContactSheet]:
    """One job with one picture of these sides before and after."""
    job = item("shop/a", Action.SUBMIT, new(), job=export_job("wid=600"))
    pictures = [
        Picture(uri=square(colour).uri, width=width, height=height)
        for colour, (width, height) in (("navy", before), ("orange", after))
    ]
    sample = Comparison(
        path=MUGS[0].path,
        traits=(),
        before=pictures[0],
        before_is="with the last attempt's settings",
        after=pictures[1],
    )
    return plan_of(job), ContactSheet(by_job={job.key: (sample,)}, jobs=1)


def alike_plan() -> tuple[Plan, ContactSheet]:
    """40 jobs that do the same to two assets, and one that does something else to one of them."""
    jobs = [
        item(
            f"shop/{number:02}",
            Action.SUBMIT,
            modifier_changed(f"wid=400&rgn={number},0,9,9", f"wid=600&rgn={number},0,9,9"),
            job=export_job(f"wid=600&rgn={number},0,9,9"),
        )
        for number in range(40)
    ]
    jobs.append(item("shop/other", Action.SUBMIT, new(), job=export_job("wid=80")))
    samples = tuple(
        Comparison(path=asset.path, traits=(), before=None, before_is="", after=square("teal"))
        for asset in MUGS[:2]
    )
    by_job = {each.key: samples for each in jobs[:40]} | {jobs[40].key: samples[:1]}
    return plan_of(*jobs), ContactSheet(by_job=by_job, jobs=41)


def pictured_plan() -> tuple[Plan, ContactSheet]:
    """Two jobs with pictures before and after, and one without."""
    changed = modifier_changed("wid=400", "wid=600")
    jobs = [
        item("shop/a", Action.SUBMIT, changed, job=export_job("wid=600")),
        item("shop/b", Action.SUBMIT, new(), job=export_job("wid=80")),
        item("shop/c", Action.SUBMIT, new(), job=export_job(None)),
    ]
    samples = tuple(
        Comparison(
            path=MUGS[number].path,
            traits=(trait,),
            before=square(before),
            before_is="the source",
            after=square(after, width=40, height=60),
        )
        for number, (trait, before, after) in enumerate(
            [("largest", "navy", "orange"), ("smallest", "maroon", "teal")]
        )
    )
    failed = Comparison(
        path=MUGS[5].path,
        traits=(),
        before=square("gray"),
        before_is="the source",
        after=None,
        problem="cannot be rendered here: <no>",
    )
    by_job = {key("shop", "a"): samples, key("shop", "b"): (*samples[:1], failed)}
    return plan_of(*jobs), ContactSheet(by_job=by_job, jobs=2, marker="emulated")
