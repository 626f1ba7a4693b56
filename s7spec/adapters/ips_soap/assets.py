"""Reading assets and presets (facts: IPS API sections 5, 6 and 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from s7spec.adapters.ips_soap.calls import Calls
from s7spec.adapters.ips_soap.element import Element
from s7spec.adapters.ips_soap.limits import NAMES_PER_CALL, PAGE_ROWS
from s7spec.adapters.ips_soap.templates import is_xml_text
from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.preset import Preset
from s7spec.model.selection import Condition, ConditionField
from s7spec.ports import IpsAnswerUnreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_OWN_FIELDS = ("assetHandle", "type", "name", "fileName", "folder", "trashState", "lastModified")
_IMAGE_FIELDS = ("urlModifier", "urlPostApplyModifier", "maskFile")
_INFO_FIELDS = ("fileSize", "width", "height", *_IMAGE_FIELDS)
_IN_USE = (None, "NotInTrash")


class AssetReader:
    """Assets that are not in the trash."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def by_name(self, names: Iterable[str]) -> Iterator[Asset]:
        """Exact names, upper and lower case as given; what IPS matches beyond that is dropped."""
        # A name that XML cannot carry cannot have come from IPS.
        wanted = iter(dict.fromkeys(name for name in names if name and is_xml_text(name)))
        while chunk := frozenset(islice(wanted, NAMES_PER_CALL)):
            reply = self._calls.read(
                "getAssetsByName",
                nameArray={"items": sorted(chunk)},
                responseFieldArray={"items": list(self._fields)},
            )
            found = (_asset(item) for item in reply.each("assetArray") if _in_use(item))
            yield from (asset for asset in found if asset.name in chunk)

    def in_folder(
        self,
        folder: str,
        *,
        recursive: bool,
        types: tuple[str, ...],
        where: tuple[Condition, ...],
    ) -> Iterator[Asset]:
        """Page by page, in constant memory. Raises IpsAnswerUnreadable when the pages do not add
        up to what IPS says there is: fewer assets would look like a smaller selection.

        An asset that moves over a page's edge while we read is yielded once. One that is deleted
        meanwhile moves those behind it forward, over an edge that we have passed: then there are
        fewer than before, and we give up.
        """
        values = (each.value for each in where if isinstance(each.value, str))
        if not all(is_xml_text(text) for text in (folder, *types, *values)):
            return
        asked = _asked(folder, recursive, types, where)
        rows, number, most = 0, 0, 0
        before: frozenset[str] = frozenset()
        while True:
            number += 1
            total, page = self._folder_page(asked, number)
            if total is not None and total < most:
                raise IpsAnswerUnreadable(
                    f"the folder changed while IPS read it out: {total} assets after {most};"
                    " run again when nobody deletes or moves assets there"
                )
            most = max(most, total or 0)
            rows += len(page)
            handles = frozenset(handle for handle, _ in page)
            _check_page(number, total, rows, handles, before)
            yield from (asset for handle, asset in page if asset and handle not in before)
            if not page or (rows >= total if total is not None else len(page) < PAGE_ROWS):
                return
            before = handles

    def presets(self) -> tuple[Preset, ...]:
        reply = self._calls.read("getImageFormats")
        return tuple(
            Preset(name=item.needed("name"), urlModifier=item.text("urlModifier") or "")
            for item in reply.items("imageFormatArray")
        )

    def _folder_page(
        self, asked: Mapping[str, Any], number: int
    ) -> tuple[int | None, list[tuple[str, Asset | None]]]:
        """How many there are in all, and each row's handle and asset; None for one in the trash.

        The page becomes nouns at once, for its elements take ten times their memory.
        """
        reply = self._calls.read(
            "searchAssets",
            **asked,
            recordsPerPage=PAGE_ROWS,
            resultsPage=number,
            sortBy="Name",
            sortDirection="Ascending",
            responseFieldArray={"items": ["totalRows", *self._fields]},
        )
        page = [
            (item.needed("assetHandle"), _asset(item) if _in_use(item) else None)
            for item in reply.each("assetArray")
        ]
        return reply.integer("totalRows"), page

    @cached_property
    def _fields(self) -> tuple[str, ...]:
        """Response fields are paths below the Return element. There is no common size field, so
        each type's own Info child is named."""
        leaves = (*_OWN_FIELDS, *self._calls.messages().info_leaves(_INFO_FIELDS))
        return tuple(f"assetArray/items/{leaf}" for leaf in leaves)


def _check_page(
    number: int, total: int | None, rows: int, handles: frozenset[str], before: frozenset[str]
) -> None:
    if handles and handles <= before:
        raise IpsAnswerUnreadable(f"IPS repeats its page of assets as page {number}")
    if not handles and total is not None and rows < total:
        raise IpsAnswerUnreadable(
            f"IPS speaks of {total} assets but its pages end after {rows} of them"
        )


def _asked(
    folder: str, recursive: bool, types: tuple[str, ...], where: tuple[Condition, ...]
) -> Mapping[str, Any]:
    """What a search is about, the same for all of its pages. The modes say what is IPS's default
    anyway: all conditions, and all kinds of them, must hold."""
    asked: dict[str, Any] = {
        "folder": _folder_path(folder),
        "includeSubfolders": recursive,
        "trashState": "NotInTrash",
        "assetTypeArray": {"items": list(types)} if types else None,
    }
    if where:
        asked["conditionMatchMode"] = asked["systemFieldMatchMode"] = "MatchAll"
        asked["systemFieldConditionArray"] = {"items": [_condition(each) for each in where]}
    return asked


def _condition(condition: Condition) -> dict[str, object]:
    """A SystemFieldCondition. Texts go into ``value``, bytes into ``longVal``, moments into
    ``dateVal`` with their offset from UTC."""
    asked: dict[str, object] = {"field": condition.field.value, "op": condition.op.value}
    match condition.field:
        case ConditionField.FILE_SIZE:
            asked["longVal"] = int(condition.value)
        case ConditionField.CREATED:
            asked["dateVal"] = datetime.fromisoformat(str(condition.value))
        case _:
            asked["value"] = str(condition.value)
    return asked


def _folder_path(folder: str) -> str | None:
    """IPS's form: from the company root, with a trailing slash; None leaves the folder out."""
    path = folder.strip("/")
    return f"{path}/" if path else None


def _in_use(item: Element) -> bool:
    return item.text("trashState") in _IN_USE


def _asset(item: Element) -> Asset:
    name = item.needed("name")
    folder = item.text("folder") or ""
    if folder and not folder.endswith("/"):
        folder += "/"
    return Asset(
        handle=item.needed("assetHandle"),
        name=name,
        folder=folder,
        file_name=item.text("fileName") or name,
        version=_version(item, folder + name),
        **_of_image(item),
    )


def _of_image(item: Element) -> Mapping[str, str]:
    """What only images have, by the names of IPS, where they have it."""
    found: dict[str, str] = {}
    for info in item.ending("Info"):
        for name in _IMAGE_FIELDS:
            text = info.text(name)
            if text:
                found.setdefault(name, text)
    return found


def _version(item: Element, path: str) -> AssetVersion:
    modified = item.moment("lastModified")
    file_size, width, height = _sizes(item)
    return AssetVersion(
        path=path,
        type=item.needed("type"),
        # Whole milliseconds without floats: they go into the fingerprint.
        last_modified_ms=None if modified is None else (modified - _EPOCH) // _MILLISECOND,
        file_size=file_size,
        width=width,
        height=height,
    )


def _sizes(item: Element) -> tuple[int | None, int | None, int | None]:
    """fileSize, width and height, each from the first Info child that has it; imageInfo comes
    first on the wire, and an asset seldom has a second one."""
    file_size = width = height = None
    for info in item.ending("Info"):
        file_size = info.amount("fileSize") if file_size is None else file_size
        width = info.amount("width") if width is None else width
        height = info.amount("height") if height is None else height
    return file_size, width, height
