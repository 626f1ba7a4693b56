"""The tables, in a schema of their own, and how they came to be version by version."""

from __future__ import annotations

from s7spec.model.ledger import AttemptState, FailureClass

SCHEMA = "s7spec"

_STATES = ", ".join(f"'{state.value}'" for state in AttemptState)
_FAILURES = ", ".join(f"'{failure.value}'" for failure in FailureClass)

# Code points decide the order of keys, as in Python, whatever the database's own order is.
_TEXT = 'text COLLATE "C"'
_KEY = dict.fromkeys(("company", "environment", "manifest", "export"), f"{_TEXT} NOT NULL")
_COUNT = "bigint NOT NULL CHECK ({0} >= 1)"
_FLAG = "smallint NOT NULL DEFAULT 0 CHECK ({0} IN (0, 1))"

TABLES: dict[str, dict[str, str]] = {
    "ledger": {"version": "integer NOT NULL"},
    "attempt": {
        "id": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "name": f"{_TEXT} NOT NULL UNIQUE",
        **_KEY,
        "generation": _COUNT,
        "data_hash": f"{_TEXT} NOT NULL",
        "meta_hash": f"{_TEXT} NOT NULL",
        "fingerprint_version": "integer NOT NULL",
        "payload": "text NOT NULL",
        "only_assets": "text",
        "timing": "text",
        "rerun": "text",
        "tries": _COUNT,
        "state": f"text NOT NULL CHECK (state IN ({_STATES}))",
        "intended_at": "text NOT NULL",
        "updated_at": "text NOT NULL",
        "ended_at": "text",
        "version": _COUNT,
        "handle": "text",
        "run_handle": "text",
        "message": "text NOT NULL",
        "zip_urls": "text NOT NULL",
        "outcomes": "text NOT NULL",
        "failure": f"text CHECK (failure IN ({_FAILURES}))",
        "forgotten": _FLAG,
    },
    "job": {
        **_KEY,
        "attempt_name": f"{_TEXT} NOT NULL REFERENCES {SCHEMA}.attempt (name)",
        "version": _COUNT,
        "generation": _COUNT,
        "state": f"text NOT NULL CHECK (state IN ({_STATES}))",
        "forgotten": _FLAG,
        "data_hash": "text NOT NULL",
        "meta_hash": "text NOT NULL",
        "fingerprint_version": "integer NOT NULL",
        "rerun": "text",
        "ended_at": "bigint",
        "spec_digest": "bytea CHECK (length(spec_digest) = 32)",
    },
    "event": {
        "attempt_name": f"{_TEXT} NOT NULL REFERENCES {SCHEMA}.attempt (name)",
        "version": "bigint NOT NULL",
        "state": f"text NOT NULL CHECK (state IN ({_STATES}))",
        "at": "text NOT NULL",
        "message": "text NOT NULL",
    },
    "lease": {
        "company": f"{_TEXT} NOT NULL",
        "environment": f"{_TEXT} NOT NULL",
        "fence": "bigint NOT NULL",
        "host": "text NOT NULL",
        "pid": "bigint NOT NULL",
        "user": "text NOT NULL",
        "url": "text",
        "taken_at": "text NOT NULL",
        "expires_at": "text NOT NULL",
        "seconds": "bigint NOT NULL",
        "released": _FLAG,
        "writes": "bigint NOT NULL DEFAULT 0",
    },
}
"""Columns by table. As in SQLite ``attempt.id`` is the order in which attempts were first intended,
the hashes of an attempt are of what was sent, those of a job of what was wanted, and the end of a
job is in microseconds since 1970. ``lease.writes`` counts the transactions under a lease: so a
writer finds out whether one was written whose answer was lost."""

_FURTHER = {
    "attempt": "UNIQUE (company, environment, manifest, export, data_hash, generation)",
    "job": "PRIMARY KEY (company, environment, manifest, export)",
    "event": "PRIMARY KEY (attempt_name, version)",
    "lease": "PRIMARY KEY (company, environment)",
}

_FIRST = (
    *(
        f"CREATE TABLE {SCHEMA}.{table} ("
        + ", ".join(f'"{name}" {kind.format(name)}' for name, kind in columns.items())
        + (f", {_FURTHER[table]}" if table in _FURTHER else "")
        + ")"
        for table, columns in TABLES.items()
    ),
    f"""
CREATE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the rows of % in a ledger stay as they are', TG_TABLE_NAME; END $$""",
    f"CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {SCHEMA}.event "
    f"FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.refuse()",
    f"CREATE TRIGGER stays BEFORE DELETE ON {SCHEMA}.attempt "
    f"FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.refuse()",
    f"INSERT INTO {SCHEMA}.ledger (version) VALUES (1)",
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST,)
"""What makes each version out of the one before it; version 0 is a schema without tables."""

SCHEMA_VERSION = len(STEPS)
