"""The tables of jobs, their logs and their schedules.

Handles of assets are one text with a space between them: no handle contains one. They stand in the
last column, so that reading the others never walks over them. Times are milliseconds since 1970.
A job is New in the table until it runs: whether the coordinator has seen it is known to the
process only, and is the same for every job after a restart.
"""

_ORDER = """
  company INTEGER NOT NULL,
  original_name TEXT NOT NULL,
  submit_user TEXT NOT NULL,
  mail_to TEXT NOT NULL,
  locale TEXT,
  description TEXT,
  fmt TEXT NOT NULL,
  is_modifier TEXT,
  macro TEXT,
  email_setting TEXT NOT NULL,
  client_id TEXT,
  fate TEXT NOT NULL,
  visible INTEGER NOT NULL,
"""

JOB_VERSION = 2
JOB_TABLES = f"""
CREATE TABLE jobs (
  run_id INTEGER PRIMARY KEY AUTOINCREMENT,
  {_ORDER}
  run_name TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'New',
  paused INTEGER NOT NULL DEFAULT 0,
  forget INTEGER NOT NULL DEFAULT 0,
  submitted INTEGER NOT NULL,
  triggered INTEGER NOT NULL,
  started INTEGER,
  finished INTEGER,
  successes INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  warnings INTEGER NOT NULL DEFAULT 0,
  lines INTEGER NOT NULL DEFAULT 0,
  fatal INTEGER NOT NULL DEFAULT 0,
  handles TEXT NOT NULL
);
CREATE INDEX jobs_by_name ON jobs (original_name, run_id);
CREATE INDEX jobs_active ON jobs (run_id) WHERE state <> 'Done';
CREATE INDEX jobs_by_start ON jobs (started, run_id) WHERE started IS NOT NULL;
CREATE INDEX jobs_by_end ON jobs (finished) WHERE finished IS NOT NULL;
CREATE TABLE details (
  run_id INTEGER NOT NULL REFERENCES jobs (run_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  log_type TEXT NOT NULL,
  message TEXT NOT NULL,
  created INTEGER NOT NULL,
  asset_name TEXT,
  asset_type TEXT,
  asset_handle TEXT,
  zip_path TEXT,
  PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
CREATE INDEX details_by_asset ON details (asset_handle, run_id) WHERE asset_handle IS NOT NULL;
CREATE TABLE schedules (
  schedule_id INTEGER PRIMARY KEY AUTOINCREMENT,
  {_ORDER}
  cron TEXT,
  next_fire INTEGER NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  handles TEXT NOT NULL
);
CREATE INDEX schedules_by_name ON schedules (original_name);
CREATE INDEX schedules_due ON schedules (next_fire) WHERE paused = 0;
INSERT INTO sqlite_sequence (name, seq) VALUES ('jobs', 100000);
"""  # noqa: S608 - text of this module
