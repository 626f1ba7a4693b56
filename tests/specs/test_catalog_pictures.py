"""The sample catalog's files are what catalog.yaml says, and the script that draws them works."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import yaml
from PIL import Image

Pixels = npt.NDArray[np.integer[Any]]
SPECS = Path(__file__).resolve().parents[2] / "specs"
CATALOG = SPECS / "catalog"
BUDGET = 8_000_000
SHOTS, SWATCHES, ARCHIVE = "Products/ss27", "Products/swatches", "Archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """What is promised about one picture; ``colours`` is the least number of distinct colours."""

    path: str
    kind: str
    mode: str
    size: tuple[int, int]
    colours: int = 8_000


PICTURES = (
    Documented(path=f"{SHOTS}/PS_1001_mug.jpg", kind="JPEG", mode="RGB", size=(2400, 1800)),
    Documented(
        path=f"{SHOTS}/PS_1001_mug_red_print.jpg", kind="JPEG", mode="CMYK", size=(2000, 2000)
    ),
    Documented(path=f"{SHOTS}/PS_1002_perfume.jpg", kind="JPEG", mode="RGB", size=(2400, 3200)),
    Documented(path=f"{SHOTS}/PS_1003_watch.jpg", kind="JPEG", mode="RGB", size=(3000, 4000)),
    Documented(path=f"{SHOTS}/PS_1004_chair.jpg", kind="JPEG", mode="RGB", size=(2400, 2880)),
    Documented(path=f"{SHOTS}/PS_1005_pullover.jpg", kind="JPEG", mode="RGB", size=(1875, 2700)),
    Documented(path=f"{SHOTS}/PS_1006_backpack.jpg", kind="JPEG", mode="RGB", size=(2000, 2000)),
    Documented(path=f"{SHOTS}/PS_1007_boot.jpg", kind="JPEG", mode="RGB", size=(2400, 1920)),
    Documented(path=f"{SHOTS}/PS_1008_lamp.png", kind="PNG", mode="RGBA", size=(1200, 1500)),
    Documented(
        path=f"{SHOTS}/PS_1009_leather_gray.jpg",
        kind="JPEG",
        mode="L",
        size=(1500, 1500),
        colours=80,
    ),
    Documented(
        path=f"{SWATCHES}/SW_2001_cognac.jpg",
        kind="JPEG",
        mode="RGB",
        size=(120, 120),
        colours=500,
    ),
    Documented(
        path=f"{SWATCHES}/SW_2002_forest.jpg",
        kind="JPEG",
        mode="RGB",
        size=(120, 120),
        colours=120,
    ),
    Documented(
        path=f"{SWATCHES}/SW_2003_oak.jpg", kind="JPEG", mode="RGB", size=(120, 120), colours=500
    ),
    Documented(
        path=f"{SWATCHES}/SW_2004_tiny.jpg", kind="JPEG", mode="RGB", size=(48, 48), colours=250
    ),
    Documented(
        path=f"{ARCHIVE}/AR_0901_chair_original.tif", kind="TIFF", mode="RGB", size=(1120, 1344)
    ),
    Documented(
        path=f"{ARCHIVE}/AR_0902_leather_height.png",
        kind="PNG",
        mode="I;16",
        size=(600, 600),
        colours=2_000,
    ),
)
_IDS = [Path(picture.path).stem for picture in PICTURES]


def _pixels(path: Path) -> Pixels:
    with Image.open(path) as picture:
        values = np.asarray(picture)
    return values if values.ndim == 3 else values[..., None]


def _middle(values: Pixels) -> Pixels:
    """The middle of a picture at full resolution, at most 1000 x 1000: the product itself."""
    top, left = (max(0, (side - 1000) // 2) for side in values.shape[:2])
    return values[top : top + 1000, left : left + 1000]


def _distinct(values: Pixels) -> int:
    keys = np.zeros(values.shape[:2], np.int64)
    for channel in range(values.shape[2]):
        keys = keys * 65_536 + values[..., channel]
    return int(np.unique(keys).size)


@pytest.mark.parametrize("documented", PICTURES, ids=_IDS)
def test_picture_has_documented_format_mode_and_size(documented: Documented) -> None:
    with Image.open(CATALOG / documented.path) as picture:
        assert (picture.format, picture.mode, picture.size) == (
            documented.kind,
            documented.mode,
            documented.size,
        )


@pytest.mark.parametrize("documented", PICTURES, ids=_IDS)
def test_picture_is_lit_and_textured_rather_than_flat(documented: Documented) -> None:
    values = _middle(_pixels(CATALOG / documented.path))
    assert _distinct(values) >= documented.colours
    # Local contrast: neighbouring pixels differ visibly in a good part of the picture.
    light = values[..., :3].astype(np.float64).mean(axis=2)
    full = 65_535 if documented.mode == "I;16" else 255
    steps = np.abs(np.diff(light, axis=1)) / full
    assert (steps > 2 / 255).mean() > 0.04


def test_every_file_is_documented_and_named_by_the_yaml() -> None:
    found = {p.relative_to(CATALOG).as_posix() for p in CATALOG.rglob("*") if p.is_file()}
    others = {"catalog.yaml", "Documents/DOC_sizechart.pdf"}
    assert found == {picture.path for picture in PICTURES} | others
    text = (CATALOG / "catalog.yaml").read_text(encoding="utf-8")
    for path in found - {"catalog.yaml"}:
        assert Path(path).stem in text
    for picture in PICTURES:
        width, height = picture.size
        name = re.escape(Path(picture.path).stem)
        assert re.search(rf"^#.*\b{name}\b.* {width} x {height}\b", text, re.MULTILINE)


def test_catalog_stays_small() -> None:
    assert sum(p.stat().st_size for p in CATALOG.rglob("*") if p.is_file()) <= BUDGET


def test_kinds_a_demo_needs_are_there() -> None:
    modes = {picture.mode for picture in PICTURES}
    assert {"RGB", "RGBA", "L", "CMYK", "I;16"} <= modes
    assert any(w * h >= 12_000_000 for w, h in (picture.size for picture in PICTURES))
    assert any(abs(h / w - 1.44) < 1e-9 and w >= 1801 for w, h in (p.size for p in PICTURES))
    assert any(max(picture.size) < 100 for picture in PICTURES)


def test_alpha_has_solid_clear_and_soft_parts() -> None:
    alpha = _pixels(CATALOG / SHOTS / "PS_1008_lamp.png")[..., 3]
    assert (alpha == 255).mean() > 0.1
    assert (alpha == 0).mean() > 0.1
    assert ((alpha > 8) & (alpha < 200)).mean() > 0.02


def test_cmyk_uses_all_four_inks() -> None:
    with Image.open(CATALOG / SHOTS / "PS_1001_mug_red_print.jpg") as picture:
        inks = np.asarray(picture)
    assert (inks.reshape(-1, 4).max(axis=0) > 100).all()


def test_packshots_stand_on_a_nearly_white_sweep() -> None:
    for name in ("PS_1001_mug", "PS_1003_watch", "PS_1005_pullover", "PS_1007_boot"):
        values = _pixels(CATALOG / SHOTS / f"{name}.jpg")
        assert values[: values.shape[0] // 20].mean() > 240


def test_tiff_is_lzw_compressed() -> None:
    with Image.open(CATALOG / ARCHIVE / "AR_0901_chair_original.tif") as picture:
        assert picture.info["compression"] == "tiff_lzw"


def test_pdf_cross_references_point_at_its_objects() -> None:
    data = (CATALOG / "Documents" / "DOC_sizechart.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.4\n")
    assert data.endswith(b"%%EOF\n")
    table = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert data[table:].startswith(b"xref\n")
    starts = [int(row) for row in re.findall(rb"(\d{10}) 00000 n ", data[table:])]
    assert len(starts) == 7
    for number, start in enumerate(starts, start=1):
        assert data[start:].startswith(b"%d 0 obj\n" % number)
    length = re.search(rb"/Length (\d+) >>\nstream\n", data)
    assert length is not None
    assert data[length.end() + int(length.group(1)) :].startswith(b"\nendstream")
    assert b"Size chart" in data


def test_yaml_declares_the_spin_set_and_the_presets() -> None:
    content = yaml.safe_load((CATALOG / "catalog.yaml").read_text(encoding="utf-8"))
    assert content["assets"] == [
        {"name": "PS_1001_spin", "type": "SpinSet", "folder": "Products/ss27/"}
    ]
    assert not list(CATALOG.rglob("PS_1001_spin*"))
    presets = {preset["name"]: preset["urlModifier"] for preset in content["presets"]}
    assert set(presets) == {"Thumbnail", "Zoom2000", "PrintTiff"}
    assert "fmt=tif" in presets["PrintTiff"]


def _draw(*names: str, out: Path) -> subprocess.CompletedProcess[str]:
    script = str(SPECS / "make_catalog.py")
    return subprocess.run(
        [sys.executable, "-B", script, "--out", str(out), "--only", *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_script_draws_a_swatch_and_the_papers_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = _draw("SW_2001_cognac", "DOC_sizechart", "AR_0902_leather_height", out=out)
    assert done.returncode == 0, done.stderr
    drawn = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert drawn == [
        "Archive/AR_0902_leather_height.png",
        "Documents/DOC_sizechart.pdf",
        "Products/swatches/SW_2001_cognac.jpg",
    ]
    for path in (drawn[0], drawn[2]):
        kept, again = _pixels(CATALOG / path), _pixels(out / path)
        assert kept.shape == again.shape
        # Another machine's arithmetic may differ in the last bit, and JPEG may amplify that.
        full = 65_535 if path.startswith("Archive") else 255
        assert np.abs(kept.astype(np.int64) - again).mean() / full < 0.01
    assert (out / drawn[1]).read_bytes() == (CATALOG / drawn[1]).read_bytes()


def test_script_refuses_an_unknown_asset(tmp_path: Path) -> None:
    done = _draw("PS_9999_unicorn", out=tmp_path / "out")
    assert done.returncode == 2
    assert "no such asset: PS_9999_unicorn" in done.stderr
    assert not (tmp_path / "out").exists()
