"""What a page about a rule consists of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from s7spec.model.rules import Rule


class Example(StrEnum):
    """What the examples of a page are.

    A manifest or project that does not begin with ``apiVersion`` leaves out its first lines.
    """

    MANIFEST = "manifest"
    PROJECT = "project"
    CONSOLE = "console"


class Found(StrEnum):
    """Who can find it: ``validate``, only who asks IPS, or the command that meets it."""

    OFFLINE = "offline"
    IPS = "ips"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """``bad`` breaks the rule, ``good`` does not; both end with a line break."""

    rule: Rule
    meaning: str
    why: str
    bad: str
    good: str
    remedy: str
    example: Example = Example.MANIFEST
    found: Found = Found.OFFLINE


MANIFEST_HEAD = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
"""

PROJECT_HEAD = """\
apiVersion: s7spec/v1
kind: Project
"""


def whole(text: str, example: Example) -> str:
    """The example with the lines that it leaves out, as a file would have it."""
    if text.startswith("apiVersion") or example is Example.CONSOLE:
        return text
    return (MANIFEST_HEAD if example is Example.MANIFEST else PROJECT_HEAD) + text


def converting(is_modifier: str, *, macro: str | None = None) -> str:
    """A manifest with one export that is as short as can be. ``is_modifier`` is the value as YAML,
    a text in quotes or a mapping in one line."""
    lines = [
        "exports:",
        "  - id: main",
        "    assets: {names: [hero]}",
        "    fmt: convert",
        f"    is_modifier: {is_modifier}",
    ]
    if macro is not None:
        lines.append(f"    macro: {macro}")
    return "".join(f"{each}\n" for each in lines)
