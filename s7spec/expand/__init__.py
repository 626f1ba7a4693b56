"""Manifests into jobs: templates and matrices expanded, handles not there yet."""

from s7spec.expand.jobs import CheckPayload, expand

__all__ = ["CheckPayload", "expand"]
