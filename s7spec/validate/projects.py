"""The door for ``s7spec.yaml``: from a document to a ``Project``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.policy import OnAmbiguous
from s7spec.model.project import Environment, ImageServerSettings, Project
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument
from s7spec.validate.documents import check_document
from s7spec.validate.freezing import frozen_mapping
from s7spec.validate.guardrails import find_bad_guardrails, guardrails_of
from s7spec.validate.leaves import find_idle_templates, find_odd_numbers
from s7spec.validate.ledger_urls import find_bad_parameters
from s7spec.validate.mistakes import Mistake, diagnose
from s7spec.validate.paths import leaves_project
from s7spec.validate.planned import PLANNED_IN_PROJECTS
from s7spec.validate.schemas import SchemaSet
from s7spec.validate.words import choice_hint, listed, shown


def read_project(
    document: SourceDocument, schemas: SchemaSet
) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The project, or None with everything that is wrong with the document."""
    mistakes = check_document(document, "Project", schemas, _further_checks, PLANNED_IN_PROJECTS)
    if mistakes:
        return None, diagnose(document, mistakes)
    return _project(document, document.value), ()


def _further_checks(document: SourceDocument) -> Iterator[Mistake]:
    yield from find_idle_templates(document)
    yield from find_odd_numbers(document)
    value = document.value if isinstance(document.value, dict) else {}
    yield from _escaping_patterns(value.get("manifests"))
    yield from find_bad_parameters(value.get("ledger"))
    environments = value.get("environments")
    if isinstance(environments, dict) and environments:
        yield from _default(value.get("default_environment"), list(environments))
        yield from find_bad_guardrails(environments)


def _escaping_patterns(patterns: object) -> Iterator[Mistake]:
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        if not isinstance(pattern, str):
            continue
        if leaves_project(pattern):
            yield Mistake(
                rule=Rule.PATH_ESCAPES,
                pointer=("manifests", index),
                summary=f"the pattern `{shown(pattern)}` leaves the project",
                hint="write patterns relative to s7spec.yaml, with forward slashes, without `..`",
            )


def _default(default: object, environments: list[str]) -> Iterator[Mistake]:
    if default is None and len(environments) > 1:
        names = listed([f"`{name}`" for name in environments])
        yield Mistake(
            rule=Rule.MISSING_KEY,
            pointer=(),
            summary=f"`default_environment` is missing: it could be {names}",
            hint=f"add default_environment: {environments[0]}",
            missing=("default_environment",),
        )
    elif isinstance(default, str) and default not in environments:
        yield Mistake(
            rule=Rule.UNKNOWN_ENVIRONMENT,
            pointer=("default_environment",),
            summary=f"there is no environment `{shown(default)}`",
            hint=choice_hint(default, environments),
        )


def _project(document: SourceDocument, value: Any) -> Project:
    environments = {
        name: _environment(name, below, ("environments", name))
        for name, below in value["environments"].items()
    }
    given: dict[str, Any] = {key: value[key] for key in ("ledger",) if key in value}
    if "vars" in value:
        given["vars"] = frozen_mapping(value["vars"])
    if "manifests" in value:
        given["manifests"] = tuple(value["manifests"])
    return Project(
        document=document,
        environments=MappingProxyType(environments),
        default_environment=value.get("default_environment", next(iter(environments))),
        **given,
    )


def _environment(name: str, value: Mapping[str, Any], pointer: Pointer) -> Environment:
    given: dict[str, Any] = {
        key: value[key] for key in ("catalog", "data", "proxy", "ca", "presets") if key in value
    }
    if "vars" in value:
        given["vars"] = frozen_mapping(value["vars"])
    if "quarantine_seconds" in value:
        given["quarantine_seconds"] = int(value["quarantine_seconds"])
    if "on_ambiguous" in value:
        given["on_ambiguous"] = OnAmbiguous(value["on_ambiguous"])
    return Environment(
        pointer=pointer,
        name=name,
        ips=value["ips"],
        company=value["company"],
        guardrails=guardrails_of(value),
        image_server=_image_server(value.get("image_server", {})),
        **given,
    )


def _image_server(value: Mapping[str, Any]) -> ImageServerSettings:
    given: dict[str, Any] = {key: value[key] for key in _AS_THEY_ARE if key in value}
    for key in ("default_pix", "max_pix"):
        if key in value:
            width, height = value[key]
            given[key] = (int(width), int(height))
    if "jpeg_quality" in value:
        given["jpeg_quality"] = int(value["jpeg_quality"])
    return ImageServerSettings(**given)


_AS_THEY_ARE = ("url", "upscale_without_fit")
