"""Properties in the four documented forms of reply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from s7spec.emulator.image_serving.query import Form, Query

_TYPES: Mapping[Form, str] = {
    Form.TEXT: "text/plain; charset=UTF-8",
    Form.JAVASCRIPT: "text/javascript; charset=UTF-8",
    Form.XML: "text/xml; charset=UTF-8",
    Form.JSON: "text/javascript; charset=UTF-8",
}
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def write_properties(properties: Mapping[str, str], query: Query) -> tuple[str, bytes]:
    """Content-Type and body. Names look like ``image.width``."""
    match query.form:
        case Form.TEXT:
            text = _text(properties)
        case Form.JAVASCRIPT:
            text = _javascript(properties)
        case Form.XML:
            text = _xml(properties)
        case Form.JSON:
            inner = json.dumps(dict(properties), ensure_ascii=True, indent=1)
            # What browsers run must not be able to end a script element.
            inner = inner.replace("<", "\\u003c")
            identifier = json.dumps(query.request_id).replace("<", "\\u003c")
            text = f"/*jsonp*/{query.handler}({inner},{identifier});"
    return _TYPES[query.form], text.encode()


def _text(properties: Mapping[str, str]) -> str:
    moment = datetime.now(UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    lines = [f"{name}={value.translate(_ESCAPES)}" for name, value in properties.items()]
    return "\n".join(["#S7Z OK", f"#{moment}", *lines, ""])


def _javascript(properties: Mapping[str, str]) -> str:
    lines = [
        f"{name}='{value.translate(_ESCAPES).replace(chr(39), chr(39) * 2)}'"
        for name, value in properties.items()
    ]
    return "\n".join([*lines, ""])


def _xml(properties: Mapping[str, str]) -> str:
    groups: dict[str, list[str]] = {}
    for name, value in properties.items():
        group, _, own = name.rpartition(".")
        line = f"  <property name={quoteattr(own)} value={quoteattr(value)} />"
        groups.setdefault(group, []).append(line)
    inner = [
        "\n".join([f" <prop-group name={quoteattr(group)}>", *lines, " </prop-group>"])
        for group, lines in groups.items()
    ]
    head = '<?xml version="1.0" encoding="UTF-8" ?>'
    return "\n".join([head, "<prop-group>", *inner, "</prop-group>", ""])
