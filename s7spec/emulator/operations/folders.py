"""Folders, as a list and as a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from s7spec.emulator.catalog.model import Company, Folder
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.soap.faults import FaultCode, IpsFault, invalid_parameter
from s7spec.emulator.soap.writing import Reply
from s7spec.emulator.store import clauses
from s7spec.emulator.store.clauses import Clause

_MOST = 100_000

Children = dict[str, list[Folder]]


def get_folders(call: Call) -> Answer:
    """A flat list: the folder asked for and all below it, the company root without one. With
    asset types: those that hold such assets."""
    company = call.company()
    call.refuse("accessGroupHandle")
    below = _below(call, company)
    children = _by_parent(below)
    holding = _holding(call, company)
    found = [folder for folder in below if holding is None or folder.path in holding]
    return Answer(
        reply={
            "folderArray": [_folder(folder, children) for folder in found],
            "permissionSetArray": (),
        },
        selection=call.selection(),
    )


def get_folder_tree(call: Call) -> Answer:
    """``depth`` 0 is the top folder alone, -1 goes all the way down. With asset types: branches
    that hold such assets."""
    company = call.company()
    call.refuse("accessGroupHandle")
    depth = call.params.number("depth") or 0
    if depth < -1:
        raise invalid_parameter("depth is negative (-1 goes all the way down)")
    below = _below(call, company)
    holding = _holding(call, company)
    if holding is not None:
        top = below[:1]
        kept = [f for f in below[1:] if any(path.startswith(f.path) for path in holding)]
        below = [*top, *kept]
    if not below:
        raise invalid_parameter(f"folderPath: there is no folder {_top(call, company)!r}")
    tree = _branch(below[0], _by_parent(below), depth)
    return Answer(reply={"folders": tree, "permissionSetArray": ()}, selection=call.selection())


def _top(call: Call, company: Company) -> str:
    return (call.params.text("folderPath") or company.root_path).strip("/") + "/"


def _below(call: Call, company: Company) -> list[Folder]:
    """The folder asked for and all below it, by path."""
    within = clauses.below("path", _top(call, company))
    found = call.catalog.store.folders(company.number, within)
    if len(found) > _MOST:
        reason = f"{len(found)} folders are more than the {_MOST} that may be asked for"
        raise IpsFault(FaultCode.EXCEPTION, reason)
    return found


def _holding(call: Call, company: Company) -> frozenset[str] | None:
    """Folders with assets of the types asked for; None when no types are."""
    types = call.params.strings("assetTypeArray")
    if not types:
        return None
    some = clauses.one_of("type", types)
    held = Clause(
        "EXISTS (SELECT 1 FROM assets WHERE assets.company = folders.company AND"  # noqa: S608
        f" assets.folder = folders.path AND {some.sql})",
        some.values,
    )
    within = clauses.every((clauses.below("path", _top(call, company)), held))
    return frozenset(f.path for f in call.catalog.store.folders(company.number, within))


def _by_parent(folders: Sequence[Folder]) -> Children:
    children: Children = defaultdict(list)
    for folder in folders:
        children[folder.path[: folder.path[:-1].rfind("/") + 1]].append(folder)
    return children


def _folder(folder: Folder, children: Children) -> dict[str, object]:
    return {
        "folderHandle": folder.handle,
        "path": folder.path,
        "lastModified": folder.last_modified,
        "childLastModified": folder.child_modified,
        "hasSubfolders": folder.path in children,
    }


def _branch(top: Folder, children: Children, depth: int) -> Reply:
    """A leaf, and a folder at the end of the depth, has no subfolderArray."""
    reply = _folder(top, children)
    if depth != 0 and top.path in children:
        reply["subfolderArray"] = [_branch(f, children, depth - 1) for f in children[top.path]]
    return reply
