"""Samples of what a plan's jobs make of pictures, rendered here by the embedded IPS's renderer."""

from s7spec.cli.pictures.sheet import contact_sheet

__all__ = ["contact_sheet"]
