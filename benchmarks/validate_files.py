"""How long `s7spec validate` takes for many manifests, beside check-jsonschema.

    python -m benchmarks.validate_files [--files 1000] [--rounds 5]

Whole processes on the same files with the same schema, in turns; a figure is the median of the
rounds. s7spec also expands the manifests and checks each job; check-jsonschema does not.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.manifests import write_project
from benchmarks.processes import CHECKOUT, Run, middle, run_module

SCHEMA = CHECKOUT / "schemas" / "manifest.schema.json"
LEAST_RATIO = 10
MOST_MEMORY = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = write_project(root, options.files)
        ours: list[Run] = []
        theirs: list[Run] = []
        for _ in range(1 + options.rounds):
            ours.append(validate(root))
            theirs.append(check_jsonschema(root, paths))
        del ours[0], theirs[0]  # they compiled the modules
        assert all(run.code == 0 for run in (*ours, *theirs)), "all files are valid"
        assert not any("warning" in run.output for run in ours), "and nothing is said of them"
        show(ours, theirs, options.files)
        both_refuse(root, paths)


def validate(root: Path) -> Run:
    return run_module(["s7spec", "validate"], folder=root)


def check_jsonschema(root: Path, paths: Sequence[Path]) -> Run:
    names = [str(path.relative_to(root)) for path in paths]
    return run_module(["check_jsonschema", "--schemafile", str(SCHEMA), *names], folder=root)


def both_refuse(root: Path, paths: Sequence[Path]) -> None:
    """With one mistake in the middle, both say no and name the file."""
    broken = paths[len(paths) // 2]
    broken.write_text(broken.read_text().replace("fmt: convert\n", "fmt: covnert\n", 1))
    for run in (validate(root), check_jsonschema(root, paths)):
        assert run.code != 0, "a broken file is refused"
        assert broken.name in run.output, "it is named"


def show(ours: Sequence[Run], theirs: Sequence[Run], files: int) -> None:
    print(f"{f'{files:,} manifests':24}{'s7spec':>10}{'check-jsonschema':>18}{'ratio':>8}  target")
    for what, figure in (
        ("CPU, seconds", lambda run: run.cpu),
        ("wall, seconds", lambda run: run.wall),
    ):
        us, them = middle(ours, figure), middle(theirs, figure)
        ratio = them / us
        verdict = "met" if ratio >= LEAST_RATIO else "missed"
        print(f"{what:24}{us:>10.2f}{them:>18.2f}{ratio:>7.1f}x  >= {LEAST_RATIO}x, {verdict}")
    us, them = middle(ours, lambda run: run.memory), middle(theirs, lambda run: run.memory)
    verdict = "met" if us - them <= MOST_MEMORY else "missed"
    more = f"{us - them:+.0f} MB"
    print(f"{'peak memory, MB':24}{us:>10.0f}{them:>18.0f}{more:>8}  <= +{MOST_MEMORY}, {verdict}")


if __name__ == "__main__":
    main()
