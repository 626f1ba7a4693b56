"""Pages about the way to IPS and its answers."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, Found, RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.UNREACHABLE,
        meaning="No connection to IPS comes about, or it breaks off.",
        why=("What IPS was not asked is not known; nothing is planned or submitted on a guess."),
        bad="""\
$ s7spec plan --env production
""",
        good="""\
$ s7spec ips check --env production
$ s7spec plan --env production
""",
        remedy=(
            "`s7spec ips check` goes the whole way line by line: name, connection, TLS, login."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.NO_CREDENTIALS,
        meaning="The environment needs a login, and none is set.",
        why="s7spec takes credentials only from outside of the repository.",
        bad="""\
$ s7spec plan --env production
""",
        good="""\
$ export S7SPEC_USER=dam@example.com S7SPEC_PASSWORD_FILE=/run/secrets/ips
$ s7spec plan --env production
""",
        remedy=(
            "Set S7SPEC_USER and one of S7SPEC_PASSWORD, S7SPEC_PASSWORD_FILE and "
            "S7SPEC_PASSWORD_COMMAND."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.BAD_CREDENTIALS,
        meaning="IPS refuses the user or the password.",
        why="Without a login IPS says nothing about assets and jobs.",
        bad="""\
$ S7SPEC_USER=dam@exmaple.com s7spec plan --env production
""",
        good="""\
$ S7SPEC_USER=dam@example.com s7spec plan --env production
""",
        remedy=(
            "Check user and password, and that the user belongs to the region that `ips:` names."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.UNKNOWN_COMPANY,
        meaning="The user is no member of a company of this name, or there is none.",
        why="Assets and jobs belong to a company.",
        bad="""\
$ grep company: s7spec.yaml
  production: {ips: na, company: acme}
""",
        good="""\
$ grep company: s7spec.yaml
  production: {ips: na, company: Acme}
""",
        remedy=("Write the company's name as IPS spells it, and have the user made a member."),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.IPS_FAULT,
        meaning="IPS answers a request with a SOAP fault.",
        why=(
            "The fault is IPS's own word; whether a job was taken is looked up before "
            "anything is sent again."
        ),
        bad="""\
$ s7spec apply --yes
""",
        good="""\
$ s7spec status
$ s7spec apply --yes
""",
        remedy=(
            "Read the fault; `s7spec status` shows what IPS took. Faults that pass by "
            "themselves are tried again."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.BAD_CATALOG,
        meaning=("The catalog.yaml of the embedded IPS, or a picture beside it, is not in order."),
        why=(
            "An embedded IPS with half a catalog would make plans look different from the "
            "real ones."
        ),
        bad="""\
$ echo "assets: hero" > catalog/catalog.yaml
$ s7spec plan
""",
        good="""\
$ echo "company: {name: Acme}" > catalog/catalog.yaml
$ s7spec plan
""",
        remedy=("Mend the file at the place named; docs/embedded-ips.md describes the catalog."),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.IPS_ANSWER,
        meaning=(
            "The answer is not what IPS answers: a web page, another service, a broken message."
        ),
        why="Reading something into it could submit a job twice.",
        bad="""\
$ grep ips: s7spec.yaml
  production: {ips: "https://login.example.com/", company: Acme}
""",
        good="""\
$ grep ips: s7spec.yaml
  production: {ips: emea, company: Acme}
""",
        remedy=("Make sure that `ips:` leads to IPS itself and not to a proxy or a login page."),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.BAD_FAULTS,
        meaning="The file of --faults for the embedded IPS is not valid.",
        why="A rehearsal of failures that does not fail proves nothing.",
        bad="""\
$ echo "faults: [{operaton: submitJob}]" > faults.yaml
$ s7spec ips serve --faults faults.yaml
""",
        good="""\
$ s7spec ips serve
""",
        remedy="Mend the file at the place named; docs/fault-injection.md describes it.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
)
