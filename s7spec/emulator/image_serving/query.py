"""The query of a preview: what is asked (``req=``), and the modifier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from s7spec.emulator.image_serving.refusal import Refused
from s7spec.emulator.render.modifier import MAX_LENGTH, split_modifiers

_HANDLER = re.compile(r"[A-Za-z0-9]{1,100}")


class Wanted(StrEnum):
    """The values of ``req`` that are built."""

    IMG = "img"
    PROPS = "props"
    IMAGEPROPS = "imageprops"
    EXISTS = "exists"


class Form(StrEnum):
    """How properties are written."""

    TEXT = "text"
    JAVASCRIPT = "javascript"
    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """``modifier`` is the query without ``req`` and what belongs to it. ``request_id`` and
    ``handler`` are for the JSON form: it calls the handler."""

    wanted: Wanted = Wanted.IMG
    form: Form = Form.TEXT
    modifier: str = ""
    request_id: str = ""
    handler: str = "s7jsonResponse"


def read_query(text: str) -> Query:
    """Raises Refused, or RenderError for what is no modifier string."""
    if len(text) > MAX_LENGTH:
        reason = f"the query is longer than {MAX_LENGTH} characters"
        raise Refused(reason, HTTPStatus.REQUEST_URI_TOO_LONG)
    if not text.isascii():
        raise Refused("the query must be percent-encoded", HTTPStatus.BAD_REQUEST)
    kept: list[str] = []
    given = {"req": Wanted.IMG.value, "id": "", "handler": ""}
    for part in split_modifiers(text):
        name, _, value = part.partition("=")
        if name.lower() in given:
            given[name.lower()] = value
        else:
            kept.append(part)
    wanted, form = _wanted(given["req"])
    if given["handler"] and not _HANDLER.fullmatch(given["handler"]):
        raise Refused("handler may only have letters and digits")
    return Query(
        wanted=wanted,
        form=form,
        modifier="&".join(kept),
        request_id=given["id"],
        handler=given["handler"] or "s7jsonResponse",
    )


def _wanted(value: str) -> tuple[Wanted, Form]:
    name, _, form = value.replace("%2C", ",").replace("%2c", ",").partition(",")
    try:
        return Wanted(name), Form(form or Form.TEXT)
    except ValueError:
        known = ", ".join(Wanted)
        shown = value[:60]
        raise Refused(
            f"req={shown} is not built in the embedded IPS; there are {known}, and for properties"
            f" the forms {', '.join(Form)}"
        ) from None
