"""searchAssets: which assets, in which order, which page of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from s7spec.emulator.catalog.model import Asset
from s7spec.emulator.operations.asset_reply import asset_reply
from s7spec.emulator.operations.call import Answer, Call, not_built
from s7spec.emulator.operations.conditions import Test, system_field_test
from s7spec.emulator.soap.faults import invalid_parameter
from s7spec.emulator.soap.params import Params

_PAGE = 1000
_SLIM_PAGE = 10_000
_SLIM_FIELDS = (
    "totalRows",
    "assetArray/items/name",
    "assetArray/items/assetHandle",
    "assetArray/items/type",
    "assetArray/items/subType",
)
_MATCH_MODES = ("MatchAll", "MatchAny")
_SORT_KEYS: dict[str, Callable[[Asset], tuple[object, ...]]] = {
    "Name": lambda asset: (asset.name,),
    "Created": lambda asset: (asset.created, asset.name),
    "Modified": lambda asset: (asset.last_modified, asset.name),
    "AssetType": lambda asset: (asset.type, asset.name),
    "FileSize": lambda asset: (asset.file_size, asset.name),
}
_NOT_BUILT = (
    "accessGroupHandle",
    "keywordArray",
    "tagConditionArray",
    "metadataConditionArray",
    "projectHandle",
)


def search_assets(call: Call) -> Answer:
    company = call.company()
    refuse_what_is_not_built(call, _NOT_BUILT)
    selection = call.selection()
    size, number = _page(call.params, slim=selection.is_within(_SLIM_FIELDS))
    tests = list(_tests(call.params, company.root_path))
    found = [asset for asset in call.catalog.assets if all(test(asset) for test in tests)]
    sort_by = call.params.choice("sortBy", tuple(_SORT_KEYS), "Name")
    direction = call.params.choice("sortDirection", ("Ascending", "Descending"), "Ascending")
    if (sort_by, direction) != ("Name", "Ascending"):
        found.sort(key=_SORT_KEYS[sort_by], reverse=direction == "Descending")
    page = found[(number - 1) * size : number * size]
    return Answer(
        reply={
            "totalRows": len(found),
            "assetArray": [asset_reply(asset, company) for asset in page],
        },
        selection=selection,
    )


def refuse_what_is_not_built(call: Call, names: tuple[str, ...]) -> None:
    """Ignoring a filter would answer with assets that the caller did not ask for."""
    for name in names:
        group = call.params.group(name)
        if group is not None and (group.names() or call.params.text(name)):
            raise not_built(name)
    call.user("accessUserHandle")


def _page(params: Params, *, slim: bool) -> tuple[int, int]:
    most = _SLIM_PAGE if slim else _PAGE
    size, number = params.number("recordsPerPage"), params.number("resultsPage")
    if (size is not None and size < 1) or (number is not None and number < 0):
        raise invalid_parameter("recordsPerPage and resultsPage must be positive")
    return min(size or _PAGE, most), number or 1


def _tests(params: Params, root: str) -> Iterator[Test]:
    params.choice("conditionMatchMode", _MATCH_MODES, "MatchAll")
    yield _folder_test(params, root)
    yield from _state_tests(params)
    yield from type_tests(params)
    conditions = [system_field_test(item) for item in params.groups("systemFieldConditionArray")]
    mode = params.choice("systemFieldMatchMode", _MATCH_MODES, "MatchAll")
    if conditions:
        combine = all if mode == "MatchAll" else any
        yield lambda asset: combine(test(asset) for test in conditions)


def _folder_test(params: Params, root: str) -> Test:
    """Without a folder the company root is searched: our reading."""
    path = (params.text("folder") or root).strip("/") + "/"
    if params.flag("includeSubfolders"):
        return lambda asset: asset.folder.startswith(path)
    return lambda asset: asset.folder == path


def _state_tests(params: Params) -> Iterator[Test]:
    publish = params.choice("publishState", ("", "MarkedForPublish", "NotMarkedForPublish"), "")
    if publish:
        yield lambda asset: asset.ready_for_publish is (publish == "MarkedForPublish")
    states = ("NotInTrash", "InTrash", "InEmptiedTrash")
    trash = params.choice("trashState", states, "NotInTrash")
    yield lambda asset: asset.trash_state == trash


def type_tests(params: Params) -> Iterator[Test]:
    """assetTypeArray, excludeAssetTypeArray and assetSubTypeArray, also of getAssetsByName."""
    wanted = frozenset(params.strings("assetTypeArray"))
    unwanted = frozenset(params.strings("excludeAssetTypeArray"))
    sub_types = frozenset(params.strings("assetSubTypeArray"))
    if wanted:
        yield lambda asset: asset.type in wanted
    if unwanted:
        yield lambda asset: asset.type not in unwanted
    if sub_types:
        allowed = sub_types if params.flag("strictSubTypeCheck") else sub_types | {""}
        yield lambda asset: asset.sub_type in allowed
