"""The colour profiles of a company, as its assets of type IccProfile."""

from __future__ import annotations

from s7spec.emulator.company.view import Catalog
from s7spec.emulator.render import IccProfileFile, profile_name

_TYPE = "IccProfile"


def profiles_for(catalog: Catalog, company: int, modifier: str) -> tuple[IccProfileFile, ...]:
    """The profile that ``icc`` names in an expanded modifier; nothing when there is none.

    Raises:
        RenderError: the string is not a modifier.
    """
    if "icc=" not in modifier.lower():
        return ()
    name = profile_name(modifier)
    asset = catalog.asset_named(company, name) if name else None
    if asset is None or asset.type != _TYPE or asset.source is None:
        return ()
    return (IccProfileFile(name=asset.name, path=asset.source),)
