"""An asset as the interface shows it."""

from __future__ import annotations

import uuid
from pathlib import PurePosixPath

from s7spec.emulator.catalog.asset_types import INFO_CHILD
from s7spec.emulator.catalog.model import Asset, Company
from s7spec.emulator.soap.writing import Reply


def asset_reply(asset: Asset, company: Company) -> Reply:
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
        "projects": "",
        "created": asset.created,
        "createUser": asset.create_user,
        "lastModified": asset.last_modified,
        "lastModifyUser": asset.last_modify_user,
        "metadataArray": (),
    }
    child = INFO_CHILD.get(asset.type)
    if child is not None and asset.source is not None:
        reply[child] = _storage(asset, company)
        if child == "imageInfo":
            reply[child] = {**_storage(asset, company), **_picture(asset)}
    return reply


def _storage(asset: Asset, company: Company) -> Reply:
    """originalPath and originalFile name the storage, not the user's file (facts: section 6)."""
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{company.number}/{asset.number}")
    return {
        "originalPath": f"{company.root_path}_master_/",
        "originalFile": f"{key}{PurePosixPath(asset.file_name).suffix}",
        "fileSize": asset.file_size,
    }


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
