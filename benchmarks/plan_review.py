"""How long it takes to have a large plan in all its forms, and to have its page at hand.

    python -m benchmarks.plan_review [--manifests 1000] [--jobs 10] [--assets 20] [--rounds 3]

1,000 manifests of ten jobs each are compiled and resolved against a catalog that answers at once,
half of them compared with an earlier attempt of another modifier. What comes after that is
measured: comparing and foretelling, then the plan as JSON, Markdown and HTML beside each other; and
beside those, reading the JSON again.
The page is then opened in Chromium: from the start of loading until it is drawn and can be
filtered, and how long a filter takes. A figure is the median of the rounds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import noop_plan
from s7spec.adapters.bundled import page_texts
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.cli import collect_less_often
from s7spec.model.job import ResolvedJob
from s7spec.model.plan import Plan
from s7spec.pipeline.compiling import Compiled
from s7spec.pipeline.planning import plan_exports
from s7spec.plan import plan_digest, read_plan, write_plan
from s7spec.report.html import PageAssets, plan_html
from s7spec.report.markdown_plan import plan_markdown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOST_SECONDS, MOST_MEGABYTES, MOST_UNTIL_READY = 3.0, 15.0, 1.0
FORMS = {"JSON": "plan.json", "Markdown": "plan.md", "HTML": "plan.html"}
COMMAND = "s7spec apply plan.json"

_MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {{name: shop-{number:04}}}
assets:
  packshots: {{names: [{names}]}}
exports:
  - id: "size-{{{{ matrix.size }}}}"
    matrix: {{size: [{sizes}]}}
    assets: packshots
    fmt: convert
    is_modifier:
      wid: "{{{{ matrix.size }}}}"
      hei: "{{{{ matrix.size }}}}"
      fit: fit,0
      bgc: 255,255,255
      fmt: jpeg,rgb
      qlt: {quality}
    emailSetting: None
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--manifests", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=10, help="of each manifest")
    parser.add_argument("--assets", type=int, default=20, help="of each job")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    collect_less_often()  # as every command does
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay(root, given.manifests, given.jobs, given.assets)
        known = noop_plan.compiled(root)
        jobs = noop_plan.resolved(known).jobs
        noop_plan.fill(root / noop_plan.LEDGER, [*earlier(jobs[: len(jobs) // 2])], 1)
        collect_less_often()  # as every command does
        print(f"{len(jobs):,} jobs of {given.manifests:,} manifests; processor seconds")
        show([written(root, known) for _ in range(given.rounds)], root)
        show_reading(root / "plan.json", given.rounds)
        show_in_browser(root / "plan.html", given.rounds)


def lay(root: Path, manifests: int, jobs: int, assets: int) -> None:
    (root / "s7spec.yaml").write_text(noop_plan.PROJECT)
    (root / "manifests").mkdir()
    sizes = ", ".join(str(100 * (nth + 1)) for nth in range(jobs))
    for number in range(manifests):
        names = ", ".join(f"PS_{number:04}_{nth:02}" for nth in range(assets))
        text = _MANIFEST.format(number=number, names=names, sizes=sizes, quality=60 + number % 30)
        (root / "manifests" / f"shop-{number:04}.yaml").write_text(text)


def earlier(jobs: tuple[ResolvedJob, ...]) -> Iterator[ResolvedJob]:
    """The jobs as they were: of another quality."""
    for job in jobs:
        sent = job.export_job
        yield replace(job, export_job=replace(sent, is_modifier=f"{sent.is_modifier},1"))


def written(root: Path, known: Compiled) -> dict[str, float]:
    """Processor seconds of each step; the files stay in ``root``."""
    seconds: dict[str, float] = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        begin = time.process_time()
        yield
        seconds[step] = time.process_time() - begin

    with timed("resolve"):
        noop_plan.resolved(known)
    with timed("compare and foretell"):
        plan = planned(root, known)
    seconds["compare and foretell"] -= seconds.pop("resolve")
    with timed("JSON"):
        put(root / "plan.json", [write_plan(plan)])
    with timed("Markdown"):
        digest = plan_digest(plan)
        put(root / "plan.md", [plan_markdown(plan, digest=digest, command=COMMAND)])
    with timed("HTML"):
        style, script = page_texts()
        assets = PageAssets(style=style, script=script)
        put(root / "plan.html", plan_html(plan, assets, digest=digest, command=COMMAND))
    return seconds


def planned(root: Path, known: Compiled) -> Plan:
    with (
        SqliteLedger(root / noop_plan.LEDGER, create=False) as ledger,
        ledger.reading("Acme", "local") as view,
    ):
        plan = plan_exports(
            known,
            catalog=noop_plan.Catalog(),
            gateway=noop_plan.Nowhere(),
            view=view,
            clock=noop_plan.Still(),
            tool_version="bench",
        ).plan
    assert plan is not None
    return plan


def put(path: Path, parts: Iterable[str]) -> None:
    with path.open("wb") as file:
        file.writelines(part.encode() for part in parts)


def show(rounds: list[dict[str, float]], files: Path) -> None:
    for step in rounds[0]:
        name = FORMS.get(step)
        size = f"{(files / name).stat().st_size / 1e6:9.1f} MB" if name else ""
        print(f"  {step:24}{median(each[step] for each in rounds):7.2f} s{size}")
    forms = median(sum(each[step] for step in FORMS) for each in rounds)
    print(f"  {'all forms':24}{forms:7.2f} s")
    total = median(sum(each.values()) for each in rounds)
    print(f"  {'all beyond resolve':24}{total:7.2f} s  {judged(total, MOST_SECONDS, 's')}")
    size = (files / "plan.html").stat().st_size / 1e6
    print(f"  {'HTML':24}{size:7.1f} MB {judged(size, MOST_MEGABYTES, 'MB')}")


def show_reading(plan_file: Path, rounds: int) -> None:
    """What `apply plan.json` and `show` begin with."""
    text = plan_file.read_text("utf-8")
    seconds = []
    for _ in range(rounds):
        begin = time.process_time()
        read_plan(text)
        seconds.append(time.process_time() - begin)
    print(f"  {'JSON read again':24}{median(seconds):7.2f} s")


def show_in_browser(page: Path, rounds: int) -> None:
    """In Chromium, if there is one: it is not among the tools that every benchmark needs."""
    path = shutil.which("chromium")
    if path is None:
        print("  no Chromium: how soon the page can be used was not measured")
        return
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        figures = [in_browser(browser, page) for _ in range(rounds + 1)][1:]
        browser.close()
    ready, painted, filtered, opened = (median(each) for each in zip(*figures, strict=True))
    print(f"  {'until it can be used':24}{ready:7.2f} s  {judged(ready, MOST_UNTIL_READY, 's')}")
    print(f"  {'first paint':24}{painted:7.2f} s")
    print(f"  {'a filter':24}{filtered:7.3f} s")
    print(f"  {'a job opened':24}{opened:7.3f} s")


def in_browser(browser: Browser, path: Path) -> tuple[float, float, float, float]:
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_function("performance.getEntriesByName('s7spec-ready').length > 0")
    ready = page.evaluate("performance.getEntriesByName('s7spec-ready')[0].startTime")
    page.wait_for_function("performance.getEntriesByType('paint').length > 0")
    painted = page.evaluate("performance.getEntriesByType('paint')[0].startTime")
    filtered = page.evaluate(_TIMED % "search.value = 'size-700'; search.dispatchEvent(typed);")
    opened = page.evaluate(_TIMED % "document.querySelector('.open').click();")
    page.close()
    return ready / 1000, painted / 1000, filtered / 1000, opened / 1000


_TIMED = """() => {
  const search = document.getElementById("search"), typed = new Event("input");
  const begin = performance.now();
  %s
  document.body.offsetHeight; // laid out as well
  return performance.now() - begin;
}"""


def judged(figure: float, most: float, unit: str) -> str:
    return f"(<= {most:g} {unit}) {'met' if figure <= most else 'missed'}"


if __name__ == "__main__":
    main()
