"""How long it takes to foretell a million pictures for one modifier.

    python -m benchmarks.prediction [--assets 1000000] [--rounds 3]

CPU seconds, the median of the rounds, each with a predictor of its own. The loop reads size, flags
and bytes of every prediction and adds them up. `few sizes`: the assets share 400 sizes, as catalogs
do; `all differ`: no two assets have one size. The floor is the bare placing of the same pictures in
their replies, which gives their sizes and nothing else.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from statistics import median

from s7spec.modifiers import parse_modifier
from s7spec.modifiers.effective import NOTHING, Effective, merge_modifiers
from s7spec.modifiers.geometry import Fit, Size, View, place_image
from s7spec.modifiers.prediction import ImageServer, Predictor

MODIFIERS = {
    "wid=800": View(wid=800),
    "wid=800&hei=800&fit=crop&fmt=png": View(wid=800, hei=800, fit=Fit.CROP),
    "wid=900&hei=900&fit=stretch": View(wid=900, hei=900, fit=Fit.STRETCH),
    "scl=1": View(scl=Fraction(1)),
    "fmt=tif,,lzw": View(),
    "crop=0,0,900,900&rotate=90&wid=300": None,
}
MOST_SECONDS = 3.0
SIDES = 400, 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    chance = random.Random(7)  # noqa: S311 - an order, no secret
    few = shuffled(chance, options.assets, sides=20)
    many = shuffled(chance, options.assets, sides=1_001)
    assert len(set(few)) == 400
    assert len(set(many)) == options.assets
    each = f"of {options.assets:,} assets, CPU s"
    print(f"{each:38}{'few sizes':>12}{'all differ':>12}{'floor':>8}{'times':>7}  target")
    for text, view in MODIFIERS.items():
        effective = merge_modifiers(
            modifier=parse_modifier(text).modifier, macro=NOTHING, presets={}
        )
        shared = spent(partial(foretell, effective, few), options.rounds)
        alone = spent(partial(foretell, effective, many), options.rounds)
        floor = None if view is None else spent(partial(place_all, view, many), options.rounds)
        show(text, shared, alone, floor)


def shuffled(chance: random.Random, assets: int, *, sides: int) -> list[tuple[int, int]]:
    """As many sizes, of so many widths and heights; each combination once if there are enough."""
    least, most = SIDES
    steps = [least + number * (most - least) // sides for number in range(sides)]
    sizes = [(width, height) for width in steps for height in steps]
    sizes = (sizes * (assets // len(sizes) + 1))[:assets]
    chance.shuffle(sizes)
    return sizes


def foretell(effective: Effective, sizes: Sequence[tuple[int, int]]) -> None:
    predict = Predictor(effective, ImageServer()).predict
    pixels = total = flagged = 0
    for width, height in sizes:
        image = predict(width, height)
        assert image.size is not None
        assert image.estimated_bytes is not None
        pixels += image.size.width * image.size.height
        total += image.estimated_bytes.likely
        flagged += len(image.flags)
    assert min(pixels, total) > 0


def place_all(view: View, sizes: Sequence[tuple[int, int]]) -> None:
    limit = ImageServer().default_pix
    pixels = 0
    for width, height in sizes:
        output = place_image(view, Size(width, height), limit).output
        pixels += output.width * output.height
    assert pixels > 0


def spent(work: Callable[[], None], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        seconds.append(time.process_time() - begin)
    return median(seconds)


def show(text: str, shared: float, alone: float, floor: float | None) -> None:
    said = [
        f"{'few sizes' if at == 0 else 'all differ'} missed"
        for at, each in enumerate((shared, alone))
        if each > MOST_SECONDS
    ]
    beside = f"{'':8}{'':7}" if floor is None else f"{floor:8.2f}{alone / floor:6.1f}x"
    verdict = ", ".join(said) or "met"
    print(f"{text:38}{shared:12.2f}{alone:12.2f}{beside}  <= {MOST_SECONDS:.0f} s, {verdict}")


if __name__ == "__main__":
    main()
