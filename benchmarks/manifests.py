"""Manifests of any number and size, the same ones on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PROJECT = """\
apiVersion: s7spec/v1
kind: Project
manifests: ["manifests/*.yaml"]
environments:
  local: {ips: embedded, company: Acme}
"""

_HEAD = """\
# yaml-language-server: $schema=../schemas/manifest.schema.json
# Channel {number}: pictures on white, and what the shop shows beside them.
apiVersion: s7spec/v1
kind: ExportManifest
metadata:
  name: {name}
  owner: dam@example.com
  labels: {{channel: c{number}, season: ss27}}
"""

_FILE = (
    _HEAD
    + """\
vars:
  quality: 85
exports:
  - id: "square-{{{{ matrix.width }}}}"
    assets:
      folder: Acme/Products/c{number}/
      recursive: true
      types: [Image]
      exclude: ["*_draft", "*_gray"]
    matrix:
      width: [{side}, 1200, 600]
    fmt: convert
    is_modifier:
      wid: "{{{{ matrix.width }}}}"
      hei: "{{{{ matrix.width }}}}"
      fit: fit,1
      bgc: 255,255,255
      fmt: jpeg,rgb
      qlt: "{{{{ vars.quality }}}},1" # colour at full resolution
    emailSetting: Error
  - id: swatches
    assets:
      names:
        - PS_{number}_main
        - PS_{number}_back
        - PS_{number}_detail
    fmt: convert
    macro: $Thumbnail$
    emailSetting: None
"""
)

SIZES = tuple(range(100, 1100, 100))
LOCALES = ("en_US", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "ja_JP", "ko_KR", "zh_CN", "pt_BR")
JOBS = len(SIZES) * len(LOCALES)
"""How many a ``matrix_manifest`` makes."""

_MATRIX = (
    _HEAD
    + """\
vars: {{season: ss27, sharpness: "1.{digit}", preset: p{digit}}}
assets:
  packshots:
    names: [{names}]
exports:
  - id: "{mark}{{{{ matrix.size }}}}-{{{{ matrix.locale }}}}"
    matrix:
      size: [{sizes}]
      locale: [{locales}]
    assets: packshots
    fmt: convert
    is_modifier:
      wid: "{{{{ matrix.size }}}}"
      hei: "{{{{ matrix.size }}}}"
      op_usm: "{{{{ vars.sharpness }}}},0.{{{{ matrix.size }}}},8"
      printRes: "{{{{ matrix.size }}}}"
      $preset: "{{{{ vars.preset }}}}_{{{{ matrix.locale }}}}"
      $mark: "{mark}{{{{ matrix.locale }}}}-{{{{ matrix.size }}}}"
      $words: "{{{{ matrix.locale }}}} {{{{ vars.season }}}} {{{{ matrix.size }}}}"
"""
)

_EXPORT = """\
  - id: export-{number}
    assets:
      folder: Acme/Products/ss27/{number}/
      recursive: true
      types: [Image]
      exclude:
        - "*_draft"
        - "*_gray"
        - "*_print"
        - PS_{number}_a_picture_that_is_replaced_before_the_season_begins
    on_unsupported: exclude
    # What the shop {number} shows on its first page, and what it prints in the catalog that is
    # sent to its customers twice a year. Agreed with the shop in the spring of 2026; its pictures
    # are square, on white, and never scaled up. Whoever changes this asks the shop before.
    fmt: convert
    is_modifier:
      wid: 2000
      hei: 2000
      fit: fit,1
      bgc: 255,255,255
      fmt: jpeg,rgb
      qlt: 95,1
      resMode: sharp2
      op_usm: 0.8,1,2,0
      iccEmbed: true
      op_blur: 0
      printRes: 300
    emailSetting: ErrorAndWarning
"""


def small(number: int) -> str:
    """A manifest of about 40 lines."""
    name = f"shop-{number}"
    return _FILE.format(number=number, name=name, side=1600 + number % 400)


def many_names(count: int) -> Iterator[str]:
    """The parts of one manifest with one selection of so many names."""
    yield _HEAD.format(number=1, name="names")
    yield "exports:\n  - id: all\n    assets:\n      names:\n"
    for number in range(count):
        yield f"        - PS_{number:07}_main_picture_of_a_product_of_spring_27\n"
    yield "    fmt: orig\n    emailSetting: None\n"


def many_exports(count: int) -> Iterator[str]:
    """The parts of one manifest with so many exports of about 25 lines."""
    yield _HEAD.format(number=1, name="exports")
    yield "exports:\n"
    for number in range(count):
        yield _EXPORT.format(number=number)


def write_project(root: Path, files: int) -> list[Path]:
    """A project with so many small manifests; gives their paths."""
    folder = root / "manifests"
    folder.mkdir(parents=True)
    (root / "s7spec.yaml").write_text(PROJECT)
    paths = [folder / f"shop-{number:04}.yaml" for number in range(files)]
    for number, path in enumerate(paths):
        path.write_text(small(number))
    return paths


def matrix_manifest(number: int, *, unique: bool) -> str:
    """One export of JOBS jobs with 8 templated fields and 20 assets. With ``unique`` its templates
    are those of no other manifest."""
    return _MATRIX.format(
        number=number,
        name=f"matrix-{number:05}",
        mark=f"u{number}-" if unique else "web-",
        digit=number % 10,
        names=", ".join(f"PS_{number}_{index:02}" for index in range(20)),
        sizes=", ".join(map(str, SIZES)),
        locales=", ".join(LOCALES),
    )


def write_matrix_project(root: Path, manifests: int, *, unique: bool) -> None:
    """A project of ``manifests`` files, each with a ``matrix_manifest``."""
    (root / "manifests").mkdir()
    (root / "s7spec.yaml").write_text(PROJECT)
    for number in range(manifests):
        path = root / "manifests" / f"matrix-{number:05}.yaml"
        path.write_text(matrix_manifest(number, unique=unique))
