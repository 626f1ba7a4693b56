"""Pages about the ledger and plans."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, Found, RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.LEDGER_UNWRITABLE,
        meaning="The ledger, a file or a PostgreSQL database, cannot be opened or written.",
        why="No job is submitted that could not be recorded before.",
        bad="""\
$ chmod 500 .s7spec && s7spec apply
""",
        good="""\
$ chmod 700 .s7spec && s7spec apply
""",
        remedy=(
            "Make the folder writable, or name another file below the project under "
            "`ledger` in s7spec.yaml. For a database: check its address, the network, and user "
            "and password (S7SPEC_LEDGER_PASSWORD, PGPASSWORD)."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.LEDGER_CORRUPT,
        meaning="The ledger is none, or is damaged.",
        why=(
            "It knows what was exported and what still runs; guessing could export "
            "everything again."
        ),
        bad="""\
$ echo notes > .s7spec/ledger.db && s7spec plan
""",
        good="""\
$ cp backup/ledger.db .s7spec/ledger.db && s7spec plan
""",
        remedy=("Restore it from a copy; do not delete it before you know what runs on IPS."),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.LEDGER_NEWER,
        meaning="A newer s7spec has written this ledger.",
        why="An older one would not understand what stands in it.",
        bad="""\
$ pip install "s7spec<1" && s7spec plan
""",
        good="""\
$ pip install --upgrade s7spec && s7spec plan
""",
        remedy="Use the version that wrote it, or a newer one.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.LEASE_HELD,
        meaning="Another apply is at work with the same ledger.",
        why="Two at once could submit one job twice.",
        bad="""\
$ s7spec apply --yes & s7spec apply --yes
""",
        good="""\
$ s7spec apply --yes && s7spec apply --yes
""",
        remedy=(
            "Wait for it to end; the lease of a process that died runs out by itself. `s7spec "
            "ledger lease` shows who holds it, `s7spec ledger unlock` takes it from him."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.UNKNOWN_JOB,
        meaning="The ledger has no job of this name.",
        why="A history of nothing would read as if the job had never run.",
        bad="""\
$ s7spec history shop/mian
""",
        good="""\
$ s7spec history shop/main
""",
        remedy="`s7spec ledger list` lists the jobs; a name is manifest/export.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.LEDGER_NOT_EMPTY,
        meaning="A ledger is to be filled from a backup, but has attempts already.",
        why=(
            "Two histories mixed into one would tell of runs that never followed each other, and "
            "a job could be sent twice."
        ),
        bad="""\
$ s7spec ledger restore ledger.jsonl.gz
""",
        good="""\
$ mv .s7spec/ledger.db .s7spec/ledger.old
$ s7spec ledger restore ledger.jsonl.gz
""",
        remedy=(
            "Move the ledger away, or name an empty one in s7spec.yaml. What the backup does not "
            "know, and IPS still lists, `s7spec ledger rebuild` adds."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.BAD_BACKUP,
        meaning="The file is no backup of a ledger, was changed or cut off, or cannot be read.",
        why=(
            "A ledger that lacks attempts would have jobs sent again that were delivered already."
        ),
        bad="""\
$ head -c 1000 ledger.jsonl > cut.jsonl && s7spec ledger restore cut.jsonl
""",
        good="""\
$ s7spec ledger backup ledger.jsonl
$ s7spec ledger restore ledger.jsonl
""",
        remedy=(
            "Use another backup; without any `s7spec ledger rebuild` recovers what IPS still lists."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.BAD_PLAN_FILE,
        meaning="The file is no plan, was changed after it was made, or cannot be read.",
        why="Only what was reviewed may be applied.",
        bad="""\
$ sed -i s/800/900/ plan.json && s7spec apply plan.json
""",
        good="""\
$ s7spec plan --out plan.json && s7spec apply plan.json
""",
        remedy="Make a new plan and have it reviewed.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.STALE_PLAN,
        meaning=(
            "Since the plan was made, assets, presets or the ledger changed, or it is too old."
        ),
        why="What would run is no longer what was reviewed.",
        bad="""\
$ s7spec apply last-week.json
""",
        good="""\
$ s7spec plan --out plan.json && s7spec apply plan.json
""",
        remedy="Plan again.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.NOT_REVIEWED,
        meaning=(
            "An environment with `production: true` is applied to with --yes, but nothing says "
            "which plan was reviewed."
        ),
        why=(
            "Between the review and the apply, assets and manifests may have changed: what would "
            "run is not what somebody agreed to."
        ),
        bad="""\
$ s7spec apply --env production --yes
""",
        good="""\
$ s7spec plan --env production --out plan.json
$ s7spec apply --env production plan.json --yes
""",
        remedy=(
            "Apply a saved plan, or add --expect-digest with the digest that was reviewed. At a "
            "terminal, leave --yes out and type the environment's name."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
)
