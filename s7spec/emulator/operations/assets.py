"""Assets by handle and by name, folders, image presets."""

from __future__ import annotations

from s7spec.emulator.catalog.model import Asset, Catalog, Company, Folder
from s7spec.emulator.operations.asset_reply import asset_reply
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.operations.search import refuse_what_is_not_built, type_tests
from s7spec.emulator.soap.writing import Reply


def get_assets(call: Call) -> Answer:
    """In the order of the handles; handles of no asset are left out."""
    company = call.company()
    refuse_what_is_not_built(call, ("accessGroupHandle",))
    handles = call.params.strings("assetHandleArray")
    found = [call.catalog.asset(handle) for handle in dict.fromkeys(handles)]
    return _assets(call, company, [asset for asset in found if asset is not None])


def get_assets_by_name(call: Call) -> Answer:
    """In the order of the names; upper and lower case differ (facts: asset IDs do)."""
    company = call.company()
    refuse_what_is_not_built(call, ("accessGroupHandle",))
    tests = list(type_tests(call.params))
    names = dict.fromkeys(call.params.strings("nameArray"))
    found = [call.catalog.by_name[name] for name in names if name in call.catalog.by_name]
    return _assets(call, company, [asset for asset in found if all(test(asset) for test in tests)])


def _assets(call: Call, company: Company, assets: list[Asset]) -> Answer:
    reply = {"assetArray": [asset_reply(asset, company) for asset in assets]}
    return Answer(reply=reply, selection=call.selection())


def get_folders(call: Call) -> Answer:
    """A flat list: the folder asked for and all below it, the company root without one."""
    company = call.company()
    refuse_what_is_not_built(call, ("accessGroupHandle",))
    catalog = call.catalog
    top = (call.params.text("folderPath") or company.root_path).strip("/") + "/"
    types = frozenset(call.params.strings("assetTypeArray"))
    folders = [folder for folder in catalog.folders if folder.path.startswith(top)]
    if types:
        holding = {asset.folder for asset in catalog.assets if asset.type in types}
        folders = [folder for folder in folders if folder.path in holding]
    newest = _newest_by_folder(catalog)
    parents = {folder.path[: folder.path[:-1].rfind("/") + 1] for folder in catalog.folders}
    return Answer(
        reply={
            "folderArray": [_folder(folder, newest, parents) for folder in folders],
            "permissionSetArray": (),
        },
        selection=call.selection(),
    )


def _newest_by_folder(catalog: Catalog) -> dict[str, Asset]:
    newest: dict[str, Asset] = {}
    for asset in catalog.assets:
        known = newest.get(asset.folder)
        if known is None or known.last_modified < asset.last_modified:
            newest[asset.folder] = asset
    return newest


def _folder(folder: Folder, newest: dict[str, Asset], parents: set[str]) -> Reply:
    child = newest.get(folder.path)
    return {
        "folderHandle": folder.handle,
        "path": folder.path,
        "lastModified": folder.last_modified,
        "childLastModified": child.last_modified if child else None,
        "hasSubfolders": folder.path in parents,
    }


def get_image_formats(call: Call) -> Answer:
    """The presets of the catalog. The prefix of their handles is our guess."""
    company = call.company()
    formats = [
        {
            "imageFormatHandle": f"i|{company.number}|{preset.number}",
            "name": preset.name,
            "urlModifier": preset.url_modifier,
        }
        for preset in call.catalog.presets
    ]
    return Answer(reply={"imageFormatArray": formats})
