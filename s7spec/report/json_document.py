"""What the JSON documents of this room have in common. Keys keep the order they are written in.

Everything beyond ASCII is escaped: a document prints anywhere, and nothing in it can steer a
terminal or reorder a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from s7spec.model.asset import AssetVersion
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.ledger import AssetOutcome, Lease
from s7spec.model.preset import Preset
from s7spec.model.source import SourceRange
from s7spec.report.figures import iso

FORMAT_VERSION = "1.0"
"""Grows in its last part when keys are added, in its first when a reader must be changed."""

_PIECE = 200
"""Rows in one piece of text: enough to make writing cheap, too few to need memory."""


def document(fields: Mapping[str, object]) -> str:
    """The text of a document: versioned, indented, with one line break at its end."""
    return json.dumps({"format_version": FORMAT_VERSION, **fields}, indent=2) + "\n"


def streamed(
    before: Mapping[str, object],
    name: str,
    rows: Iterable[Mapping[str, object]],
    after: Mapping[str, object] | None = None,
) -> Iterator[str]:
    """A document whose list ``name`` is never held whole: in pieces that end with a line. Each row
    stands on a line of its own, between the keys ``before`` it and ``after`` it."""
    head = json.dumps({"format_version": FORMAT_VERSION, **before})
    yield f'{head[:-1]}, "{name}": [\n'
    lines: list[str] = []
    for row in rows:
        if len(lines) > _PIECE:
            # The last one waits: whether a comma follows it is not known yet.
            yield "".join(f"{line},\n" for line in lines[:-1])
            del lines[:-1]
        lines.append(json.dumps(row))
    end = "".join(
        f", {json.dumps(key)}: {json.dumps(value)}" for key, value in (after or {}).items()
    )
    yield ",\n".join(lines) + ("\n" if lines else "") + f"]{end}}}\n"


def place_fields(where: SourceRange | None) -> dict[str, object] | None:
    """Lines and columns are 1-based, the end is exclusive; line 0 means the file as a whole."""
    if where is None:
        return None
    return {
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
    }


def key_fields(key: JobKey) -> dict[str, str]:
    return {
        "company": key.company,
        "environment": key.environment,
        "manifest": key.manifest,
        "export": key.export,
    }


def lease_fields(lease: Lease | None) -> dict[str, object] | None:
    if lease is None:
        return None
    holder = lease.holder
    return {
        "company": lease.company,
        "environment": lease.environment,
        "fence": lease.fence,
        "holder": {
            "host": holder.host,
            "pid": holder.pid,
            "user": holder.user,
            "url": holder.url,
        },
        "taken_at": iso(lease.taken_at),
        "expires_at": iso(lease.expires_at),
    }


def fingerprint_fields(fingerprint: Fingerprint) -> dict[str, object]:
    return {"data": fingerprint.data, "meta": fingerprint.meta}


def asset_fields(asset: AssetVersion) -> dict[str, object]:
    return {
        "path": asset.path,
        "type": asset.type,
        "last_modified_ms": asset.last_modified_ms,
        "file_size": asset.file_size,
        "width": asset.width,
        "height": asset.height,
    }


def outcome_fields(outcome: AssetOutcome) -> dict[str, object]:
    return {
        "kind": outcome.kind.value,
        "message": outcome.message,
        "asset": asset_fields(outcome.asset),
    }


def export_job_fields(job: ExportJob) -> dict[str, object]:
    """The payload under IPS's own names, without handles; ``preset`` is what the macro meant,
    ``presets`` what the others meant that have a say in it; ``code_version`` and ``inputs`` are the
    author's own words."""
    preset = job.preset
    return {
        "fmt": job.fmt.value,
        "is_modifier": job.is_modifier,
        "macro": job.macro,
        "preset": None if preset is None else _preset_fields(preset),
        "presets": [_preset_fields(each) for each in job.presets],
        "emailSetting": job.emailSetting.value,
        "assets": [asset_fields(asset) for asset in job.assets],
        "code_version": job.code_version,
        "inputs": dict(job.inputs),
    }


def _preset_fields(preset: Preset) -> dict[str, str]:
    return {"name": preset.name, "urlModifier": preset.urlModifier}
