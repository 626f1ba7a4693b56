"""Every SQL statement over the tables, with named values. Those of steps are one round trip each:
what a step may not do it does not begin, and its row of counts tells how far it came."""

from __future__ import annotations

from s7spec.adapters.ledger_postgres.schema import SCHEMA, TABLES
from s7spec.model.ledger import AttemptState

_OPEN = ", ".join(f"'{state.value}'" for state in AttemptState if state.is_open)
_KEY = ("company", "environment", "manifest", "export")
_ATTEMPT = tuple(name for name in TABLES["attempt"] if name != "id")
_STATE = (
    *("state", "updated_at", "ended_at", "version", "handle", "run_handle", "message"),
    *("zip_urls", "outcomes", "failure"),
)
_AMENDED = ("meta_hash", "payload", "rerun")
_INTENDED_AGAIN = (
    *_STATE,
    *_AMENDED,
    *("fingerprint_version", "only_assets", "timing", "tries", "intended_at", "forgotten"),
)
_TYPES = {
    "generation": "bigint",
    "fingerprint_version": "integer",
    "tries": "bigint",
    "version": "bigint",
    "forgotten": "smallint",
    "wanted_version": "integer",
    "ended_micros": "bigint",
    "digest": "bytea",
    "prior_version": "bigint",
}


def _statement(text: str) -> bytes:
    """As psycopg takes what is no literal."""
    return text.encode()


def _given(*columns: str) -> str:
    """The values as a row of their own: each is named, and has a type, only once."""
    cells = (f"%({name})s::{_TYPES.get(name, 'text')} AS {name}" for name in dict.fromkeys(columns))
    return f"given AS (SELECT {', '.join(cells)})"


def _set(*columns: str) -> str:
    return ", ".join(f"{name} = given.{name}" for name in columns)


def _of_job(table: str, given: str = "given") -> str:
    return " AND ".join(f"{table}.{name} = {given}.{name}" for name in _KEY)


def _all_of_job(table: str = "") -> str:
    return " AND ".join(f"{table}{name} = %({name})s" for name in _KEY)


_HEAD_COLUMNS = {
    "attempt_name": "name",
    "version": "version",
    "generation": "generation",
    "state": "state",
    "forgotten": "forgotten",
    "data_hash": "wanted_data",
    "meta_hash": "wanted_meta",
    "fingerprint_version": "wanted_version",
    "rerun": "rerun",
    "ended_at": "ended_micros",
    "spec_digest": "digest",
}
"""A head's columns, and which of an attempt's cells are in them."""

_ALL = (*_ATTEMPT, *_HEAD_COLUMNS.values())
_NEW_HEAD = f"""
  INSERT INTO {SCHEMA}.job ({", ".join((*_KEY, *_HEAD_COLUMNS))})
  SELECT {", ".join((*_KEY, *_HEAD_COLUMNS.values()))} FROM given"""
_NEXT_HEAD = f"""
  UPDATE {SCHEMA}.job
  SET {", ".join(f"{name} = given.{cell}" for name, cell in _HEAD_COLUMNS.items())}
  FROM given JOIN written ON true WHERE {_of_job("job")}"""
_IS_PRIOR = "job.attempt_name = given.prior_name AND job.version = given.prior_version"
_NEW_ATTEMPT = f"""
  INSERT INTO {SCHEMA}.attempt ({", ".join(_ATTEMPT)})
  SELECT {", ".join(f"given.{name}" for name in _ATTEMPT)} FROM given"""
_TELL = f"""
  INSERT INTO {SCHEMA}.event (attempt_name, version, state, at, message)
  SELECT given.name, given.version, given.state, given.updated_at, given.message FROM given"""
_NONE_SEEN = f"""seen AS (
  SELECT 1 FROM given WHERE NOT EXISTS (SELECT 1 FROM {SCHEMA}.job WHERE {_of_job("job")}))"""
_PRIOR_SEEN = f"""seen AS (
  SELECT 1 FROM given JOIN {SCHEMA}.job ON {_of_job("job")} AND {_IS_PRIOR})"""
_COUNTS = "SELECT (SELECT count(*) FROM seen) AS heads, (SELECT count(*) FROM written) AS attempts"

INTEND_FIRST = _statement(f"""
WITH {_given(*_ALL)},
{_NONE_SEEN},
written AS ({_NEW_ATTEMPT} JOIN seen ON true ON CONFLICT DO NOTHING RETURNING 1),
told AS ({_TELL} JOIN written ON true),
head AS ({_NEW_HEAD} JOIN written ON true)
{_COUNTS}
""")
INTEND_NEXT = _statement(f"""
WITH {_given(*_ALL, "prior_name", "prior_version")},
{_PRIOR_SEEN},
written AS ({_NEW_ATTEMPT} JOIN seen ON true ON CONFLICT DO NOTHING RETURNING 1),
told AS ({_TELL} JOIN written ON true),
head AS ({_NEXT_HEAD})
{_COUNTS}
""")
INTEND_AGAIN = _statement(f"""
WITH {_given(*_ALL, "prior_name", "prior_version")},
{_PRIOR_SEEN},
written AS (
  UPDATE {SCHEMA}.attempt SET {_set(*_INTENDED_AGAIN)} FROM given JOIN seen ON true
  WHERE attempt.name = given.name AND attempt.generation = given.generation
    AND attempt.data_hash = given.data_hash
  RETURNING 1),
told AS ({_TELL} JOIN written ON true),
head AS ({_NEXT_HEAD})
{_COUNTS}
""")
RECORD = _statement(f"""
WITH {_given("name", *_STATE, "ended_micros", *_KEY)},
written AS (
  UPDATE {SCHEMA}.attempt SET {_set(*_STATE)} FROM given
  WHERE attempt.name = given.name AND attempt.version = given.version - 1
    AND {_of_job("attempt")}
  RETURNING 1),
told AS ({_TELL} JOIN written ON true),
head AS (
  UPDATE {SCHEMA}.job
  SET version = given.version, state = given.state, ended_at = given.ended_micros
  FROM given JOIN written ON true
  WHERE {_of_job("job")} AND job.attempt_name = given.name)
SELECT count(*) AS attempts FROM written
""")
AMEND = _statement(f"""
WITH {_given(*_ALL, "prior_name", "prior_version")},
{_PRIOR_SEEN},
written AS (
  UPDATE {SCHEMA}.attempt SET {_set(*_STATE, *_AMENDED, "fingerprint_version")}
  FROM given JOIN seen ON true
  WHERE attempt.name = given.name AND attempt.version = given.version - 1 RETURNING 1),
told AS ({_TELL} JOIN written ON true),
head AS ({_NEXT_HEAD})
{_COUNTS}
""")
_TOLD = ("prior_name", "prior_version", "updated_at", "message")
# Of all attempts of a job, only the latest is in a new version.
_COUNTED = """version = CASE WHEN attempt.name = head.name THEN head.version
      ELSE attempt.version END,
    updated_at = CASE WHEN attempt.name = head.name THEN given.updated_at
      ELSE attempt.updated_at END"""
FORGET = _statement(f"""
WITH {_given(*_KEY, *_TOLD)},
head AS (
  UPDATE {SCHEMA}.job SET forgotten = 1, version = job.version + 1, spec_digest = NULL
  FROM given WHERE {_of_job("job")} AND {_IS_PRIOR}
  RETURNING job.attempt_name AS name, job.version, job.state),
written AS (
  UPDATE {SCHEMA}.attempt SET forgotten = 1,
    {_COUNTED}
  FROM given JOIN head ON true WHERE {_of_job("attempt")} RETURNING 1),
told AS (
  INSERT INTO {SCHEMA}.event (attempt_name, version, state, at, message)
  SELECT head.name, head.version, head.state, given.updated_at, given.message
  FROM given JOIN head ON true)
SELECT count(*) AS heads FROM head
""")
MOVE = _statement(f"""
WITH {_given(*_KEY, "to_manifest", "to_export", *_TOLD)},
free AS (
  SELECT 1 FROM given WHERE NOT EXISTS (
    SELECT 1 FROM {SCHEMA}.attempt
    WHERE attempt.company = given.company AND attempt.environment = given.environment
      AND attempt.manifest = given.to_manifest AND attempt.export = given.to_export)),
head AS (
  UPDATE {SCHEMA}.job
  SET manifest = given.to_manifest, export = given.to_export, version = job.version + 1
  FROM given JOIN free ON true WHERE {_of_job("job")} AND {_IS_PRIOR}
  RETURNING job.attempt_name AS name, job.version, job.state),
written AS (
  UPDATE {SCHEMA}.attempt SET manifest = given.to_manifest, export = given.to_export,
    {_COUNTED}
  FROM given JOIN head ON true WHERE {_of_job("attempt")} RETURNING 1),
told AS (
  INSERT INTO {SCHEMA}.event (attempt_name, version, state, at, message)
  SELECT head.name, head.version, head.state, given.updated_at, given.message
  FROM given JOIN head ON true)
SELECT count(*) AS heads FROM head
""")

_HEADS = f"""
SELECT manifest, export, attempt_name, version, generation, state, forgotten::integer, data_hash,
  meta_hash, fingerprint_version, rerun, ended_at
FROM {SCHEMA}.job WHERE """
HEADS = _statement(
    f"{_HEADS} company = %(company)s AND environment = %(environment)s ORDER BY manifest, export"
)
HEADS_FROM = _statement(f"""{_HEADS} company = %(company)s AND environment = %(environment)s
  AND (manifest, export) >= (%(manifest)s, %(export)s)
ORDER BY manifest, export LIMIT %(most)s""")
HEAD = _statement(f"{_HEADS} {_all_of_job()}")
HAS_JOBS = _statement(f"""
SELECT EXISTS (
  SELECT 1 FROM {SCHEMA}.job WHERE company = %(company)s AND environment = %(environment)s) AS found
""")
HAS_ATTEMPTS = _statement(f"SELECT EXISTS (SELECT 1 FROM {SCHEMA}.attempt) AS found")
HAS_ATTEMPTS_OF_JOB = _statement(
    f"SELECT EXISTS (SELECT 1 FROM {SCHEMA}.attempt WHERE {_all_of_job()}) AS found"
)
IS_KNOWN = _statement(
    f"SELECT EXISTS (SELECT 1 FROM {SCHEMA}.attempt WHERE name = %(name)s) AS found"
)
_OF_NAME = f"""{SCHEMA}.attempt
WHERE name = %(name)s AND company = %(company)s AND environment = %(environment)s"""
KNOWS = _statement(f"SELECT EXISTS (SELECT 1 FROM {_OF_NAME}) AS found")
ATTEMPT = _statement(f"SELECT * FROM {_OF_NAME}")
ATTEMPTS_OF_JOB = _statement(f"SELECT * FROM {SCHEMA}.attempt WHERE {_all_of_job()} ORDER BY id")
OPEN_ATTEMPTS = _statement(f"""
SELECT attempt.* FROM {SCHEMA}.job JOIN {SCHEMA}.attempt ON attempt.name = job.attempt_name
WHERE job.company = %(company)s AND job.environment = %(environment)s AND job.state IN ({_OPEN})
ORDER BY job.manifest, job.export
""")
# A name that went to another key with its job is still a name of this key: never given twice.
LAST_GENERATION = _statement(f"""
SELECT greatest(
  (SELECT max(generation) FROM {SCHEMA}.attempt
   WHERE {_all_of_job()} AND data_hash = %(data)s),
  (SELECT max(generation) FROM {SCHEMA}.attempt
   WHERE name >= %(names)s AND name < %(names_end)s AND data_hash = %(data)s), 0) AS generation
""")
EVENTS = _statement(f"SELECT * FROM {SCHEMA}.event WHERE attempt_name = %(name)s ORDER BY version")
SPECS_OF_MANIFEST = _statement(f"""
SELECT export, spec_digest FROM {SCHEMA}.job
WHERE company = %(company)s AND environment = %(environment)s AND manifest = %(manifest)s
  AND spec_digest IS NOT NULL
""")

LEASE = _statement(
    f"SELECT * FROM {SCHEMA}.lease WHERE company = %(company)s AND environment = %(environment)s"
)
LOCK = b"SELECT pg_advisory_xact_lock(%(kind)s::integer, %(number)s::integer)"
LEASE_HELD_FAST = LEASE + b" FOR UPDATE"
WRITE_LEASE = _statement(f"""
INSERT INTO {SCHEMA}.lease (
  company, environment, fence, host, pid, "user", url, taken_at, expires_at, seconds, released)
VALUES (
  %(company)s, %(environment)s, %(fence)s, %(host)s, %(pid)s, %(user)s, %(url)s, %(taken_at)s,
  %(expires_at)s, %(seconds)s, 0)
ON CONFLICT (company, environment) DO UPDATE SET
  fence = excluded.fence, host = excluded.host, pid = excluded.pid, "user" = excluded."user",
  url = excluded.url, taken_at = excluded.taken_at, expires_at = excluded.expires_at,
  seconds = excluded.seconds, released = 0
""")
_THIS_LEASE = """company = %(company)s AND environment = %(environment)s
  AND fence = %(fence)s AND taken_at = %(taken_at)s AND released = 0"""
RELEASE_LEASE = _statement(f"UPDATE {SCHEMA}.lease SET released = 1 WHERE {_THIS_LEASE}")
COUNT_WRITE = _statement(f"""
UPDATE {SCHEMA}.lease SET writes = writes + 1 WHERE {_THIS_LEASE}
RETURNING writes, (SELECT version FROM {SCHEMA}.ledger) AS version
""")

RECORDS = _statement(f"""
SELECT attempt.*, job.attempt_name AS latest, job.spec_digest
FROM {SCHEMA}.attempt LEFT JOIN {SCHEMA}.job ON {_of_job("job", "attempt")}
ORDER BY attempt.id
""")
EVENTS_OF_MANY = _statement(f"""
SELECT * FROM {SCHEMA}.event WHERE attempt_name = ANY(%(names)s) ORDER BY attempt_name, version
""")
LOCK_ATTEMPTS = _statement(f"LOCK TABLE {SCHEMA}.attempt IN SHARE ROW EXCLUSIVE MODE")
ADD_ATTEMPT = _statement(f"WITH {_given(*_ATTEMPT)} {_NEW_ATTEMPT}")
ADD_EVENT = _statement(f"""
WITH {_given("name", "version", "state", "updated_at", "message")} {_TELL}
""")
ADD_HEAD = _statement(f"WITH {_given(*_KEY, *_HEAD_COLUMNS.values())} {_NEW_HEAD}")

# What may be wrong. A job is told by its key as people write it.
_SHORT = "concat_ws('/', {0}.company, {0}.environment, {0}.manifest, {0}.export)"
_STATUS = """format('version %s, %s, generation %s', {0}.version, {0}.state, {0}.generation)
    || CASE {0}.forgotten WHEN 1 THEN ', forgotten' ELSE '' END
    || coalesce(', rerun ' || {0}.rerun, '')"""
HEADLESS = _statement(f"""
SELECT DISTINCT {_SHORT.format("attempt")} AS job FROM {SCHEMA}.attempt
WHERE NOT EXISTS (SELECT 1 FROM {SCHEMA}.job WHERE {_of_job("job", "attempt")})
""")
HEADS_OF_ALL = _statement(f"{_HEADS} true")
HEADS_NOT_LATEST = _statement(f"""
SELECT {_SHORT.format("job")}, job.attempt_name, coalesce(latest.name, 'missing')
FROM {SCHEMA}.job LEFT JOIN LATERAL (
  SELECT name FROM {SCHEMA}.attempt WHERE {_of_job("attempt", "job")} ORDER BY id DESC LIMIT 1
) AS latest ON true
WHERE job.attempt_name IS DISTINCT FROM latest.name
""")
HEADS_THAT_DIFFER = _statement(f"""
SELECT {_SHORT.format("job")}, attempt.name, {_STATUS.format("job")}, {_STATUS.format("attempt")}
FROM {SCHEMA}.job JOIN {SCHEMA}.attempt ON attempt.name = job.attempt_name
WHERE (job.version, job.state, job.generation, job.forgotten, job.rerun) IS DISTINCT FROM
  (attempt.version, attempt.state, attempt.generation, attempt.forgotten, attempt.rerun)
""")
ATTEMPTS_WITH_HEADS = _statement(f"""
SELECT attempt.*, job.attempt_name AS head_name, job.fingerprint_version AS head_version,
  job.data_hash AS head_data, job.meta_hash AS head_meta, job.ended_at AS head_ended_at
FROM {SCHEMA}.attempt LEFT JOIN {SCHEMA}.job ON {_of_job("job", "attempt")}
ORDER BY attempt.id
""")
LEASES = _statement(f"SELECT * FROM {SCHEMA}.lease")
