"""Documents against the schemas: typed nouns come out, or every mistake at once, in plain words."""

from s7spec.validate.arguments import argument_problem, check_arguments
from s7spec.validate.documents import is_template_document
from s7spec.validate.manifests import NameRegister, check_environments, read_manifest
from s7spec.validate.payloads import check_export_job, check_value
from s7spec.validate.projects import read_project
from s7spec.validate.schemas import SchemaSet
from s7spec.validate.templates import outline_of, read_template

__all__ = [
    "NameRegister",
    "SchemaSet",
    "argument_problem",
    "check_arguments",
    "check_environments",
    "check_export_job",
    "check_value",
    "is_template_document",
    "outline_of",
    "read_manifest",
    "read_project",
    "read_template",
]
