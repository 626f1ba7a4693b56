"""Paths in manifests: relative to the project's folder, and never out of it."""

from __future__ import annotations

from pathlib import PurePosixPath


def leaves_project(path: str) -> bool:
    """True for paths that do not stay below the folder they are relative to, on any system."""
    has_drive = "\\" in path or path[1:2] == ":"
    is_absolute = path.startswith(("/", "~"))
    return is_absolute or has_drive or ".." in PurePosixPath(path).parts
