"""Every SQL statement over the tables, as plain text with named values."""

from __future__ import annotations

LATEST_OF_ALL = """
SELECT * FROM attempt AS this
WHERE company = :company AND environment = :environment AND rowid = (
  SELECT max(rowid) FROM attempt
  WHERE company = this.company AND environment = this.environment
    AND manifest = this.manifest AND export = this.export)
ORDER BY manifest, export
"""
ATTEMPTS_OF_JOB = """
SELECT * FROM attempt
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
ORDER BY rowid
"""
LATEST_OF_JOB = """
SELECT * FROM attempt
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
ORDER BY rowid DESC LIMIT 1
"""
GENERATIONS = """
SELECT manifest, export, data_hash, max(generation) AS generation FROM attempt
WHERE company = :company AND environment = :environment
GROUP BY manifest, export, data_hash
"""
IS_KNOWN = "SELECT 1 FROM attempt WHERE name = :name"
EVENTS = "SELECT * FROM event WHERE attempt_name = :name ORDER BY version"

# Rows are never deleted, so rowid is the order in which attempts were first intended.
# Not INSERT OR REPLACE: that deletes the old row, which the tables forbid.
INTEND = """
INSERT INTO attempt VALUES (
  :name, :company, :environment, :manifest, :export, :generation, :data_hash, :meta_hash,
  :payload, :state, :intended_at, :updated_at, :version, :handle, :run_handle, :message,
  :zip_urls, :outcomes, :forgotten)
ON CONFLICT (name) DO UPDATE SET
  meta_hash = :meta_hash, payload = :payload, state = :state, intended_at = :intended_at,
  updated_at = :updated_at, version = :version, handle = :handle, run_handle = :run_handle,
  message = :message, zip_urls = :zip_urls, outcomes = :outcomes, forgotten = :forgotten
"""
RECORD = """
UPDATE attempt SET
  state = :state, updated_at = :updated_at, version = :version, handle = :handle,
  run_handle = :run_handle, message = :message, zip_urls = :zip_urls, outcomes = :outcomes
WHERE name = :name AND version = :version - 1
"""
ADD_EVENT = """
INSERT INTO event (attempt_name, version, state, at, message)
VALUES (:name, :version, :state, :updated_at, :message)
"""
FORGET_JOB = """
UPDATE attempt SET forgotten = 1
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""
HAS_SPECS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'spec'"
SPECS_OF_MANIFEST = """
SELECT export, digest FROM spec
WHERE company = :company AND environment = :environment AND manifest = :manifest
"""
WRITE_SPEC = """
INSERT OR REPLACE INTO spec VALUES (:company, :environment, :manifest, :export, :digest)
"""
DROP_SPEC = """
DELETE FROM spec
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""
COUNT_WRITE = "UPDATE attempt SET version = :version, updated_at = :updated_at WHERE name = :name"

LEASE = "SELECT * FROM lease WHERE company = :company AND environment = :environment"
WRITE_LEASE = """
INSERT OR REPLACE INTO lease VALUES (
  :company, :environment, :fence, :host, :pid, :user, :url, :taken_at, :expires_at, :seconds, 0)
"""
RELEASE_LEASE = """
UPDATE lease SET released = 1
WHERE company = :company AND environment = :environment AND fence = :fence
"""
