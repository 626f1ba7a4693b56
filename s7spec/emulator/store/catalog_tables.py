"""The tables of ``catalog.sqlite3``: what the folder says, as rows, and what was changed over SOAP.

``assets``, ``folders``, ``metadata`` and ``memberships`` are made from the folder and can be made
again; ``numbers``, ``deletions``, ``moves`` and ``saved_presets`` are not to be had from anywhere
else.
"""

from __future__ import annotations

CATALOG_VERSION = 1
CATALOG_TABLES = """
CREATE TABLE numbers (
  kind TEXT NOT NULL,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (kind, company, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX numbers_by_number ON numbers (kind, number);
CREATE TABLE retired (kind TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (kind, number))
  WITHOUT ROWID;
CREATE TABLE assets (
  number INTEGER PRIMARY KEY,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  sub_type TEXT NOT NULL,
  folder TEXT NOT NULL,
  trash_state TEXT NOT NULL,
  ready_for_publish INTEGER NOT NULL,
  created INTEGER NOT NULL,
  last_modified INTEGER NOT NULL,
  create_user TEXT NOT NULL,
  last_modify_user TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_size INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  resolution REAL NOT NULL,
  source TEXT,
  url_modifier TEXT NOT NULL,
  url_post_apply_modifier TEXT NOT NULL,
  description TEXT NOT NULL,
  comments TEXT NOT NULL,
  user_data TEXT NOT NULL,
  created_with TEXT NOT NULL,
  generated_by TEXT NOT NULL,
  set_definition TEXT NOT NULL,
  keywords TEXT NOT NULL,
  projects TEXT NOT NULL,
  synthetic INTEGER NOT NULL
);
CREATE UNIQUE INDEX assets_by_name ON assets (company, name);
CREATE INDEX assets_told ON assets (number) WHERE synthetic = 0;
CREATE INDEX assets_by_folder ON assets (company, folder, trash_state, name, type);
CREATE TABLE metadata (
  asset INTEGER NOT NULL REFERENCES assets (number) ON DELETE CASCADE,
  field TEXT NOT NULL,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  amount REAL,
  PRIMARY KEY (asset, field, position)
) WITHOUT ROWID;
CREATE INDEX metadata_by_value ON metadata (field, value);
CREATE TABLE memberships (
  project TEXT NOT NULL,
  asset INTEGER NOT NULL REFERENCES assets (number) ON DELETE CASCADE,
  PRIMARY KEY (project, asset)
) WITHOUT ROWID;
CREATE INDEX memberships_by_asset ON memberships (asset);
CREATE TABLE folders (
  company INTEGER NOT NULL,
  path TEXT NOT NULL,
  last_modified INTEGER,
  child_modified INTEGER,
  PRIMARY KEY (company, path)
) WITHOUT ROWID;
CREATE TABLE synthetic (
  definition TEXT PRIMARY KEY,
  first INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE deletions (
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  last_modified INTEGER NOT NULL,
  file_size INTEGER NOT NULL,
  PRIMARY KEY (company, name)
) WITHOUT ROWID;
CREATE TABLE moves (
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  PRIMARY KEY (company, name)
) WITHOUT ROWID;
CREATE TABLE saved_presets (
  number INTEGER PRIMARY KEY,
  company INTEGER NOT NULL,
  name TEXT NOT NULL,
  url_modifier TEXT NOT NULL,
  told_name TEXT,
  told_modifier TEXT
);
"""
