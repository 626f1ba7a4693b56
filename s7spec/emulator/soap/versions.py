"""What earlier versions of the interface have less and more than the newest one.

The marks are those of 2013-02-15 (facts: IPS API sections 5 and 6, ``version_differences``). Nobody
has shown us the schema of 2012-02-14: that it equals its successor is our reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NEWEST = "2014-04-03"
EARLIER = ("2013-02-15", "2012-02-14")
VERSIONS = (NEWEST, *EARLIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A child that only earlier versions have. ``type`` is a built-in one of XML Schema."""

    name: str
    type: str
    after: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How an element or a type of earlier versions differs from the newest version."""

    lacks: tuple[str, ...] = ()
    adds: tuple[Addition, ...] = ()


EARLIER_CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "getCompanyInfoParam": Change(lacks=("imsOrgId",)),
        "getActiveJobsParam": Change(lacks=("includeWaitingJobs",)),
        "ActiveJob": Change(lacks=("triggerTime",)),
        "Asset": Change(lacks=("videoCaptionInfo",)),
        "Company": Change(lacks=("imsOrgId",)),
        "JobLogDetail": Change(lacks=("dateCreated",)),
        "MetadataField": Change(lacks=("isEnforced",)),
        "ReprocessAssetsJob": Change(lacks=("unsharpMaskOptions", "excludeMasterVideoFromAVS")),
        "SearchFilter": Change(lacks=("strictSubTypeCheck",)),
        "UploadDirectoryJob": Change(
            lacks=("excludeMasterVideoFromAVS",),
            adds=(
                Addition(name="xmpTemplateId", type="string", after="xmpKeywords"),
                Addition(name="xmpTemplateOverwrites", type="boolean", after="xmpTemplateId"),
            ),
        ),
        "UploadPostJob": Change(lacks=("xmpKeywords", "excludeMasterVideoFromAVS")),
        "UploadUrlsJob": Change(lacks=("xmpKeywords", "excludeMasterVideoFromAVS")),
        "User": Change(
            lacks=("imsUserId", "isIpsAdmin"),
            adds=(Addition(name="defaultRole", type="string", after="email", required=True),),
        ),
    }
)

ABSENT_EARLIER = ("VideoCaptionInfo",)
"""Types that earlier versions do not have at all."""


def known_elsewhere(version: str) -> Mapping[str, frozenset[str]]:
    """Children of an element or type that only other versions have.

    Operations answer for all versions at once; a version leaves out what is none of its own.
    """
    if version == NEWEST:
        return {
            name: frozenset(addition.name for addition in change.adds)
            for name, change in EARLIER_CHANGES.items()
        }
    return {name: frozenset(change.lacks) for name, change in EARLIER_CHANGES.items()}
