"""Manifests into jobs: templates and matrices expanded, handles not there yet."""

from s7spec.expand.building import CheckPayloads
from s7spec.expand.jobs import expand
from s7spec.expand.standalone import check_leaves, find_broken_leaves
from s7spec.expand.unused import find_unused

__all__ = ["CheckPayloads", "check_leaves", "expand", "find_broken_leaves", "find_unused"]
