"""Draw the pictures of the sample catalog.

    .venv/bin/python specs/make_catalog.py [--out specs/catalog] [--only NAME ...]

Every picture is ray-marched by ``picture_studio`` with fixed seeds: the same machine and library
versions give the same bytes. The full set takes some six minutes of one core; ``--only`` draws
the named assets (asset ID = file name without extension). ``catalog.yaml`` is written by hand and
left alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from picture_studio.darkroom import finish, save
from picture_studio.orders import ORDERS, Order
from picture_studio.papers import write_height_map, write_size_chart
from picture_studio.shooting import Shoot

_PAPERS = {
    "Archive/AR_0902_leather_height.png": write_height_map,
    "Documents/DOC_sizechart.pdf": write_size_chart,
}


def draw(order: Order, out: Path) -> Path:
    """Draw one picture below ``out``; returns its path."""
    frame = Shoot(order.product(), *order.size).frame()
    picture = finish(frame, order.path, order.mode, order.grain)
    path = out / order.path
    save(picture, path, quality=order.quality, dpi=order.dpi)
    return path


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the sample catalog.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "catalog")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="asset IDs to draw")
    options = parser.parse_args()
    known = {Path(path).stem for path in (*_PAPERS, *(order.path for order in ORDERS))}
    wanted = set(options.only or known)
    if wanted - known:
        parser.error(f"no such asset: {', '.join(sorted(wanted - known))}")
    for name, write in _PAPERS.items():
        if Path(name).stem in wanted:
            write(options.out / name)
    for order in ORDERS:
        if Path(order.path).stem in wanted:
            start = time.perf_counter()
            path = draw(order, options.out)
            taken = time.perf_counter() - start
            sys.stdout.write(f"{order.path}: {path.stat().st_size / 1000:.0f} kB, {taken:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
