"""Writing the finished view as a file that says it is emulated."""

from __future__ import annotations

from s7spec.emulator.render.encode.encoders import encode
from s7spec.emulator.render.encode.metadata import Metadata

__all__ = ["Metadata", "encode"]
