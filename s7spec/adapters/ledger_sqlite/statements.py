"""Every SQL statement over the tables, as plain text with named values."""

from __future__ import annotations

HEADS = """
SELECT manifest, export, attempt_name, version, generation, state, forgotten, data_hash,
  meta_hash, fingerprint_version, rerun, ended_at
FROM job WHERE company = :company AND environment = :environment
ORDER BY manifest, export
"""
HEAD = """
SELECT manifest, export, attempt_name, version, generation, state, forgotten, data_hash,
  meta_hash, fingerprint_version, rerun, ended_at
FROM job
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""
HAS_JOBS = """
SELECT EXISTS (SELECT 1 FROM job WHERE company = :company AND environment = :environment)
"""
HAS_ATTEMPTS = "SELECT EXISTS (SELECT 1 FROM attempt)"
HAS_ATTEMPTS_OF_JOB = """
SELECT EXISTS (
  SELECT 1 FROM attempt
  WHERE company = :company AND environment = :environment
    AND manifest = :manifest AND export = :export)
"""
ATTEMPT = """
SELECT * FROM attempt
WHERE name = :name AND company = :company AND environment = :environment
"""
ATTEMPTS_OF_JOB = """
SELECT * FROM attempt
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
ORDER BY id
"""
# CROSS JOIN: the outer loop is over the jobs, in their order.
OPEN_ATTEMPTS = """
SELECT attempt.* FROM job CROSS JOIN attempt ON attempt.name = job.attempt_name
WHERE job.company = :company AND job.environment = :environment
  AND job.state IN ('intent', 'unknown', 'accepted', 'scheduled', 'active')
ORDER BY job.manifest, job.export
"""
# A name that went to another key with its job is still a name of this key: never given twice.
LAST_GENERATION = """
SELECT max(
  coalesce((SELECT max(generation) FROM attempt
    WHERE company = :company AND environment = :environment
      AND manifest = :manifest AND export = :export AND data_hash = :data), 0),
  coalesce((SELECT max(generation) FROM attempt
    WHERE name >= :names AND name < :names_end AND data_hash = :data), 0))
"""
IS_KNOWN = "SELECT EXISTS (SELECT 1 FROM attempt WHERE name = :name)"
IS_SPENT = """
SELECT EXISTS (
  SELECT 1 FROM attempt
  WHERE company = :company AND environment = :environment
    AND manifest = :manifest AND export = :export
    AND data_hash = :data_hash AND generation = :generation)
"""
EVENTS = "SELECT * FROM event WHERE attempt_name = :name ORDER BY version"
SPECS_OF_MANIFEST = """
SELECT export, spec_digest FROM job
WHERE company = :company AND environment = :environment AND manifest = :manifest
  AND spec_digest IS NOT NULL
"""

# Not INSERT OR REPLACE: that deletes the old row, which the tables forbid.
ADD_ATTEMPT = """
INSERT INTO attempt (
  name, company, environment, manifest, export, generation, data_hash, meta_hash,
  fingerprint_version, payload, only_assets, timing, rerun, tries, state, intended_at, updated_at,
  ended_at, version, handle, run_handle, message, zip_urls, outcomes, failure, forgotten)
VALUES (
  :name, :company, :environment, :manifest, :export, :generation, :data_hash, :meta_hash,
  :fingerprint_version, :payload, :only_assets, :timing, :rerun, :tries, :state, :intended_at,
  :updated_at, :ended_at, :version, :handle, :run_handle, :message, :zip_urls, :outcomes,
  :failure, :forgotten)
"""
INTEND_AGAIN = """
UPDATE attempt SET
  meta_hash = :meta_hash, fingerprint_version = :fingerprint_version, payload = :payload,
  only_assets = :only_assets, timing = :timing, rerun = :rerun, tries = :tries, state = :state,
  intended_at = :intended_at, updated_at = :updated_at, ended_at = :ended_at, version = :version,
  handle = :handle, run_handle = :run_handle, message = :message, zip_urls = :zip_urls,
  outcomes = :outcomes, failure = :failure, forgotten = :forgotten
WHERE name = :name AND generation = :generation AND data_hash = :data_hash
"""
RECORD = """
UPDATE attempt SET
  state = :state, updated_at = :updated_at, ended_at = :ended_at, version = :version,
  handle = :handle, run_handle = :run_handle, message = :message, zip_urls = :zip_urls,
  outcomes = :outcomes, failure = :failure
WHERE name = :name AND version = :version - 1
  AND company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""
AMEND = """
UPDATE attempt SET
  meta_hash = :meta_hash, fingerprint_version = :fingerprint_version, payload = :payload,
  rerun = :rerun
WHERE name = :name
"""
ADD_EVENT = """
INSERT INTO event (attempt_name, version, state, at, message)
VALUES (:name, :version, :state, :updated_at, :message)
"""
ADD_HEAD = """
INSERT INTO job VALUES (
  :company, :environment, :manifest, :export, :name, :version, :generation, :state, :forgotten,
  :wanted_data, :wanted_meta, :wanted_version, :rerun, :ended_micros, :digest)
"""
WRITE_HEAD = """
INSERT OR REPLACE INTO job VALUES (
  :company, :environment, :manifest, :export, :name, :version, :generation, :state, :forgotten,
  :wanted_data, :wanted_meta, :wanted_version, :rerun, :ended_micros, :digest)
"""
MOVE_HEAD_ON = """
UPDATE job SET version = :version, state = :state, ended_at = :ended_micros
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export AND attempt_name = :name
"""
FORGET_ATTEMPTS = """
UPDATE attempt SET forgotten = 1
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""
FORGET_HEAD = """
UPDATE job SET forgotten = 1, version = :version, spec_digest = NULL
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""
COUNT_WRITE = """
UPDATE attempt SET version = :version, updated_at = :updated_at WHERE name = :name
"""
MOVE_ATTEMPTS = """
UPDATE attempt SET manifest = :to_manifest, export = :to_export
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""
MOVE_HEAD = """
UPDATE job SET manifest = :to_manifest, export = :to_export, version = :version
WHERE company = :company AND environment = :environment
  AND manifest = :manifest AND export = :export
"""

LEASE = "SELECT * FROM lease WHERE company = :company AND environment = :environment"
WRITE_LEASE = """
INSERT OR REPLACE INTO lease VALUES (
  :company, :environment, :fence, :host, :pid, :user, :url, :taken_at, :expires_at, :seconds, 0)
"""
RELEASE_LEASE = """
UPDATE lease SET released = 1
WHERE company = :company AND environment = :environment
  AND fence = :fence AND taken_at = :taken_at AND released = 0
"""

RECORDS = """
SELECT attempt.*, job.attempt_name AS latest, job.spec_digest
FROM attempt LEFT JOIN job ON job.company = attempt.company
  AND job.environment = attempt.environment AND job.manifest = attempt.manifest
  AND job.export = attempt.export
ORDER BY attempt.id
"""
# What may be wrong. A job is told by its key as people write it.
HEADLESS = """
SELECT DISTINCT a.company || '/' || a.environment || '/' || a.manifest || '/' || a.export
FROM attempt AS a
WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.company = a.company
  AND job.environment = a.environment AND job.manifest = a.manifest AND job.export = a.export)
"""
HEADS_OF_ALL = """
SELECT manifest, export, attempt_name, version, generation, state, forgotten, data_hash,
  meta_hash, fingerprint_version, rerun, ended_at
FROM job
"""
HEADS_NOT_LATEST = """
SELECT company || '/' || environment || '/' || manifest || '/' || export, attempt_name, latest
FROM (
  SELECT job.*, (
    SELECT a.name FROM attempt AS a
    WHERE a.company = job.company AND a.environment = job.environment
      AND a.manifest = job.manifest AND a.export = job.export
    ORDER BY a.id DESC LIMIT 1) AS latest
  FROM job)
WHERE attempt_name IS NOT latest
"""
HEADS_THAT_DIFFER = """
SELECT j.company || '/' || j.environment || '/' || j.manifest || '/' || j.export, a.name,
  'version ' || j.version || ', ' || j.state || ', generation ' || j.generation
    || iif(j.forgotten, ', forgotten', '') || coalesce(', rerun ' || j.rerun, ''),
  'version ' || a.version || ', ' || a.state || ', generation ' || a.generation
    || iif(a.forgotten, ', forgotten', '') || coalesce(', rerun ' || a.rerun, '')
FROM job AS j CROSS JOIN attempt AS a ON a.name = j.attempt_name
WHERE j.version <> a.version OR j.state <> a.state OR j.generation <> a.generation
  OR j.forgotten <> a.forgotten OR j.rerun IS NOT a.rerun
"""
SPECS_OF_ANOTHER_KIND = """
SELECT company || '/' || environment || '/' || manifest || '/' || export FROM job
WHERE typeof(spec_digest) NOT IN ('null', 'blob') OR length(spec_digest) <> 32
"""
NUMBERS = "SELECT id FROM attempt ORDER BY id"
ATTEMPT_WITH_HEAD = """
SELECT a.*, j.attempt_name AS head_name, j.fingerprint_version AS head_version,
  j.data_hash AS head_data, j.meta_hash AS head_meta, j.ended_at AS head_ended_at
FROM attempt AS a LEFT JOIN job AS j ON j.company = a.company
  AND j.environment = a.environment AND j.manifest = a.manifest AND j.export = a.export
WHERE a.id = :id
"""
LEASES = "SELECT * FROM lease"
