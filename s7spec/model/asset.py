"""Assets: what is exported, and what tells one version of it from another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class AssetVersion:
    """An asset's content as far as IPS tells: it has no checksum (semantics: F8).

    ``path`` is folder + name, ``last_modified_ms`` milliseconds since 1970 UTC, ``file_size``
    bytes, ``width`` and ``height`` pixels; None where IPS says nothing.
    """

    path: str
    type: str
    last_modified_ms: int | None = None
    file_size: int | None = None
    width: int | None = None
    height: int | None = None

    def cells(self) -> list[str | int | None]:
        """The row of the canonical form."""
        return [
            self.path,
            self.type,
            self.last_modified_ms,
            self.file_size,
            self.width,
            self.height,
        ]

    @staticmethod
    def of_cells(
        path: str,
        asset_type: str,
        last_modified_ms: int | None,
        file_size: int | None,
        width: int | None,
        height: int | None,
    ) -> AssetVersion:
        """Of the row that ``cells`` gives. Raises TypeError for a row of another length."""
        return AssetVersion(
            path=path,
            type=asset_type,
            last_modified_ms=last_modified_ms,
            file_size=file_size,
            width=width,
            height=height,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An asset found in the company. ``handle`` is good for this run only (semantics: F6).

    ``urlModifier`` lies below, ``urlPostApplyModifier`` above what a job asks for (facts: Image
    Serving section 3). ``maskFile`` is the mask that was uploaded for it: then it has transparency;
    without one it may have its own. Empty where the asset has none.
    """

    handle: str
    name: str
    folder: str
    file_name: str
    version: AssetVersion
    urlModifier: str = ""
    urlPostApplyModifier: str = ""
    maskFile: str = ""

    @property
    def path(self) -> str:
        return self.version.path

    @property
    def type(self) -> str:
        return self.version.type


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedAsset:
    path: str
    type: str
    reason: str
