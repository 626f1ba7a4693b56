"""searchAssetsByMetadata, which has names of its own for fields (facts: IPS API section 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from s7spec.emulator.catalog.model import Asset, Company, TrashState
from s7spec.emulator.operations import conditions
from s7spec.emulator.operations.call import Answer, Call, not_built
from s7spec.emulator.operations.search import (
    SORTS,
    byproduct_filters,
    folder_of,
    page_of,
    project_filter,
    publish_filter,
    type_filters,
)
from s7spec.emulator.soap.faults import invalid_parameter
from s7spec.emulator.soap.params import Params
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store import clauses
from s7spec.emulator.store.assets import AssetQuery, Sort
from s7spec.emulator.store.clauses import Clause
from s7spec.emulator.store.moments import to_ms

_PAGE = 1000
_ANY = "Any"
_TEXTS = {
    "asset_id": "CAST(number AS TEXT)",
    "name": "name",
    "folder_path": "folder",
    "type": "type",
    "file_name": "file_name",
    "description": "description",
    "comment": "comments",
    "user_data": "user_data",
    "modified_by": "last_modify_user",
    "created_by": "create_user",
}
_DATES = {"modified_at": "last_modified", "created_at": "created"}
_IGNORED = ("sku",)
_CUSTOM = "custom_attributes."
_SORTS = SORTS | {
    "name": Sort.NAME,
    "type": Sort.TYPE,
    "created_at": Sort.CREATED,
    "modified_at": Sort.MODIFIED,
}
_DATE = re.compile(r"(\w{3} \w{3} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})(?: \([\w ]+\))?")


def search_assets_by_metadata(call: Call) -> Answer:
    """Sorted by name where nothing else is asked for; pages of 1000 at most, from 1."""
    company, params = call.company(), call.params
    filters = params.group("filters")
    folder, recursive = (None, True) if filters is None else _folder(filters, company)
    tests = [*_filters(call, company, filters), _conditions(call, company)]
    size, page = page_of(params, most=_PAGE)
    direction = params.choice("sortDirection", ("Ascending", "Descending"), "Ascending")
    found = call.catalog.store.assets.search(
        AssetQuery(
            company=company.number,
            folder=folder,
            recursive=recursive,
            conditions=clauses.every(tests),
            sort=_SORTS[params.choice("sortBy", tuple(_SORTS), "Name")],
            descending=direction == "Descending",
            size=size,
            page=page,
        )
    )
    names = params.strings("responseMetadataArray")
    summaries = [_summary(call, asset, names) for asset in found.assets]
    return Answer(reply={"totalRows": found.total, "assetSummaryArray": summaries})


def _folder(filters: Params, company: Company) -> tuple[str | None, bool]:
    """Without a folder everything in the company is searched."""
    return folder_of(filters, company) if filters.text("folder") else (None, True)


def _filters(call: Call, company: Company, filters: Params | None) -> Iterator[Clause]:
    in_use = TrashState.NOT_IN_TRASH
    if filters is None:
        yield Clause("trash_state = ?", (in_use,))
        return
    trash = filters.choice("trashState", (*TrashState, _ANY), in_use)
    if trash != _ANY:
        yield Clause("trash_state = ?", (trash,))
    yield from publish_filter(filters)
    yield from type_filters(filters)
    yield from byproduct_filters(filters)
    yield from project_filter(call, company, filters)


def _conditions(call: Call, company: Company) -> Clause:
    params = call.params
    conditions.not_too_many(params, "metadataConditionArray")
    mode = params.choice("metadataConditionMatchMode", conditions.MATCH_MODES, "MatchAll")
    tests = [_condition(call, company, item) for item in params.groups("metadataConditionArray")]
    found = [test for test in tests if test is not None]
    return conditions.matching(mode, found) if found else clauses.ALWAYS


def _condition(call: Call, company: Company, item: Params) -> Clause | None:
    """None for the field that is ignored. Raises ipsApiFault 30001 or 30002."""
    name, operator = item.required("fieldHandle"), item.required("op")
    if name in _IGNORED:
        return None
    if name in _TEXTS:
        return conditions.text_test(item, operator)(_TEXTS[name])
    if name in _DATES:
        if "value" in item and operator in clauses.ORDER_OPERATORS:
            moment = _read_date(item.required("value"))
            return clauses.order(_DATES[name], operator, to_ms(moment))
        names = ("dateVal", "minDate", "maxDate")
        return conditions.amount_test(item, operator, names)(_DATES[name])
    for field in call.catalog.fields(company.number):
        if name in (field.handle, _CUSTOM + field.name):
            return conditions.metadata_field(item, field)
    if "." in name and not name.startswith(_CUSTOM):
        raise not_built(f"a condition on the XMP name {name}")
    raise invalid_parameter(f"fieldHandle: there is no metadata field {name!r}")


def _read_date(text: str) -> datetime:
    """The documented form, such as ``Fri Jul 25 2014 22:13:45 GMT-0500 (CDT)``."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        return datetime.strptime("".join(match.groups()), "%a %b %d %Y %H:%M:%S%z")
    except ValueError:
        form = "Fri Jul 25 2014 22:13:45 GMT-0500"
        raise invalid_parameter(f"value: {text!r} is not a date such as {form}") from None


def _summary(call: Call, asset: Asset, names: tuple[str, ...]) -> Reply:
    return {
        "assetHandle": asset.handle,
        "type": asset.type,
        "name": asset.name,
        "folder": asset.folder,
        "filename": asset.file_name,
        "created": asset.created,
        "createUser": asset.create_user,
        "lastModified": asset.last_modified,
        "lastModifyUser": asset.last_modify_user,
        "metadataArray": [
            {"name": name, "value": value}
            for name in names
            if (value := _value(call, asset, name)) is not None
        ],
    }


def _value(call: Call, asset: Asset, name: str) -> str | None:
    """What responseMetadataArray asks for; None for a name that means nothing."""
    values = {
        "asset_id": str(asset.number),
        "name": asset.name,
        "folder_path": asset.folder,
        "type": asset.type,
        "file_name": asset.file_name,
        "description": asset.description,
        "comment": asset.comments,
        "user_data": asset.user_data,
        "sku": "",
        "modified_at": _write_date(asset.last_modified),
        "modified_by": asset.last_modify_user,
        "created_at": _write_date(asset.created),
        "created_by": asset.create_user,
    }
    if name in values:
        return values[name]
    for field in call.catalog.fields(asset.company):
        if name in (field.handle, _CUSTOM + field.name):
            # Documented: user-defined fields come back as this text; getAssets has the values.
            if not call.quirks.metadata_in_summaries:
                return "null"
            known = {one.field: one.values for one in asset.metadata}
            return ",".join(known[field.handle]) if field.handle in known else None
    return None


def _write_date(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local:%a %b %d %Y %H:%M:%S} GMT{local:%z} ({local:%Z})"
