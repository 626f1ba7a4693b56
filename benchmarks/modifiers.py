"""How long it takes to read and lint a hundred thousand different modifiers.

    python -m benchmarks.modifiers [--modifiers 100000] [--rounds 3]

CPU seconds, the median of the rounds. No two modifiers are alike; what is remembered are single
pieces, and shapes in which nothing was found. `parse` reads them, `parse+lint` holds them against
all rules that need no source; `preset` does so with a preset filled in. The peer is urllib's
parse_qsl, which takes a query apart and says nothing of it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from urllib.parse import parse_qsl

from s7spec.modifiers import parse_modifier
from s7spec.modifiers.lint import lint_modifier

MOST_SECONDS = 3.0
PRESETS = {"view": parse_modifier("fmt=png-alpha&op_usm=1,1,5,0&resMode=sharp2").modifier}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modifiers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    chance = random.Random(7)  # noqa: S311 - a choice, no secret
    head = f"of {options.modifiers:,} modifiers, CPU s"
    print(f"{head:34}{'parse':>8}{'parse+lint':>12}{'parse_qsl':>11}{'times':>7}{'found':>9}")
    for name, make in KINDS.items():
        texts = [*make(chance, options.modifiers)]
        assert len(set(texts)) == options.modifiers
        show(name, texts, options.rounds)


def right(chance: random.Random, number: int) -> Iterator[str]:
    for index in range(number):
        side, other = chance.randint(100, 3000), chance.randint(100, 3000)
        yield (
            f"wid={side}&hei={other}&fit=crop,{index % 2}&fmt=jpeg,rgb&qlt={index % 100 + 1},1"
            f"&bgc={index % 256},{index // 256 % 256},255&op_usm={index / number:.5f},1,3,0"
        )


def doubtful(chance: random.Random, number: int) -> Iterator[str]:
    """Each breaks a rule or two."""
    for index, text in enumerate(right(chance, number)):
        yield text.replace("jpeg,rgb", ("png", "webp", "tif", "JPEG")[index % 4])


def wrong(chance: random.Random, number: int) -> Iterator[str]:
    for index, text in enumerate(right(chance, number)):
        yield text.replace(
            ("qlt", "fit=crop", "bgc=")[index % 3], ("qtl", "fit=corp", "bgc=x")[index % 3]
        )


def with_preset(chance: random.Random, number: int) -> Iterator[str]:
    for text in right(chance, number):
        yield f"$view$&{text}"


KINDS: dict[str, Callable[[random.Random, int], Iterator[str]]] = {
    "7 commands, all right": right,
    "7 commands, doubtful": doubtful,
    "7 commands, one wrong": wrong,
    "a preset and 7 commands": with_preset,
}


def show(name: str, texts: Sequence[str], rounds: int) -> None:
    parsing = spent(lambda: sum(len(parse_modifier(text).spans) for text in texts), rounds)
    found: list[int] = []
    linting = spent(lambda: found.append(sum(map(findings, texts))), rounds)
    peer = spent(lambda: [parse_qsl(text) for text in texts], rounds)
    miss = "" if linting <= MOST_SECONDS else f"  target {MOST_SECONDS:g} s missed"
    row = f"{name:34}{parsing:>8.2f}{linting:>12.2f}{peer:>11.2f}{linting / peer:>7.1f}"
    print(f"{row}{found[-1]:>9,}{miss}")


def findings(text: str) -> int:
    return len(lint_modifier(text, presets=PRESETS))


def spent(work: Callable[[], object], rounds: int) -> float:
    seconds: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return median(seconds)


if __name__ == "__main__":
    main()
