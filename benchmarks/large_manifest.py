"""How `s7spec validate` bears one manifest of about 50 MB, and what a mistake in its end costs.

    python -m benchmarks.large_manifest [--rounds 3]

Whole processes; a figure is the median of the rounds. They have one thread: CPU seconds are what
a machine without other work takes, and what the targets are held against.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.manifests import PROJECT, many_exports, many_names
from benchmarks.processes import Run, middle, run_module

NAMES = 800_000
EXPORTS = 60_000
MOST_SECONDS = 8
MORE_SECONDS = 4
MOST_MEMORY = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"{'one manifest':44}{'MB':>5}{'wall':>9}{'CPU':>9}{'memory':>9}  target")
    with tempfile.TemporaryDirectory() as folder:
        names = write(Path(folder) / "names", many_names(NAMES))
        measure(f"one selection of {NAMES:,} names", names, rounds)
        exports = write(Path(folder) / "exports", many_exports(EXPORTS))
        measure(f"{EXPORTS:,} exports", exports, rounds)


def write(root: Path, parts: Iterable[str]) -> Path:
    (root / "manifests").mkdir(parents=True)
    (root / "s7spec.yaml").write_text(PROJECT)
    path = root / "manifests" / "large.yaml"
    with path.open("w") as file:
        file.writelines(parts)
    return path


def measure(title: str, path: Path, rounds: int) -> None:
    validate(path.parent / "nothing.yaml")  # compiles the modules
    valid = [validate(path) for _ in range(rounds)]
    assert all(run.code == 0 for run in valid), valid[0].output
    show(title, path, valid, MOST_SECONDS)
    with path.open("a") as file:
        file.write("    unknown: 1\n")
    line = path.read_text().count("\n")
    broken = [validate(path) for _ in range(rounds)]
    for run in broken:
        assert run.code != 0, "the mistake is found"
        assert f"large.yaml:{line}:" in run.output, "and its place"
    show("  with a mistake in its last line", path, broken, MOST_SECONDS + MORE_SECONDS)


def validate(path: Path) -> Run:
    return run_module(["s7spec", "validate", str(path)], folder=path.parents[1])


def show(title: str, path: Path, runs: list[Run], seconds: int) -> None:
    size = path.stat().st_size / 1e6
    wall, cpu = middle(runs, lambda run: run.wall), middle(runs, lambda run: run.cpu)
    memory = middle(runs, lambda run: run.memory)
    verdict = "met" if cpu <= seconds and memory <= MOST_MEMORY else "missed"
    print(
        f"{title:44}{size:>5.0f}{wall:>7.1f} s{cpu:>7.1f} s{memory:>6.0f} MB"
        f"  <= {seconds} s, {MOST_MEMORY} MB: {verdict}",
        flush=True,
    )


if __name__ == "__main__":
    main()
