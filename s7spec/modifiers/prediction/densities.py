"""Bytes per pixel of each format, as ``benchmarks/byte_densities.py`` prints them.

Each row is what 5 %, 50 % and 95 % of its pictures stay below: those of specs/catalog and generated
ones, from a flat colour to noise, rendered by the embedded IPS 160, 500 and 1200 pixels wide.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

KNOTS = (1, 10, 30, 50, 70, 80, 90, 95, 100)
"""The qualities that were measured."""


class Density(NamedTuple):
    """Bytes per pixel."""

    low: float
    likely: float
    high: float


WITH_QUALITY: Mapping[str, tuple[Density, ...]] = MappingProxyType(
    {
        "jpeg rgb": (
            Density(0.0152, 0.0173, 0.0410),
            Density(0.0158, 0.0291, 0.0873),
            Density(0.0221, 0.0490, 0.1741),
            Density(0.0273, 0.0705, 0.2275),
            Density(0.0328, 0.0964, 0.3065),
            Density(0.0415, 0.1323, 0.4144),
            Density(0.0591, 0.1983, 0.6028),
            Density(0.0961, 0.2797, 0.8280),
            Density(0.2253, 0.5088, 1.4284),
        ),
        "jpeg rgb full": (
            Density(0.0249, 0.0287, 0.0526),
            Density(0.0258, 0.0418, 0.1044),
            Density(0.0340, 0.0639, 0.2244),
            Density(0.0424, 0.0842, 0.3146),
            Density(0.0488, 0.1137, 0.4605),
            Density(0.0607, 0.1745, 0.6478),
            Density(0.0860, 0.2335, 1.0662),
            Density(0.1334, 0.3335, 1.5268),
            Density(0.3611, 0.6690, 2.9208),
        ),
        "jpeg gray": (
            Density(0.0035, 0.0070, 0.0348),
            Density(0.0038, 0.0155, 0.0739),
            Density(0.0112, 0.0361, 0.1621),
            Density(0.0169, 0.0471, 0.2140),
            Density(0.0199, 0.0718, 0.2786),
            Density(0.0274, 0.1112, 0.3379),
            Density(0.0424, 0.1511, 0.4642),
            Density(0.0733, 0.2259, 0.6217),
            Density(0.1621, 0.4029, 0.9842),
        ),
        "jpeg cmyk": (
            Density(0.0035, 0.0211, 0.0535),
            Density(0.0155, 0.0337, 0.1163),
            Density(0.0227, 0.0694, 0.2570),
            Density(0.0232, 0.0955, 0.3585),
            Density(0.0259, 0.1311, 0.4749),
            Density(0.0528, 0.1894, 0.5899),
            Density(0.0742, 0.2744, 0.8042),
            Density(0.1095, 0.3980, 1.0496),
            Density(0.2184, 0.6790, 1.6491),
        ),
        "tif jpeg rgb": (
            Density(0.0306, 0.0371, 0.0421),
            Density(0.0339, 0.0753, 0.2538),
            Density(0.0525, 0.1338, 0.5205),
            Density(0.0632, 0.1915, 0.6900),
            Density(0.0795, 0.2708, 0.9508),
            Density(0.0959, 0.3577, 1.1889),
            Density(0.1363, 0.5316, 1.6226),
            Density(0.2108, 0.7636, 2.1173),
            Density(0.4166, 1.2380, 3.3029),
        ),
        "tif jpeg gray": (
            Density(0.0055, 0.0107, 0.0141),
            Density(0.0097, 0.0227, 0.0774),
            Density(0.0160, 0.0381, 0.1647),
            Density(0.0186, 0.0585, 0.2165),
            Density(0.0234, 0.0791, 0.2811),
            Density(0.0295, 0.1143, 0.3405),
            Density(0.0443, 0.1644, 0.4666),
            Density(0.0753, 0.2329, 0.6241),
            Density(0.1642, 0.4053, 0.9866),
        ),
        "tif jpeg cmyk": (
            Density(0.0428, 0.0501, 0.0549),
            Density(0.0467, 0.0891, 0.2667),
            Density(0.0660, 0.1473, 0.5335),
            Density(0.0764, 0.2048, 0.7028),
            Density(0.0928, 0.2832, 0.9636),
            Density(0.1094, 0.3712, 1.2026),
            Density(0.1503, 0.5449, 1.6357),
            Density(0.2247, 0.7774, 2.1290),
            Density(0.4342, 1.2491, 3.3166),
        ),
        "webp": (
            Density(0.0024, 0.0094, 0.0625),
            Density(0.0026, 0.0165, 0.1323),
            Density(0.0033, 0.0298, 0.2192),
            Density(0.0045, 0.0416, 0.2835),
            Density(0.0068, 0.0591, 0.3460),
            Density(0.0085, 0.0794, 0.4215),
            Density(0.0170, 0.1366, 0.5901),
            Density(0.0302, 0.2169, 0.7125),
            Density(0.0677, 0.4004, 1.5359),
        ),
        "avif": (
            Density(0.0015, 0.0072, 0.0210),
            Density(0.0026, 0.0095, 0.0257),
            Density(0.0041, 0.0187, 0.0732),
            Density(0.0071, 0.0524, 0.1895),
            Density(0.0124, 0.1036, 0.3999),
            Density(0.0196, 0.1409, 0.5211),
            Density(0.0310, 0.1884, 0.6803),
            Density(0.0562, 0.2377, 0.8387),
            Density(0.1753, 0.5068, 1.2127),
        ),
        "jpeg2000 rgb": (
            Density(0.0002, 0.0036, 0.3508),
            Density(0.0002, 0.0087, 0.4994),
            Density(0.0005, 0.0533, 0.8607),
            Density(0.0009, 0.1271, 1.1768),
            Density(0.0012, 0.2505, 1.5129),
            Density(0.0013, 0.3383, 1.6571),
            Density(0.0015, 0.4432, 1.8112),
            Density(0.0015, 0.5017, 1.9100),
            Density(0.0016, 0.5672, 1.9863),
        ),
        "jpeg2000 gray": (
            Density(0.0002, 0.0004, 0.0594),
            Density(0.0002, 0.0024, 0.0952),
            Density(0.0002, 0.0151, 0.2319),
            Density(0.0003, 0.0389, 0.3446),
            Density(0.0004, 0.0710, 0.4553),
            Density(0.0004, 0.0965, 0.5032),
            Density(0.0006, 0.1314, 0.5553),
            Density(0.0006, 0.1466, 0.5853),
            Density(0.0007, 0.1608, 0.6109),
        ),
    }
)
"""One density for each knot; ``full`` is without chroma subsampling."""

LOSSLESS: Mapping[str, Density] = MappingProxyType(
    {
        "png rgb": Density(0.0881, 0.9439, 2.5785),
        "png gray": Density(0.0561, 0.4380, 0.8050),
        "png8": Density(0.1943, 0.4976, 0.9774),
        "gif rgb": Density(0.2218, 0.6016, 1.2454),
        "gif gray": Density(0.2351, 0.7108, 1.1508),
        "lzw rgb": Density(0.6318, 1.5361, 3.9155),
        "lzw gray": Density(0.2115, 0.6744, 1.1349),
        "lzw cmyk": Density(0.7530, 1.7596, 4.1891),
        "zip rgb": Density(0.4904, 1.0789, 2.8117),
        "zip gray": Density(0.1040, 0.4745, 0.8633),
        "zip cmyk": Density(0.5297, 1.1615, 3.2451),
        "webp lossless": Density(0.0356, 0.6333, 2.4125),
        "avif lossless": Density(0.2782, 0.6533, 2.4305),
        "jpeg2000 lossless rgb": Density(0.0967, 1.1479, 2.5010),
        "jpeg2000 lossless gray": Density(0.0955, 0.3607, 0.7629),
    }
)
