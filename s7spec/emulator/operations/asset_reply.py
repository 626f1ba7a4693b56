"""An asset as the interface shows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from s7spec.emulator.catalog.asset_types import INFO_CHILD, LINK_INFO
from s7spec.emulator.catalog.model import Asset, Company, FieldType, Metadata, MetadataField
from s7spec.emulator.soap.writing import Reply

Fields = Mapping[str, MetadataField]
"""Metadata fields of a company by handle, in the order in which they are told."""


def asset_reply(asset: Asset, company: Company, fields: Fields) -> Reply:
    """All children that this server knows; empty ones as empty elements."""
    reply: dict[str, object] = {
        "assetHandle": asset.handle,
        "type": asset.type,
        "subType": asset.sub_type,
        "name": asset.name,
        "fileName": asset.file_name,
        "folder": asset.folder,
        "folderHandle": f"f|{asset.folder}",
        "readyForPublish": asset.ready_for_publish,
        "trashState": asset.trash_state,
        "projects": ",".join(asset.projects),
        "created": asset.created,
        "createUser": asset.create_user,
        "lastModified": asset.last_modified,
        "lastModifyUser": asset.last_modify_user,
        "metadataArray": _metadata(asset, fields),
    }
    child = INFO_CHILD.get(asset.type)
    if child is not None:
        info = _info(child, asset, company)
        if info is not None:
            reply[child] = info
    return reply


def _info(child: str, asset: Asset, company: Company) -> Reply | None:
    """None for what has neither a file nor anything else to tell."""
    if child == "assetSetInfo":
        return {"setDefinition": asset.set_definition}
    if child in LINK_INFO:
        return {
            "urlModifier": asset.url_modifier,
            "urlPostApplyModifier": asset.url_post_apply_modifier,
        }
    if not asset.file_name:
        return None
    if child == "maskInfo":
        path, file = storage(asset, company)
        return {"maskPath": path, "maskFile": file}
    if child == "imageInfo":
        return {**_stored(asset, company), **_picture(asset)}
    return _stored(asset, company)


def storage(asset: Asset, company: Company) -> tuple[str, str]:
    """Path and file of the storage, which are not the user's (facts: IPS API section 6)."""
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{company.number}/{asset.number}")
    return f"{company.root_path}_master_/", f"{key}{PurePosixPath(asset.file_name).suffix}"


def _stored(asset: Asset, company: Company) -> Reply:
    path, file = storage(asset, company)
    return {"originalPath": path, "originalFile": file, "fileSize": asset.file_size}


def _picture(asset: Asset) -> Reply:
    return {
        "width": asset.width,
        "height": asset.height,
        "resolution": asset.resolution,
        "description": asset.description,
        "comments": asset.comments,
        "userData": asset.user_data,
        "urlModifier": asset.url_modifier,
        "urlPostApplyModifier": asset.url_post_apply_modifier,
        "zoomTargets": (),
        "masks": (),
        "imageMaps": (),
    }


def _metadata(asset: Asset, fields: Fields) -> Sequence[Reply]:
    if not asset.metadata:
        return ()
    values = {one.field: one for one in asset.metadata}
    return [_typed(values[h], field) for h, field in fields.items() if h in values]


def _typed(one: Metadata, field: MetadataField) -> Reply:
    """The value as text, and typed in the child for the field's type."""
    text = ",".join(one.values)
    reply: dict[str, object] = {"name": field.name, "value": text}
    if field.type.is_multiple:
        reply["valueArray"] = one.values
    elif field.type.is_boolean:
        reply["boolVal"] = text == "true"
    elif field.type is FieldType.INT:
        reply["longVal"] = int(text)
    elif field.type.is_real:
        reply["doubleVal"] = float(text)
    elif field.type is FieldType.DATE:
        reply["dateVal"] = datetime.fromisoformat(text)
    return reply
