"""Which roles may call which operation.

Source: the section "Authorized User Types" on the documentation page of each operation. The pages
are followed to the letter, odd as they are in places (a TrialSiteAdmin may submit jobs and not read
their log details), but for three decisions of ours:

- IpsAdmin overrides nothing here: it stands on all 32 pages, once misspelt as ``IspAdmin``
  (getImageFormats), which we read as IpsAdmin.
- IpsCompanyAdmin is missing on four pages (getCompanyInfo, submitJob, executeJob, getProjects),
  each of which lists IpsUser. We take that for an oversight: whatever a user of a company may do,
  its administrator may do.
- WebServiceUser stands on no page and so may call nothing that is listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from s7spec.emulator.catalog.model import User
from s7spec.emulator.soap.faults import FaultCode, IpsFault

_STAFF = frozenset(("IpsUser", "IpsAdmin", "IpsCompanyAdmin"))
_TRIAL = frozenset(("TrialSiteAdmin", "TrialSiteUser"))
_CONTRIBUTORS = frozenset(("ImagePortalContrib", "ImagePortalContribUser"))
_PORTAL_ADMIN = frozenset(("ImagePortalAdmin",))
_PORTAL_USER = frozenset(("ImagePortalUser",))
_COMPANY_ADMIN = frozenset(("IpsCompanyAdmin",))

_EDITORS = _STAFF | _PORTAL_ADMIN | _CONTRIBUTORS
_PORTAL = _EDITORS | _PORTAL_USER
_WORKERS = _EDITORS | _TRIAL
_ALL = _PORTAL | _TRIAL

DOCUMENTED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "checkLogin": _ALL,
        "getCompanyInfo": _ALL - _COMPANY_ADMIN,
        "getCompanyMembership": _ALL,
        "getUserInfo": _ALL,
        "submitJob": _WORKERS - _COMPANY_ADMIN,
        "executeJob": _WORKERS - _COMPANY_ADMIN,
        "stopJob": _WORKERS,
        "pauseJob": _WORKERS,
        "resumeJob": _WORKERS,
        "deleteJob": _WORKERS,
        "getActiveJobs": _WORKERS,
        "getScheduledJobs": _WORKERS,
        "getJobLogs": _ALL,
        "getJobLogDetails": _ALL - {"TrialSiteAdmin"},
        "getAssetJobLogs": _ALL,
        "searchAssets": _ALL,
        "searchAssetsByMetadata": _PORTAL,
        "getAssets": _ALL,
        "getAssetsByName": _WORKERS,
        "getAssetCounts": _ALL,
        "getFolders": _ALL,
        "getFolderTree": _STAFF | _TRIAL | _CONTRIBUTORS,
        "getImageFormats": _PORTAL,
        "saveImageFormat": _STAFF | _PORTAL_ADMIN,
        "getMetadataFields": _PORTAL,
        "getAssetMetadataFields": _PORTAL,
        "getOriginalFilePaths": _STAFF | _TRIAL | _CONTRIBUTORS,
        "getProjects": (_STAFF - _COMPANY_ADMIN) | _TRIAL | _CONTRIBUTORS,
        "getSystemProperties": _ALL,
        "getZipEntries": _ALL,
        "deleteAsset": _EDITORS,
        "moveAsset": _EDITORS,
    }
)
"""Operation -> roles, as the pages have it."""


def role_of(caller: User, company_handle: str | None) -> str:
    """The role in which somebody calls: that in the company, or in the first one of the caller.

    An IpsAdmin is one everywhere. Whether the company is open to the caller is not asked here.
    """
    if caller.is_ips_admin:
        return "IpsAdmin"
    fitting = (one.role for one in caller.memberships if f"c|{one.company}" == company_handle)
    return next(fitting, caller.memberships[0].role)


def authorise(operation: str, role: str) -> None:
    """Let the role call the operation. Raises IpsFault 20003.

    An operation without a page may be called by everybody.
    """
    roles = DOCUMENTED.get(operation)
    if roles is None or role in roles:
        return
    if role in _COMPANY_ADMIN and "IpsUser" in roles:
        return
    reason = f"a user with the role {role} has no permission for the operation {operation}"
    raise IpsFault(FaultCode.NO_OPERATION_PERMISSION, reason)
