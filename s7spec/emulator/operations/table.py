"""Which operation is done by which function."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from s7spec.emulator.operations import (
    accounts,
    assets,
    folders,
    job_control,
    job_lists,
    job_logs,
    job_submission,
    metadata,
    metadata_search,
    presets,
    search,
)
from s7spec.emulator.operations.call import Answer, Call

Operation = Callable[[Call], Answer]

JOB_WATCHING = frozenset(
    (
        *("getActiveJobs", "getScheduledJobs", "getJobLogs", "getJobLogDetails", "getAssetJobLogs"),
        *("submitJob", "executeJob", "stopJob", "pauseJob", "resumeJob", "deleteJob"),
    )
)
"""Operations that need no assets: they go on while somebody is at work on the catalog."""

_SLOW = frozenset(
    (
        *("searchAssets", "searchAssetsByMetadata", "getAssets", "getAssetsByName"),
        *("getAssetCounts", "getOriginalFilePaths", "getFolders", "getFolderTree"),
        *("getZipEntries", "getScheduledJobs", "getJobLogs", "getAssetJobLogs"),
    )
)
_SLOW_AT_TIMES: Mapping[str, Callable[[Call], bool]] = {
    "getActiveJobs": job_lists.has_many_active_jobs,
    "getJobLogDetails": job_logs.has_many_lines,
}


def is_slow(name: str, call: Call) -> bool:
    """Whether the operation may read a great many rows, or files: to answer it aside costs more
    than an ordinary answer does."""
    at_times = _SLOW_AT_TIMES.get(name)
    return name in _SLOW if at_times is None else at_times(call)


OPERATIONS: Mapping[str, Operation] = {
    "checkLogin": accounts.check_login,
    "getCompanyInfo": accounts.get_company_info,
    "getCompanyMembership": accounts.get_company_membership,
    "getUserInfo": accounts.get_user_info,
    "searchAssets": search.search_assets,
    "getAssets": assets.get_assets,
    "getAssetsByName": assets.get_assets_by_name,
    "getAssetCounts": assets.get_asset_counts,
    "getOriginalFilePaths": assets.get_original_file_paths,
    "getZipEntries": assets.get_zip_entries,
    "deleteAsset": assets.delete_asset,
    "moveAsset": assets.move_asset,
    "searchAssetsByMetadata": metadata_search.search_assets_by_metadata,
    "getFolders": folders.get_folders,
    "getFolderTree": folders.get_folder_tree,
    "getImageFormats": presets.get_image_formats,
    "saveImageFormat": presets.save_image_format,
    "getMetadataFields": metadata.get_metadata_fields,
    "getAssetMetadataFields": metadata.get_asset_metadata_fields,
    "getProjects": metadata.get_projects,
    "getSystemProperties": metadata.get_system_properties,
    "submitJob": job_submission.submit_job,
    "executeJob": job_control.execute_job,
    "stopJob": job_control.stop_job,
    "pauseJob": job_control.pause_job,
    "resumeJob": job_control.resume_job,
    "deleteJob": job_control.delete_job,
    "getActiveJobs": job_lists.get_active_jobs,
    "getScheduledJobs": job_lists.get_scheduled_jobs,
    "getJobLogs": job_logs.get_job_logs,
    "getJobLogDetails": job_logs.get_job_log_details,
    "getAssetJobLogs": job_logs.get_asset_job_logs,
}
