"""Findings as JUnit XML: one test case per file, failed when the file has an error."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from s7spec.model.diagnostics import Diagnostic, Severity
from s7spec.report.figures import count
from s7spec.report.human_diagnostics import diagnostics_text
from s7spec.report.view import View
from s7spec.report.visible import visible

_PROJECT = "(project)"
_VIEW = View(width=100)


def diagnostics_junit(findings: Sequence[Diagnostic], files: Sequence[str]) -> str:
    """A case for each of ``files``, then for what findings name besides; findings that belong to
    no file stand under ``(project)``. Warnings do not fail a case, they are in its output."""
    by_file: dict[str, list[Diagnostic]] = {path: [] for path in files}
    for finding in findings:
        path = finding.where.path if finding.where is not None else _PROJECT
        by_file.setdefault(path, []).append(finding)
    failures = sum(1 for members in by_file.values() if _errors(members))
    counts = {"tests": str(len(by_file)), "failures": str(failures), "errors": "0", "time": "0"}
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(
        suites, "testsuite", {"name": "s7spec validate", **counts, "skipped": "0"}
    )
    for path, members in by_file.items():
        _add_case(suite, path, members)
    ET.indent(suites)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{_text(suites)}\n"


def _add_case(suite: ET.Element, path: str, findings: Sequence[Diagnostic]) -> None:
    name = visible(path)
    attributes = {"classname": "s7spec.validate", "name": name, "time": "0"}
    case = ET.SubElement(suite, "testcase", attributes)
    errors = _errors(findings)
    warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
    if errors:
        more = f" (and {count(len(errors) - 1, 'more error')})" if len(errors) > 1 else ""
        attributes = {"message": visible(errors[0].summary + more), "type": errors[0].rule.id}
        failure = ET.SubElement(case, "failure", attributes)
        failure.text = diagnostics_text(errors, _VIEW)
    if warnings:
        ET.SubElement(case, "system-out").text = diagnostics_text(warnings, _VIEW)


def _errors(findings: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _text(root: ET.Element) -> str:
    return ET.tostring(root, encoding="unicode")
