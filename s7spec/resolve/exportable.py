"""Which asset types IPS exports, and in which way."""

from __future__ import annotations

from s7spec.model.asset import Asset
from s7spec.model.manifest import Fmt

_CATALOGS = frozenset({"Catalog", "eCatalog"})


def why_not(asset: Asset, fmt: Fmt) -> str | None:
    """Why IPS cannot export the asset, or None when it can (facts: IPS API section 9).

    The documentation names the kinds of sets in words and the API in types (ImageSet, RenderSet,
    SpinSet, AssetSet); types are an open list, so every type that calls itself a set counts.
    """
    if asset.type.endswith("Set"):
        return f"IPS cannot export assets of type {asset.type}"
    if asset.type in _CATALOGS:
        return "IPS cannot export eCatalogs"
    if asset.type == "Template" and fmt is Fmt.ORIG:
        return "IPS cannot export a template as original, only converted"
    return None
