"""Files into documents: YAML 1.2 text with places, and nothing that YAML could smuggle in.

Formatting, data files and libraries are loaded when somebody asks for them: most manifests do
without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from s7spec.load.finding import find_manifests, find_project
from s7spec.load.findings import PROJECT_FILE
from s7spec.load.ignores import read_ignores
from s7spec.load.reading import MAX_BYTES, load_file
from s7spec.load.texts import Loaded, load_text

if TYPE_CHECKING:
    from s7spec.load.data import LoadedData, load_data
    from s7spec.load.formatting import Formatted, find_texts, format_file
    from s7spec.load.references import Refusal, load_library, resolve_reference

__all__ = [
    "MAX_BYTES",
    "PROJECT_FILE",
    "Formatted",
    "Loaded",
    "LoadedData",
    "Refusal",
    "find_manifests",
    "find_project",
    "find_texts",
    "format_file",
    "load_data",
    "load_file",
    "load_library",
    "load_text",
    "read_ignores",
    "resolve_reference",
]

_MODULES = {
    **dict.fromkeys(("LoadedData", "load_data"), "data"),
    **dict.fromkeys(("Formatted", "find_texts", "format_file"), "formatting"),
    **dict.fromkeys(("Refusal", "load_library", "resolve_reference"), "references"),
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
