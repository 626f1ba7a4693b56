"""The names that a rule may give for the calls it is about."""

from __future__ import annotations

SOAP_OPERATIONS = (
    *("checkLogin", "deleteAsset", "deleteJob", "executeJob", "getActiveJobs", "getAssetCounts"),
    *("getAssetJobLogs", "getAssetMetadataFields", "getAssets", "getAssetsByName"),
    *("getCompanyInfo", "getCompanyMembership", "getFolderTree", "getFolders", "getImageFormats"),
    *("getJobLogDetails", "getJobLogs", "getMetadataFields", "getOriginalFilePaths"),
    *("getProjects", "getScheduledJobs", "getSystemProperties", "getUserInfo", "getZipEntries"),
    *("moveAsset", "pauseJob", "resumeJob", "saveImageFormat", "searchAssets"),
    *("searchAssetsByMetadata", "stopJob", "submitJob"),
)
"""All that the contract lists (facts: IPS API section 5)."""

ZIP_DOWNLOAD = "zipDownload"
IMAGE_PREVIEW = "imagePreview"
WSDL_DOWNLOAD = "wsdlDownload"

DOWNLOADS = (ZIP_DOWNLOAD, IMAGE_PREVIEW, WSDL_DOWNLOAD)
"""Our names for what is fetched with GET."""

EVERY_OPERATION = "*"
"""Every POST to the endpoint, even one whose operation cannot be told. Downloads are not meant."""
