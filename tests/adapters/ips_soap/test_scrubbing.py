"""No way to write the password gets out."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from html import escape as html_escape
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape as xml_escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap.scrubbing import Scrub

USER = "demo@example.com"
WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "XML": xml_escape,
    "XML twice": lambda text: xml_escape(xml_escape(text)),
    "HTML": html_escape,
    "HTML twice": lambda text: html_escape(html_escape(text)),
    "numbers": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "numbers in hexadecimal": lambda text: "".join(f"&#x{ord(each):X};" for each in text),
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in Unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "Basic": lambda text: b64encode(f"{USER}:{text}".encode()).decode(),
    "half": lambda text: xml_escape(text[: len(text) // 2]) + text[len(text) // 2 :],
}


def scrub(password: str) -> Scrub:
    return Scrub(Credentials(user=USER, password=password))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "password", ['Sup3rS3cret-<&"%>x', "a b+c/é\\\"'", "p~", "&amp;lt;", "日本😀", "x" * 200]
)
def test_however_it_is_written(way: str, password: str) -> None:
    written = WAYS[way](password)
    assert scrub(password)(f"<p>{written}</p>") == "<p>***</p>"


@given(st.text(st.characters(codec="utf-8", min_codepoint=33), min_size=3, max_size=12))
def test_whatever_it_is(password: str) -> None:
    for way, write in WAYS.items():
        assert password not in scrub(password)(f"\n{write(password)}\n"), way
        assert "***" in scrub(password)(f"\n{write(password)}\n"), way


def test_names_that_hold_a_short_password_stay() -> None:
    assert scrub("demo")(f"{USER} may not; demo is wrong") == f"{USER} may not; *** is wrong"
    assert scrub("s7")("job s7-shop-1 by s7", "s7-shop-1") == "job s7-shop-1 by ***"
    assert scrub("")("anything") == "anything"
