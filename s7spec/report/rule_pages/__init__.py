"""A page for every rule: what it means, why it matters, a bad and a good example, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from s7spec.model.rules import Rule
from s7spec.report.rule_pages import (
    assets,
    documents,
    exports,
    files,
    ignores,
    ips,
    ledger,
    modifier_formats,
    modifier_language,
    modifier_order,
    modifier_sizes,
    project,
    reviews,
    templates,
)
from s7spec.report.rule_pages.page import Example, Found, RulePage, whole

__all__ = ["PAGES", "Example", "Found", "RulePage", "whole"]

_MODULES = (
    files,
    documents,
    exports,
    ignores,
    templates,
    modifier_language,
    modifier_sizes,
    modifier_formats,
    modifier_order,
    assets,
    project,
    ips,
    ledger,
    reviews,
)

PAGES: Mapping[Rule, RulePage] = MappingProxyType(
    {page.rule: page for module in _MODULES for page in module.PAGES}
)
"""In no promised order; a test holds that no rule is missing."""
