"""The smallest question to each reading operation that the gateway needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s7spec.adapters.ips_soap.calls import Calls
from s7spec.ports import PortError

_NOBODY = "s7spec-check"
_PROBES: Mapping[str, Mapping[str, Any]] = {
    "searchAssets": {
        "includeSubfolders": False,
        "recordsPerPage": 1,
        "responseFieldArray": {"items": ["totalRows"]},
    },
    "getAssetsByName": {
        "nameArray": {"items": [_NOBODY]},
        "responseFieldArray": {"items": ["assetArray/items/assetHandle"]},
    },
    "getImageFormats": {},
    "getActiveJobs": {"originalName": _NOBODY},
    "getScheduledJobs": {"originalName": _NOBODY},
    "getJobLogDetails": {"originalName": _NOBODY, "recordsPerPage": 1},
    "getJobLogs": {"numRows": 1},
}


def refused_operations(calls: Calls) -> tuple[tuple[str, ...], dict[str, PortError]]:
    """The operations that answer, and those that do not with what they say instead."""
    refused: dict[str, PortError] = {}
    for operation, children in _PROBES.items():
        try:
            calls.read(operation, **children)
        except PortError as error:
            refused[operation] = error
    return tuple(name for name in _PROBES if name not in refused), refused
