"""searchAssets: which assets, in which order, which page of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from s7spec.emulator.catalog.model import Company, MetadataField, TrashState
from s7spec.emulator.operations import conditions
from s7spec.emulator.operations.asset_reply import asset_reply
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.soap.faults import invalid_parameter
from s7spec.emulator.soap.params import Params
from s7spec.emulator.store import clauses
from s7spec.emulator.store.assets import AssetQuery, Sort
from s7spec.emulator.store.clauses import Clause

_PAGE = 1000
_SLIM_PAGE = 10_000
_SLIM_FIELDS = (
    "totalRows",
    "assetArray/items/name",
    "assetArray/items/assetHandle",
    "assetArray/items/type",
    "assetArray/items/subType",
)
SORTS = {
    "Name": Sort.NAME,
    "Created": Sort.CREATED,
    "Modified": Sort.MODIFIED,
    "AssetType": Sort.TYPE,
    "FileSize": Sort.FILE_SIZE,
}
_PUBLISH_STATES = ("", "MarkedForPublish", "NotMarkedForPublish")


def search_assets(call: Call) -> Answer:
    """Sorted by name where nothing else is asked for; pages count from 1."""
    company, params = call.company(), call.params
    call.refuse("accessGroupHandle")
    selection = call.selection()
    size, page = page_of(params, most=_SLIM_PAGE if selection.is_within(_SLIM_FIELDS) else _PAGE)
    sort = params.choice("sortBy", tuple(SORTS), "Name")
    direction = params.choice("sortDirection", ("Ascending", "Descending"), "Ascending")
    folder, recursive = folder_of(params, company)
    found = call.catalog.store.assets.search(
        AssetQuery(
            company=company.number,
            folder=folder,
            recursive=recursive,
            conditions=clauses.every(_clauses(call, company)),
            sort=SORTS[sort],
            descending=direction == "Descending",
            size=size,
            page=page,
        )
    )
    fields = {field.handle: field for field in call.catalog.fields(company.number)}
    assets = [asset_reply(asset, company, fields) for asset in found.assets]
    return Answer(reply={"totalRows": found.total, "assetArray": assets}, selection=selection)


def _clauses(call: Call, company: Company) -> list[Clause]:
    return [
        *_filters(call.params),
        *project_filter(call, company, call.params),
        *_conditions(call, company),
    ]


def page_of(params: Params, *, most: int) -> tuple[int, int]:
    """Size and number of the page; larger pages than allowed are cut. Raises ipsApiFault 30001."""
    size, number = params.number("recordsPerPage"), params.number("resultsPage")
    if (size is not None and size < 1) or (number is not None and number < 0):
        raise invalid_parameter("recordsPerPage and resultsPage must be positive")
    return min(size or _PAGE, most), number or 1


def folder_of(params: Params, company: Company) -> tuple[str | None, bool]:
    """The folder to search and whether to go below it; None is everything in the company. Without
    a folder the company root is searched: our reading."""
    path = (params.text("folder") or company.root_path).strip("/") + "/"
    recursive = bool(params.flag("includeSubfolders"))
    return (None if recursive and path == company.root_path else path), recursive


def _filters(params: Params) -> Iterator[Clause]:
    """What holds whatever conditionMatchMode says."""
    trash = params.choice("trashState", tuple(TrashState), TrashState.NOT_IN_TRASH)
    yield Clause("trash_state = ?", (trash,))
    yield from publish_filter(params)
    yield from type_filters(params)
    yield from byproduct_filters(params)


def publish_filter(params: Params) -> Iterator[Clause]:
    state = params.choice("publishState", _PUBLISH_STATES, "")
    if state:
        yield Clause("ready_for_publish = ?", (int(state == "MarkedForPublish"),))


def type_filters(params: Params) -> Iterator[Clause]:
    """assetTypeArray, excludeAssetTypeArray and assetSubTypeArray, also of getAssetsByName."""
    wanted, unwanted = params.strings("assetTypeArray"), params.strings("excludeAssetTypeArray")
    sub_types = params.strings("assetSubTypeArray")
    if wanted:
        yield clauses.one_of("type", wanted)
    if unwanted:
        yield clauses.negated(clauses.one_of("type", unwanted))
    if sub_types:
        strict = params.flag("strictSubTypeCheck")
        yield clauses.one_of("sub_type", sub_types if strict else (*sub_types, ""))


def byproduct_filters(params: Params) -> Iterator[Clause]:
    """What an engine made out of an upload."""
    if params.flag("excludeByproducts"):
        yield Clause("generated_by = ''")
    conditions.not_too_many(params, "excludeByproductArray")
    for item in params.groups("excludeByproductArray"):
        made = Clause(
            "generated_by = ? AND type = ?",
            (item.required("engine"), item.required("generatedAssetType")),
        )
        yield clauses.negated(made)


def project_filter(call: Call, company: Company, params: Params) -> Iterator[Clause]:
    """Assets of one project. Raises ipsApiFault 30001 for one that does not exist."""
    handle = params.text("projectHandle")
    if handle:
        if all(project.handle != handle for project in call.catalog.projects(company.number)):
            raise invalid_parameter(f"projectHandle: there is no project {handle!r}")
        yield Clause("number IN (SELECT asset FROM memberships WHERE project = ?)", (handle,))


def _conditions(call: Call, company: Company) -> Iterator[Clause]:
    """Keywords, system fields, tags and metadata: each joined in its own mode, all of them in
    conditionMatchMode."""
    params = call.params
    conditions.not_too_many(params, "keywordArray", "systemFieldConditionArray")
    conditions.not_too_many(params, "tagConditionArray", "metadataConditionArray")
    groups = []
    words = params.strings("keywordArray")
    if words:
        groups.append(conditions.keywords(words))
    system = [conditions.system_field(item) for item in params.groups("systemFieldConditionArray")]
    read: tuple[tuple[str, str, Callable[[Params, MetadataField], Clause]], ...] = (
        ("tagConditionArray", "tagMatchMode", conditions.tag),
        ("metadataConditionArray", "metadataMatchMode", conditions.metadata_field),
    )
    found = [("systemFieldMatchMode", [clause for clause in system if clause is not None])]
    found += [
        (mode, [test(item, field_of(call, company, item)) for item in params.groups(name)])
        for name, mode, test in read
    ]
    for mode, tests in found:
        chosen = params.choice(mode, conditions.MATCH_MODES, "MatchAll")
        if tests:
            groups.append(conditions.matching(chosen, tests))
    chosen = params.choice("conditionMatchMode", conditions.MATCH_MODES, "MatchAll")
    if groups:
        yield conditions.matching(chosen, groups)


def field_of(call: Call, company: Company, item: Params) -> MetadataField:
    """The field that a condition's fieldHandle names. Raises ipsApiFault 30001."""
    handle = item.required("fieldHandle")
    for field in call.catalog.fields(company.number):
        if field.handle == handle:
            return field
    raise invalid_parameter(f"fieldHandle: there is no metadata field {handle!r}")
