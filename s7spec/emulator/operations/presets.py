"""Image presets (IPS: image formats)."""

from __future__ import annotations

from s7spec.emulator.catalog.model import Company, Preset
from s7spec.emulator.operations.call import Answer, Call
from s7spec.emulator.soap.faults import invalid_parameter


def get_image_formats(call: Call) -> Answer:
    company = call.company()
    formats = [
        {
            "imageFormatHandle": _handle(preset, company),
            "name": preset.name,
            "urlModifier": preset.url_modifier,
        }
        for preset in call.catalog.presets(company.number)
    ]
    return Answer(reply={"imageFormatArray": formats})


def save_image_format(call: Call) -> Answer:
    """Changes the preset of the handle; makes one without a handle. Names are unique, and case
    does not count, as in Image Serving."""
    company, params = call.company(), call.params
    name, handle = params.required("name").strip("$"), params.text("imageFormatHandle")
    presets = call.catalog.presets(company.number)
    changed = next((p for p in presets if handle and _handle(p, company) == handle), None)
    if handle and changed is None:
        raise invalid_parameter(f"imageFormatHandle: there is no image format {handle!r}")
    if not name:
        raise invalid_parameter("name is empty")
    for other in presets:
        if other is not changed and other.name.lower() == name.lower():
            raise invalid_parameter(f"name: there is an image format {other.name!r} already")
    saved = call.catalog.save_preset(
        Preset(
            company=company.number,
            name=name,
            url_modifier=params.text("urlModifier") or "",
            number=changed.number if changed else 0,
        )
    )
    return Answer(reply={"imageFormatHandle": _handle(saved, company)})


def _handle(preset: Preset, company: Company) -> str:
    """The prefix is our guess (facts: IPS API section 10)."""
    return f"i|{company.number}|{preset.number}"
