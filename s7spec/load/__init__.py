"""Files into documents: YAML 1.2 text with places, and nothing that YAML could smuggle in."""

from s7spec.load.data import LoadedData, load_data
from s7spec.load.finding import find_manifests, find_project
from s7spec.load.findings import PROJECT_FILE
from s7spec.load.formatting import Formatted, find_texts, format_file
from s7spec.load.ignores import read_ignores
from s7spec.load.reading import MAX_BYTES, load_file
from s7spec.load.references import Refusal, load_library, resolve_reference
from s7spec.load.texts import Loaded, load_text

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
