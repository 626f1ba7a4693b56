"""Pages about the project and how s7spec was called."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, Found, RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.NO_PROJECT,
        meaning="There is no s7spec.yaml here or in any folder above.",
        why="It says which company, which IPS and which ledger are meant.",
        bad="""\
$ cd / && s7spec plan
""",
        good="""\
$ cd shop && s7spec plan
""",
        remedy=(
            "Run s7spec in a project, name its folder with --project, or make one: s7spec init."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.UNKNOWN_ENVIRONMENT,
        meaning="The environment of --env, or default_environment, is not in s7spec.yaml.",
        why="The environment decides which company the jobs go to.",
        bad="""\
$ s7spec plan --env prodution
""",
        good="""\
$ s7spec plan --env production
""",
        remedy="Correct the name, or add the environment to s7spec.yaml.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.UNWRITABLE,
        meaning="A file or folder cannot be written.",
        why="A plan that was not saved must not be taken for one that was.",
        bad="""\
$ s7spec plan --out /proc/plan.json
""",
        good="""\
$ s7spec plan --out plan.json
""",
        remedy="Choose a folder that exists and that you may write to.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.ALREADY_THERE,
        meaning=(
            "A command would write over a file that is there already, or through a symbolic link "
            "that stands where s7spec's own file belongs."
        ),
        why=(
            "Nothing of yours is overwritten, here or where a link leads. Only a file named on the "
            "command line (`--out`) may be a link."
        ),
        bad="""\
$ s7spec init shop
$ s7spec init shop
""",
        good="""\
$ s7spec init shop
$ s7spec init other-shop
""",
        remedy="Choose another folder, or move the file away.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.USAGE,
        meaning=("An option or argument does not exist, is missing, or does not fit the others."),
        why="A command that guessed could submit jobs nobody asked for.",
        bad="""\
$ s7spec validate --formt json
""",
        good="""\
$ s7spec validate --format json
""",
        remedy="The command's --help shows options and examples.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.BAD_ADDRESS,
        meaning=(
            "`ips:` or a proxy is no address that s7spec goes to: not https, with a login "
            "in it, or malformed."
        ),
        why="Credentials travel to this address.",
        bad="""\
$ grep ips: s7spec.yaml
  production: {ips: "http://s7sps1apissl.scene7.com/", company: Acme}
""",
        good="""\
$ grep ips: s7spec.yaml
  production: {ips: na, company: Acme}
""",
        remedy=(
            "Take na, emea or apac (each also with -staging), embedded, or an https URL "
            "without a login."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.BAD_POLICY,
        meaning=(
            "The expression of a policy is no valid CEL, uses a name that there is not, compares "
            "what cannot be compared, or does not give true or false."
        ),
        why="A policy that cannot be asked refuses nothing; so it is refused itself.",
        bad="""\
environments:
  local:
    ips: embedded
    company: Acme
    policies:
      - name: no-huge-jobs
        when: job.asets > 500
        message: the shop takes 500 files at most
""",
        good="""\
environments:
  local:
    ips: embedded
    company: Acme
    policies:
      - name: no-huge-jobs
        when: job.assets > 500
        message: the shop takes 500 files at most
      - name: say-a-width
        when: job.fmt == "convert" && !("wid" in job.modifier)
        level: warn
        message: without a width IPS takes DefaultPix
""",
        remedy="Look up in docs/guardrails.md what an expression may speak about, and its types.",
        example=Example.PROJECT,
    ),
)
