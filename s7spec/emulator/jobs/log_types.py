"""Constants of export job logs.

The first group was observed on the real service (facts: IPS API section 9). The real names for
everything that goes wrong are not public: the second group is our guess by analogy.
"""

from __future__ import annotations

BEGIN_EXPORT_JOB = "BeginExportJob"
FILE_SUCCESS = "ExportJobRenderFileSuccess"
ZIP_SUCCESS = "ZipFileExportJobSuccess"
RENDERED_FILE = "ExportJobRenderedFile"
ZIP = "ExportJobZip"

FILE_ERROR = "ExportJobRenderFileError"
FILE_WARNING = "ExportJobRenderFileWarning"
ZIP_ERROR = "ZipFileExportJobError"
STOPPED = "ExportJobStopped"
FATAL_ERROR = "FatalError"
JOB_WARNING = "ExportJobWarning"
JOB_TYPE = "ExportJob"
TASK_TYPE = "ExportJob"
