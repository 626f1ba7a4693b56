"""Metadata fields, projects and properties."""

from __future__ import annotations

from s7spec.emulator.catalog.asset_types import KNOWN_TYPES
from s7spec.emulator.catalog.model import MetadataField
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.soap.faults import invalid_parameter
from s7spec.emulator.soap.writing import Reply


def get_metadata_fields(call: Call) -> Answer:
    """The fields that assets of a type have, those of all types included."""
    company = call.company()
    kind = call.params.required("assetType")
    if kind not in KNOWN_TYPES:
        raise invalid_parameter(f"assetType: there is no asset type {kind!r}")
    fields = call.catalog.fields(company.number)
    found = [_field(field) for field in fields if field.applies_to(kind)]
    return Answer(reply={"fieldArray": found})


def get_asset_metadata_fields(call: Call) -> Answer:
    """All fields, by the asset type they are defined for."""
    company = call.company()
    fields = call.catalog.fields(company.number)
    kinds = dict.fromkeys(field.asset_type for field in fields)
    groups = [
        {
            "assetType": kind,
            "fieldArray": [_field(field) for field in fields if field.asset_type == kind],
        }
        for kind in kinds
    ]
    return Answer(reply={"assetFieldsArray": groups})


def get_projects(call: Call) -> Answer:
    company = call.company()
    projects = [
        {"projectHandle": project.handle, "name": project.name}
        for project in call.catalog.projects(company.number)
    ]
    return Answer(reply={"projectArray": projects})


def get_system_properties(call: Call) -> Answer:
    properties = [{"name": name, "value": value} for name, value in call.catalog.properties]
    return Answer(reply={"propertyArray": properties})


def _field(field: MetadataField) -> Reply:
    return {
        "fieldHandle": field.handle,
        "name": field.name,
        "type": field.type,
        "defaultValue": field.default,
        "isRequired": field.is_required,
        "isUserDefined": True,
        "isHidden": field.is_hidden,
        "isEnforced": field.is_enforced,
        "initialTagValue": field.initial_tag,
    }
