"""How long it takes to expand manifests into jobs, beside what Python could do at best.

    python -m benchmarks.expansion [--manifests 1000] [--rounds 5]

1,000 manifests x 100 jobs x 8 templated fields, loaded and checked before. The floor fills in the
same texts with f-strings, from the same dicts; `render()` is Jinja's own way, one call for each
field, with templates that are compiled before. All three take turns; a figure is the median of
the rounds. Ours also checks keys and payloads, encodes values and makes jobs. Python looks for
circles of values as seldom as it does for the command line, for all three.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from benchmarks.manifests import JOBS, LOCALES, SIZES, matrix_manifest
from s7spec.adapters.bundled import schema_texts
from s7spec.cli import collect_less_often
from s7spec.expand import CheckPayloads, expand
from s7spec.load import load_text
from s7spec.model.inputs import Inputs
from s7spec.model.manifest import Manifest
from s7spec.model.project import Environment
from s7spec.model.source import SourceFile
from s7spec.validate import SchemaSet, argument_problem, check_export_job, read_manifest

MOST_OVER_FLOOR = 6
LEAST_UNDER_RENDER = 9
FIELDS = (
    "{mark}{{{{ matrix.size }}}}-{{{{ matrix.locale }}}}",
    "${{{{ vars.preset }}}}_{{{{ matrix.locale }}}}$",
    "{{{{ matrix.size }}}}",
    "{{{{ matrix.size }}}}",
    "{{{{ vars.sharpness }}}},{{{{ matrix.size }}}},8",
    "fit,{{{{ matrix.size }}}}",
    "{mark}{{{{ matrix.locale }}}}-{{{{ matrix.size }}}}",
    "{{{{ matrix.locale }}}} {{{{ vars.season }}}} {{{{ matrix.size }}}}",
)
LOCAL = Environment(pointer=(), name="local", ips="embedded", company="Acme")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--manifests", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    collect_less_often()
    schemas = SchemaSet(schema_texts())
    title = "100 jobs x 8 fields, us a job"
    print(f"{title:36}{'ours':>8}{'floor':>8}{'render()':>10}  ours / floor, render() / ours")
    compare("templates shared", schemas, options, unique=False)
    compare("all templates differ", schemas, options, unique=True)


def compare(title: str, schemas: SchemaSet, options: argparse.Namespace, *, unique: bool) -> None:
    manifests = [read(number, schemas, unique=unique) for number in range(options.manifests)]
    ways = {
        "ours": lambda: count(manifests, schemas),
        "floor": lambda: sum(len(floor(number)) for number in range(options.manifests)),
        "render": lambda: rendered(options.manifests),
    }
    show(f"{options.manifests:,} manifests, {title}", ways, options)


def read(number: int, schemas: SchemaSet, *, unique: bool) -> Manifest:
    text = matrix_manifest(number, unique=unique)
    (document,) = load_text(SourceFile(path=f"{number}.yaml", text=text)).documents
    manifest, findings = read_manifest(document, schemas)
    assert manifest is not None, findings
    return manifest


def count(manifests: list[Manifest], schemas: SchemaSet) -> int:
    """How many jobs come of the manifests."""
    payloads = CheckPayloads(
        accept=lambda payload: schemas.accepts(payload, "export-job"),
        accept_all=lambda key, texts: schemas.accept_texts(texts, "export-job", key),
        explain=lambda payload: check_export_job(payload, schemas),
    )
    made = 0
    for manifest in manifests:
        jobs = expand(
            manifest, LOCAL, inputs=Inputs(), payloads=payloads, argument=argument_problem
        )
        made += sum(1 for _ in jobs)
    return made


def floor(number: int) -> list[tuple[str, ...]]:
    """The eight texts of every job of a manifest."""
    mark = f"u{number}-"
    names = {"season": "ss27", "sharpness": f"1.{number % 10}", "preset": f"p{number % 10}"}
    made = []
    for size in SIZES:
        for locale in LOCALES:
            matrix: dict[str, Any] = {"size": size, "locale": locale}
            made.append(
                (
                    f"{mark}{matrix['size']}-{matrix['locale']}",
                    f"${names['preset']}_{matrix['locale']}$",
                    f"{matrix['size']}",
                    f"{matrix['size']}",
                    f"{names['sharpness']},{matrix['size']},8",
                    f"fit,{matrix['size']}",
                    f"{mark}{matrix['locale']}-{matrix['size']}",
                    f"{matrix['locale']} {names['season']} {matrix['size']}",
                )
            )
    return made


_JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
_TEMPLATES = [_JINJA.from_string(text.format(mark="web-")) for text in FIELDS]


def rendered(manifests: int) -> int:
    """Every field of every job by a call of its own; of one manifest in ten, counted tenfold."""
    made = 0
    for number in range(0, manifests, 10):
        names = {"season": "ss27", "sharpness": f"1.{number % 10}", "preset": f"p{number % 10}"}
        for size in SIZES:
            for locale in LOCALES:
                scope = {"vars": names, "matrix": {"size": size, "locale": locale}}
                made += len([template.render(scope) for template in _TEMPLATES]) // len(FIELDS)
    return made


def show(title: str, ways: dict[str, Callable[[], int]], options: argparse.Namespace) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(1 + options.rounds):
        for name, way in ways.items():
            gc.collect()
            begin = time.process_time()
            made = way()
            seconds[name].append((time.process_time() - begin) / made)
            assert made == options.manifests * JOBS // (10 if name == "render" else 1)
    ours, least, most = (median(seconds[name][1:]) for name in ("ours", "floor", "render"))
    over = median(a / b for a, b in zip(seconds["ours"][1:], seconds["floor"][1:], strict=True))
    under = median(b / a for a, b in zip(seconds["ours"][1:], seconds["render"][1:], strict=True))
    met = over <= MOST_OVER_FLOOR and under >= LEAST_UNDER_RENDER
    print(
        f"{title:36}{ours * 1e6:8.2f}{least * 1e6:8.2f}{most * 1e6:10.2f}"
        f"  {over:.1f}x (<= {MOST_OVER_FLOOR}), {under:.1f}x (>= {LEAST_UNDER_RENDER}), "
        f"{'met' if met else 'missed'}"
    )


if __name__ == "__main__":
    main()
