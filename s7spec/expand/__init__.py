"""Manifests into jobs: templates and matrices expanded, handles not there yet."""

from s7spec.expand.building import CheckPayloads
from s7spec.expand.jobs import expand
from s7spec.expand.unused import find_unused

__all__ = ["CheckPayloads", "expand", "find_unused"]
