"""The shooting list: which picture shows what, in which size, mode and format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from picture_studio.darkroom import Mode
from picture_studio.products.backpack import backpack
from picture_studio.products.boot import boot
from picture_studio.products.chair import chair
from picture_studio.products.lamp import lamp
from picture_studio.products.mug import mug
from picture_studio.products.perfume import perfume
from picture_studio.products.pullover import pullover
from picture_studio.products.swatch import cloth, hide, oak
from picture_studio.products.watch import watch
from picture_studio.stage import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One picture: ``path`` below the catalog folder, size in pixels, ``grain`` in levels."""

    path: str
    product: Callable[[], Product]
    size: tuple[int, int]
    mode: Mode = Mode.RGB
    quality: int = 88
    grain: float = 1.7
    dpi: int = 300


def _red_mug() -> Product:
    return mug(light=(0.80, 0.74, 0.64), dip=(0.34, 0.030, 0.022))


def _gray_hide() -> Product:
    return hide(colour=(0.26, 0.26, 0.26), zoom=1.3)


_SHOTS, _SWATCHES, _ARCHIVE = "Products/ss27/", "Products/swatches/", "Archive/"

ORDERS: tuple[Order, ...] = (
    Order(path=_SHOTS + "PS_1001_mug.jpg", product=mug, size=(2400, 1800)),
    Order(
        path=_SHOTS + "PS_1001_mug_red_print.jpg",
        product=_red_mug,
        size=(2000, 2000),
        mode=Mode.CMYK,
    ),
    Order(path=_SHOTS + "PS_1002_perfume.jpg", product=perfume, size=(2400, 3200)),
    Order(path=_SHOTS + "PS_1003_watch.jpg", product=watch, size=(3000, 4000), quality=86),
    Order(path=_SHOTS + "PS_1004_chair.jpg", product=chair, size=(2400, 2880)),
    Order(
        path=_SHOTS + "PS_1005_pullover.jpg",
        product=pullover,
        size=(1875, 2700),
        quality=85,
        grain=1.2,
    ),
    Order(
        path=_SHOTS + "PS_1006_backpack.jpg",
        product=backpack,
        size=(2000, 2000),
        quality=85,
        grain=1.2,
    ),
    Order(path=_SHOTS + "PS_1007_boot.jpg", product=boot, size=(2400, 1920)),
    Order(path=_SHOTS + "PS_1008_lamp.png", product=lamp, size=(1200, 1500), mode=Mode.RGBA),
    Order(
        path=_SHOTS + "PS_1009_leather_gray.jpg",
        product=_gray_hide,
        size=(1500, 1500),
        mode=Mode.GRAY,
        quality=84,
    ),
    Order(path=_SWATCHES + "SW_2001_cognac.jpg", product=hide, size=(120, 120), quality=88),
    Order(path=_SWATCHES + "SW_2002_forest.jpg", product=cloth, size=(120, 120), quality=88),
    Order(path=_SWATCHES + "SW_2003_oak.jpg", product=oak, size=(120, 120), quality=88),
    Order(path=_SWATCHES + "SW_2004_tiny.jpg", product=hide, size=(48, 48), quality=88),
    Order(
        path=_ARCHIVE + "AR_0901_chair_original.tif", product=chair, size=(1120, 1344), grain=0.0
    ),
)
