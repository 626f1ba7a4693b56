"""Templates cannot hang, flood the memory, look out of the manifest, or depend on anything."""

from __future__ import annotations

import json

import pytest

from tests.expand.compiling import Outcome, compile_text

MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {{name: m}}
vars: {{big: "{big}", list: [1, 2, {{a: 1}}], none: null, flag: true, name: word}}
exports:
  - id: a
    assets: {{folder: x}}
    fmt: convert
    is_modifier: {leaf}
"""


def expanded(leaf: str) -> Outcome:
    return compile_text(MANIFEST.format(big="x" * 3_000, leaf=json.dumps(leaf)))


DEMANDING = [
    "{{ vars.big * 100 }}",
    "{{ 'x' * 10**9 }}",
    "{{ [1] * 10**9 }}",
    "{{ 10**9 * 'x' }}",
    "{{ vars.big + vars.big * 21 }}",
    "{{ " + " ~ ".join(["vars.big"] * 30) + " }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%.1000000000f' % 1 }}",
    "{{ '%*d' % (10**9, 1) }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ ('%(a)s' * 13000) % {'a': vars.big} }}",
    "{{ 9**9**9 }}",
    "{{ 10**18 * 10**18 }}",
    "{{ ('9' * 4000)|int }}",
    "{{ 1.5|round(-1000000000) }}",
    "{{ 5|round(-1000000000, 'floor') }}",
    "{{ range(10**30) }}",
    "{{ range(100001)|list }}",
    "{{ range(9999)|map('string')|join(vars.big) }}",
    "{{ vars.big.replace('x', vars.big) }}",
    "{{ vars.big|replace('x', vars.big) }}",
    "{{ vars.big|replace('', vars.big) }}",
    "{{ ([vars.big] * 9000)|join }}",
    "{{ ([vars.big] * 9000)|map('upper')|list|length }}",
    "{{ ([range(9999)|list] * 9999)|map('list')|list|length }}",
    "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
    "{% for i in range(9999) %}{{ vars.big }}{% endfor %}",
    "{% for i in range(9999) %}{% if vars.big ~ vars.big == 'a' %}{% endif %}{% endfor %}",
    "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
    "{{ " + "+".join(["1"] * 3000) + " }}",
    "{{ " + "not " * 1500 + "1 }}",
    "{{ " + "-" * 3000 + "1 }}",
    "{{ " + "[" * 1000 + "]" * 1000 + " }}",
    "{% if true %}" * 300 + "x" + "{% endif %}" * 300,
]


@pytest.mark.parametrize("leaf", DEMANDING, ids=lambda leaf: leaf[:40])
def test_demanding_templates_are_refused_soon(leaf: str) -> None:
    outcome = expanded(leaf)
    (finding,) = outcome.findings
    assert finding.rule.id in ("S7E030", "S7E032")
    assert finding.hint
    assert "Traceback" not in finding.summary


CURIOUS = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ vars.__class__ }}",
    "{{ vars['__class__'] }}",
    "{{ [1, 2]|map(attribute='__class__')|list }}",
    "{{ [1, 2]|map(attribute='__class__')|join }}",
    "{{ vars|attr('keys') }}",
    "{{ vars.big.format }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ vars.big.upper }}",
    "{{ vars.big.upper|string }}",
    "{{ 'a' ~ vars.big.upper }}",
    "{{ vars.keys }}",
    "{{ range }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ loop }}",
    "{{ caller() }}",
    "{{ lipsum() }}",
    "{{ cycler('a') }}",
    "{{ namespace(a=1) }}",
    "{{ dict(a=1) }}",
    "{{ now() }}",
    "{{ environ.HOME }}",
    "{{ range(9)|random }}",
    "{{ vars.list|pprint }}",
    "{{ s7spec_text }}",
    "{{ 'a'|s7spec_text }}",
    "{% set x = 1 %}",
    "{% macro m() %}{% endmacro %}",
    "{% include '/etc/passwd' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% block b %}{% endblock %}",
    "{% with x = 1 %}{% endwith %}",
    "{% filter upper %}{% endfilter %}",
    "{% for x in vars.list recursive %}{{ loop(x) }}{% endfor %}",
    "{% for x in [1] %}{{ loop }}{% endfor %}",
    "{% for x in [1] %}{{ loop.cycle('a') }}{% endfor %}",
]


@pytest.mark.parametrize("leaf", CURIOUS)
def test_templates_see_nothing_but_the_manifest(leaf: str) -> None:
    outcome = expanded(leaf)
    assert outcome.jobs == ()
    assert {finding.rule.id for finding in outcome.findings} <= {
        "S7E030",
        "S7E031",
        "S7E032",
        "S7E033",
    }
    assert "0x7" not in repr(outcome.findings)


@pytest.mark.parametrize(
    ("leaf", "modifier"),
    [
        ("wid={{ 900 / 2 }}", "wid=450.0"),
        ("wid={{ 900 // 2 }}", "wid=450"),
        ("a={{ 1 / 10000000000 }}", "a=0.0000000001"),
        ("a={{ vars.flag }}", "a=true"),
        ("a={{ vars.nothing|default('x') }}", "a=x"),
        ("a={{ vars.none|default('x', true) }}", "a=x"),
        ("a={{ 'x' if vars.nothing is defined else 'y' }}", "a=y"),
        ("a={{ vars['name'] }}{{ vars.name[0] }}", "a=wordw"),
        ("a={{ vars.list[2].a }}{{ vars.list[-1]['a'] }}", "a=11"),
        ("a={{ vars.name.upper().replace('W', 'v') }}", "a=vORD"),
        ("a={{ vars.get('nothing', 'z') }}", "a=z"),
        ("a={{ vars.list[2].keys()|join }}", "a=a"),
        ("a={% for k, v in vars.list[2].items() %}{{ k }}{{ v }}{% endfor %}", "a=a1"),
        ("a={{ [3, 1, 2]|sort|join(',') }}", "a=1,2,3"),
        ("a={{ [{'n': 1}, {'n': 2}]|map(attribute='n')|join('-') }}", "a=1-2"),
        ("a={{ ['b', 'a']|map('upper')|join }}", "a=BA"),
        ("a={{ [1, 2, 3]|select('odd')|list|length }}", "a=2"),
        ("a={{ '%03d' % 7 }}{{ '%s-%s'|format('x', 2) }}", "a=007x-2"),
        ("a={{ 'a b'|urlencode }}", "a=a%20b"),
        ("a={{ ['x', 'y']|last }}{{ 'abc'|reverse }}{{ 2.567|round(1) }}", "a=ycba2.6"),
        ("a={# a comment #}b", "a=b"),
        ("a={{ '%zz' }}", None),
        ("{{ 'wid=1' if env.name == 'local' else 'wid=2' }}", "wid=1"),
        ("a={{ 1 < 2 and not false }}", "a=true"),
        ("a={{ {'x': 5}.x }}{{ (1, 2)[1] }}", "a=52"),
    ],
)
def test_what_templates_can_do(leaf: str, modifier: str | None) -> None:
    outcome = expanded(leaf)
    if modifier is None:
        assert [f.rule.id for f in outcome.findings if not f.rule.is_warning] == ["S7E107"]
        return
    # What the language of modifiers says of these is of no matter here.
    errors = [f for f in outcome.findings if not f.rule.is_warning and f.rule.id < "S7E1"]
    assert errors == []
    assert outcome.jobs[0].is_modifier == modifier


def test_the_budget_is_new_for_every_job() -> None:
    text = MANIFEST.format(big="", leaf='"a={{ range(9000)|list|length }}"')
    text = text.replace("id: a", 'id: "{{ matrix.n }}"\n    matrix: {n: [%s]}') % ",".join(
        map(str, range(20))
    )
    assert len(compile_text(text).jobs) == 20
