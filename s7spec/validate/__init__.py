"""Documents against the schemas: typed nouns come out, or every mistake at once, in plain words."""

from s7spec.validate.manifests import check_names, read_manifest
from s7spec.validate.payloads import check_export_job, check_value
from s7spec.validate.projects import read_project
from s7spec.validate.schemas import SchemaSet

__all__ = [
    "SchemaSet",
    "check_export_job",
    "check_names",
    "check_value",
    "read_manifest",
    "read_project",
]
