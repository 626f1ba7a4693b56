"""Sorts the names that IPS lists: ours, like ours, not ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from s7spec.model.ips import JobPhase, KnownJob
from s7spec.model.job import JobKey, name_prefix, split_attempt_name
from s7spec.model.rebuilt import FoundName

_STEM = re.compile(r"(?P<prefix>s7-.+-[0-9a-f]{8}-)(?P<content>[0-9a-f]{8})")
_PHASES = (JobPhase.ACTIVE, JobPhase.SCHEDULED, JobPhase.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedNames:
    """Each name once, in the order of the names."""

    ours: tuple[FoundName, ...]
    undeclared: tuple[FoundName, ...]
    foreign: int


def sort_names(
    listed: Iterable[KnownJob],
    keys: Iterable[JobKey],
    adopted: Mapping[JobKey, str],
    former: Mapping[JobKey, tuple[JobKey, ...]],
) -> SortedNames:
    """``keys`` are the declared jobs, ``adopted`` the names that manifests call theirs, ``former``
    the keys that jobs had before."""
    owners = {name_prefix(before): key for key, keys in former.items() for before in keys}
    owners |= {name_prefix(key): key for key in keys}
    declared = {name: key for key, name in adopted.items()}
    ours: list[FoundName] = []
    undeclared: list[FoundName] = []
    foreign = 0
    for found in _each_once(listed):
        stem = _STEM.fullmatch(split_attempt_name(found.name)[0])
        owner = declared.get(found.name) or (owners.get(stem["prefix"]) if stem else None)
        if owner is not None:
            ours.append(replace(found, key=owner))
        elif stem is not None:
            undeclared.append(found)
        else:
            foreign += 1
    return SortedNames(ours=tuple(ours), undeclared=tuple(undeclared), foreign=foreign)


def _each_once(listed: Iterable[KnownJob]) -> Iterator[FoundName]:
    by_name: dict[str, list[KnownJob]] = {}
    for job in listed:
        by_name.setdefault(job.originalName, []).append(job)
    for name, jobs in sorted(by_name.items()):
        # What is at work says most about all of them.
        foremost = min(jobs, key=lambda job: _PHASES.index(job.phase))
        yield FoundName(
            name=name,
            key=None,
            phase=foremost.phase,
            startDate=foremost.startDate,
            copies=len(jobs),
        )
