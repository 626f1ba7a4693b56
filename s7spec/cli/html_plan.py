"""A plan as an HTML page, with pictures where the embedded IPS can render them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from s7spec.cli import terminal
from s7spec.cli.embedded import DEFAULT_CATALOG, EMBEDDED
from s7spec.cli.live.progress import signs_of_life
from s7spec.cli.outputs.output_file import OutputFile
from s7spec.cli.workplace import Workplace
from s7spec.model.plan import Plan
from s7spec.plan import plan_digest

P = ParamSpec("P")
R = TypeVar("R")

MOST_PICTURES = 20
NONE = "none"


def _picture_count(ctx: click.Context, param: click.Parameter, value: str) -> int:
    if value == NONE:
        return 0
    if value.isascii() and value.isdecimal() and int(value[:4]) <= MOST_PICTURES:
        return int(value)
    raise click.BadParameter(f"{value!r} is neither a number up to {MOST_PICTURES} nor {NONE}")


def html_option(instead: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    return click.option(
        "--html",
        type=OutputFile(instead=instead),
        help="Write the plan as one HTML page, to be read in a browser.",
    )


def pictures_option(function: Callable[P, R]) -> Callable[P, R]:
    return click.option(
        "--pictures",
        callback=_picture_count,
        metavar="N|none",
        default="5",
        show_default=True,
        help="With HTML and the embedded IPS: so many pictures of each job, before and after.",
    )(function)


def html_parts(
    plan: Plan, workplace: Workplace | None, *, pictures: int, command: str | None, quiet: bool
) -> Iterator[str]:
    """The page of a plan. Without a workplace, or with another IPS, nothing is rendered."""
    from s7spec.adapters.bundled import page_texts
    from s7spec.report.html import NO_PICTURES, PageAssets, plan_html

    sheet = NO_PICTURES
    catalog = None if workplace is None else _catalog(plan, workplace)
    if catalog is not None and pictures:
        from s7spec.cli.pictures import contact_sheet
        from s7spec.emulator import CatalogError
        from s7spec.emulator.catalog.at_rest import CatalogAtRest

        try:
            with signs_of_life("rendering pictures", quiet=quiet):
                known = CatalogAtRest(catalog)
                sheet = contact_sheet(plan, known, most=pictures, clock=time.monotonic)
        except (CatalogError, OSError) as error:
            terminal.say(f"no pictures: {error}")
    style, script = page_texts()
    assets = PageAssets(style=style, script=script)
    return plan_html(plan, assets, digest=plan_digest(plan), command=command, pictures=sheet)


def _catalog(plan: Plan, workplace: Workplace) -> Path | None:
    """The folder of the pictures that the plan speaks about; a plan of another environment, or of
    another project of the same name, has others."""
    environment = workplace.environment
    said = (plan.header.ips, plan.header.company, plan.header.environment)
    if said != (EMBEDDED, environment.company, environment.name) or environment.ips != EMBEDDED:
        return None
    return workplace.root / (environment.catalog or DEFAULT_CATALOG)
