"""Files into documents: YAML 1.2 text with places, and nothing that YAML could smuggle in."""

from s7spec.load.finding import find_manifests, find_project
from s7spec.load.findings import PROJECT_FILE
from s7spec.load.reading import MAX_BYTES, load_file
from s7spec.load.texts import Loaded, load_text

__all__ = [
    "MAX_BYTES",
    "PROJECT_FILE",
    "Loaded",
    "find_manifests",
    "find_project",
    "load_file",
    "load_text",
]
