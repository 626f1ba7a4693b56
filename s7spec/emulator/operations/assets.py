"""Single assets: by handle and by name, counts, files, moving and deleting them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

from s7spec.emulator.catalog.model import Asset, Company, TrashState
from s7spec.emulator.operations.asset_reply import asset_reply, storage
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.operations.search import type_filters
from s7spec.emulator.soap.faults import FaultCode, IpsFault, invalid_parameter
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store import clauses
from s7spec.emulator.store.clauses import Clause


def get_assets(call: Call) -> Answer:
    """In the order of the handles; handles of no asset are left out."""
    company = call.company()
    call.refuse("accessGroupHandle")
    handles = dict.fromkeys(call.params.strings("assetHandleArray"))
    known = call.catalog.store.assets.by_handles(company.number, handles)
    return _assets(call, company, [known[handle] for handle in handles if handle in known])


def get_assets_by_name(call: Call) -> Answer:
    """In the order of the names; upper and lower case differ (facts: asset IDs do)."""
    company = call.company()
    call.refuse("accessGroupHandle")
    conditions = clauses.every(list(type_filters(call.params)))
    names = call.params.strings("nameArray")
    return _assets(
        call, company, call.catalog.store.assets.by_names(company.number, names, conditions)
    )


def _assets(call: Call, company: Company, assets: Sequence[Asset]) -> Answer:
    fields = {field.handle: field for field in call.catalog.fields(company.number)}
    reply = {"assetArray": [asset_reply(asset, company, fields) for asset in assets]}
    return Answer(reply=reply, selection=call.selection())


def get_asset_counts(call: Call) -> Answer:
    """By type, without what is in the trash."""
    company = call.company()
    in_use = Clause("trash_state = ?", (TrashState.NOT_IN_TRASH,))
    counts = call.catalog.store.assets.count_by_type(company.number, in_use)
    items = [{"assetType": kind, "count": count} for kind, count in counts.items()]
    return Answer(reply={"countArray": items})


def get_original_file_paths(call: Call) -> Answer:
    """In the order of the handles. Raises ipsApiFault 30001 for an unknown one."""
    company = call.company()
    handles = call.params.strings("assetHandleArray")
    known = call.catalog.store.assets.by_handles(company.number, handles)
    paths = []
    for handle in handles:
        asset = known.get(handle)
        if asset is None:
            raise _no_asset(handle)
        paths.append("".join(storage(asset, company)) if asset.file_name else "")
    return Answer(reply={"originalFileArray": paths})


def get_zip_entries(call: Call) -> Answer:
    """What is in an asset of type Zip. Raises ipsApiFault 30001 for other types, 30000 for a file
    that is no ZIP."""
    asset = _asset(call, call.company())
    if asset.type != "Zip" or asset.source is None:
        raise invalid_parameter(f"assetHandle: {asset.name!r} is no ZIP file")
    try:
        with zipfile.ZipFile(asset.source) as archive:
            entries = [_zip_entry(info) for info in archive.infolist()]
    except (OSError, zipfile.BadZipFile) as error:
        reason = f"{asset.file_name} cannot be read: {error}"
        raise IpsFault(FaultCode.EXCEPTION, reason) from error
    return Answer(reply={"zipArray": entries})


def _zip_entry(info: zipfile.ZipInfo) -> Reply:
    try:
        # ZIP files tell no zone: read as that of the server.
        modified = datetime(*info.date_time).astimezone(UTC)
    except ValueError:
        modified = datetime(1980, 1, 1, tzinfo=UTC)
    return {
        "name": info.filename,
        "isDirectory": info.is_dir(),
        "lastModified": modified,
        "compressedSize": info.compress_size,
        "uncompressedSize": info.file_size,
    }


def delete_asset(call: Call) -> Answer:
    """From this server's company; the file in the catalog folder stays."""
    asset = _asset(call, call.company())
    if not call.catalog.store.delete(asset):
        raise _no_asset(asset.handle)
    return Answer()


def move_asset(call: Call) -> Answer:
    """Into an existing folder of the company; the file in the catalog folder stays."""
    company = call.company()
    asset = _asset(call, company)
    path = call.params.required("folderHandle").removeprefix("f|")
    if not call.catalog.store.folders(company.number, Clause("path = ?", (path,))):
        raise invalid_parameter(f"folderHandle: there is no folder {path!r}")
    if not call.catalog.store.move(asset, path):
        raise _no_asset(asset.handle)
    return Answer()


def _asset(call: Call, company: Company) -> Asset:
    handle = call.params.required("assetHandle")
    asset = call.catalog.asset(company.number, handle)
    if asset is None:
        raise _no_asset(handle)
    return asset


def _no_asset(handle: str) -> IpsFault:
    return invalid_parameter(f"there is no asset {handle!r}")
