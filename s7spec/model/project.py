"""``s7spec.yaml``: the environments that exports can go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from s7spec.model.guardrails import USUAL_GUARDRAILS, Guardrails
from s7spec.model.policy import OnAmbiguous
from s7spec.model.source import JsonValue, Pointer, SourceDocument

DEFAULT_QUARANTINE = 300
"""Seconds; how long IPS may take to show what it took is not documented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageServerSettings:
    """What a company has set for Image Serving (facts: Image Serving section 6).

    ``default_pix`` and ``max_pix`` are width and height in pixels, 0 where there is no limit;
    ``url`` is where published assets are, None when nobody said it. ``upscale_without_fit`` says
    whether pictures grow to ``wid`` and ``hei`` without ``fit``: the documentation says no.
    """

    url: str | None = None
    default_pix: tuple[int, int] = (1280, 1280)
    max_pix: tuple[int, int] = (5000, 5000)
    jpeg_quality: int = 80
    upscale_without_fit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where exports go.

    ``ips`` is ``embedded``, a region (``na``, ``emea``, ``apac``, each also with ``-staging``) or
    an http(s) URL. ``catalog`` and ``data`` are folders for the embedded IPS, relative to the
    project. ``proxy`` (a URL without a login) and ``ca`` (a PEM file, relative to the project) say
    how to get to IPS; None leaves it to the environment's variables. ``presets`` is the file that
    keeps the company's image presets, relative to the project; None: the usual one.
    ``quarantine_seconds`` is how long an unanswered submit may still surface on the server before
    s7spec sends it again (semantics: section 4, Q), ``on_ambiguous`` whether it does. ``vars`` lie
    over the project's own.
    """

    pointer: Pointer
    name: str
    ips: str
    company: str
    catalog: str | None = None
    data: str | None = None
    proxy: str | None = None
    ca: str | None = None
    presets: str | None = None
    guardrails: Guardrails = USUAL_GUARDRAILS
    image_server: ImageServerSettings = ImageServerSettings()
    quarantine_seconds: int = DEFAULT_QUARANTINE
    on_ambiguous: OnAmbiguous = OnAmbiguous.RETRY
    vars: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """``s7spec.yaml``. ``manifests`` are glob patterns below the project's root. ``ledger`` is a
    path relative to it, or the URL of a PostgreSQL database (``is_ledger_url``)."""

    document: SourceDocument
    environments: Mapping[str, Environment]
    default_environment: str
    manifests: tuple[str, ...] = ("*.yaml", "*.yml")
    ledger: str = ".s7spec/ledger.db"
    vars: Mapping[str, JsonValue] | None = None


def is_ledger_url(ledger: str) -> bool:
    """True when a ledger is in PostgreSQL, not in a file."""
    return ledger.startswith(("postgresql://", "postgres://"))
