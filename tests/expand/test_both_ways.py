"""The short way (``expand.filling``) gives exactly what the long way (``expand.slowly``) gives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s7spec.expand import expand
from s7spec.load import load_text
from s7spec.load.dump import to_yaml
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.inputs import Inputs
from s7spec.model.job import ExpandedJob
from s7spec.model.source import SourceFile
from s7spec.validate import argument_problem, read_manifest
from tests.expand.compiling import LOCAL, payloads, schemas

HEAD = {"apiVersion": "s7spec/v1", "kind": "ExportManifest", "metadata": {"name": "ways"}}
LIBRARY = SourceFile(
    path="lib.j2",
    text="{% macro size(w, h=3) %}wid={{ w }}&hei={{ h }}{% endmacro %}"
    "{% macro each(list) %}{% for x in list %}{{ x }}{% endfor %}{% endmacro %}",
)

# Mostly what works, so that jobs come out; now and then something odd.
SOUND = st.sampled_from(
    [
        "a",
        "b1",
        "main",
        "web",
        "s-1",
        "x.y",
        "50%",
        "a&b",
        "$x$",
        "a,b",
        "{z}",
        "a b",
        "ä",
        "日本",
        "é%20",
        "~",
        "+",
        "#",
        "'",
        '"',
        "0,",
        "a|b",
        "<",
        "007",
        "true",
        "a=b",
        "ﬁ",
        "İ",
        "-1",
        "%4",
    ]
)
ODD = st.sampled_from(
    [
        "",
        " ",
        " a",
        "a ",
        "%",
        "%zz",
        "$",
        "&",
        "?",
        "{",
        "}",
        "{{",
        "null",
        ".",
        "..",
        "/",
        "\\",
        "\xa0",
        "\u200b",
        "́",
        "\ufeff",
        "x" * 120,
        "a..b",
        "/a",
        "\xada",
    ]
) | st.text("ab-%$&{}é .=", max_size=6)
NUMBERS = (
    st.integers(-3, 4000)
    | st.sampled_from([0.5, 1.0, 0.1, -2.25, 100000.0, 2**53 - 1])
    | st.booleans()
)


def mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 19).flatmap(lambda n: odd if n == 0 else usual)


TEXTS = mostly(SOUND, ODD)
SCALARS = TEXTS | NUMBERS
LISTS = st.lists(SCALARS, min_size=1, max_size=2)
NESTED = st.fixed_dictionaries({"wid": SCALARS, "l": mostly(LISTS, st.just([None]))})
VALUES = mostly(SCALARS, NESTED | st.none())
ROWS = st.fixed_dictionaries(
    {"t": TEXTS, "n": NUMBERS, "m": NESTED}, optional={"v": VALUES, "items": SCALARS, "keys": TEXTS}
)


def rows(prefix: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Each with an id of its own."""
    return st.lists(ROWS, min_size=1, max_size=4).map(
        lambda each: [{"id": f"{prefix}{at}", **row} for at, row in enumerate(each)]
    )


NAMES = ("matrix.k", "each", "vars.r", "vars['r']", "matrix['k']")
PATHS = mostly(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from([".id", ".t", ".n", "['t']", ".m.wid", ".m.l[0]"])
    ).map("".join),
    st.sampled_from(
        [
            "matrix",
            "each",
            "vars.r",
            "vars.missing",
            "matrix.k.v",
            "each.items",
            "each.keys",
            "vars.none",
            "vars.r.t[0]",
            "vars.r.t.upper",
            "vars.r.m.l[7]",
            "each.v",
            "matrix.c",
            "vars.r.m.l",
            "data.rows",
            "matrix.k.values",
            "each[0]",
            "env",
            "matrix.k.m.l['0']",
        ]
    ),
)
EXPRESSIONS = mostly(
    st.sampled_from(
        [
            "matrix.k.n|string|upper",
            "vars.r.t ~ '-' ~ matrix.k.id",
            "vars.nope|d('q')",
            "1.50",
            "'x' if matrix.k.n == 1 else 'y'",
            "vars.l|length",
            "lib.size(matrix.k.n)",
            "true",
            "each.t|slug ~ 'x'",
            "vars.r.t|percent_encode",
            "vars.r.n + 1",
            "'%s' % matrix.k.t",
            "'a' if each.n in [1, 2] else 'b'",
            "env.name",
            "matrix.k.m.l|first",
            "lib.each(vars.l)",
        ]
    ),
    st.sampled_from(
        [
            "{'wid': matrix.k.n, 'hei': 2}",
            "[1, 2]",
            "none",
            "''",
            "' a '",
            "lib.nope()",
            "1 / 0",
            "matrix",
            "vars.l|map('string')|list",
            "vars.l|map('int')",
            "1e20",
            "vars.r.m|modifier",
            "range(90000)|list|length",
            "lib.size()",
            "vars.l|select('odd')|list",
        ]
    ),
)
STATEMENTS = mostly(
    st.sampled_from(
        [
            "{% if matrix.k.n == 1 %}a{% else %}b{% endif %}",
            "{# c #}b",
            "{{ '{{' }}",
            "{% for x in vars.l %}{{ x }}{% endfor %}.",
            "{%- if true -%} q {%- endif -%}",
        ]
    ),
    st.sampled_from(
        ["{{ vars.t", "{% if %}", "{{ nope }}", "{{ vars.t|nope }}", "{% raw %}{{ x }}{% endraw %}"]
    ),
)
FILLED = st.one_of(
    PATHS.map(lambda path: "{{ " + path + " }}"),
    PATHS.map(lambda path: "{{" + path + "}}"),
    EXPRESSIONS.map(lambda expression: "{{ " + expression + " }}"),
    STATEMENTS,
)
LEAVES = FILLED | st.tuples(
    st.sampled_from(["a", "x-", "é", "1"]), FILLED, st.sampled_from(["", "z", "-"]), FILLED | TEXTS
).map("".join)
IN_TEXT = PATHS.map(lambda path: "wid={{ " + path + " }}&hei=2") | st.tuples(
    st.sampled_from(["wid=", "a={z}&b=", "&$n=", "a=%c3&b="]),
    FILLED,
    st.sampled_from(["", "&fmt=png"]),
    mostly(st.just(""), FILLED),
).map("".join)
COMMANDS = st.sampled_from(["wid", "hei", "fmt", "bgc", "$text", "x.y", "qlt", "fit"])
IDS = mostly(
    st.sampled_from(["{{ matrix.k.id }}.{{ each.id }}", "j-{{ matrix.k.id }}-{{ each.id|upper }}"]),
    st.sampled_from(["j-{{ matrix.k.id }}", "{{ matrix.k.t }}{{ each.id }}"]) | LEAVES,
)


@st.composite
def matrices(draw: st.DrawFn) -> dict[str, Any]:
    values = draw(rows("k"))
    matrix: dict[str, Any] = {"k": values}
    known = st.fixed_dictionaries({}, optional={"k": st.sampled_from(values)}).filter(bool)
    if draw(st.integers(0, 3)) == 0:
        matrix["exclude"] = [draw(known)]
    if draw(st.integers(0, 3)) == 0:
        matrix["include"] = [{**draw(known), "c": draw(SCALARS)}]
    return matrix


@st.composite
def selections(draw: st.DrawFn) -> dict[str, Any]:
    optional = {
        "types": st.just(["Image"]) | st.just(["{{ vars.kind }}"]),
        "exclude": st.lists(LEAVES, min_size=1, max_size=2, unique=True),
        "where": LEAVES.map(lambda leaf: [{"field": "Name", "op": "StartsWith", "value": leaf}]),
    }
    if draw(st.booleans()):
        return {"names": draw(st.lists(LEAVES, min_size=1, max_size=2, unique=True))}
    return {
        "folder": draw(st.just("Acme/{{ vars.kind }}/") | LEAVES),
        **draw(st.fixed_dictionaries({}, optional=optional)),
    }


@st.composite
def exports(draw: st.DrawFn) -> dict[str, Any]:
    named = st.just("named") | mostly(st.just("named"), st.just("{{ vars.choice }}"))
    modifiers = IN_TEXT | st.dictionaries(COMMANDS, SCALARS | LEAVES, min_size=1, max_size=3)
    optional = {
        "macro": st.sampled_from(["$a$", "p-{{ matrix.k.id }}", "{{ each.t }}"]),
        "rerun": LEAVES,
        "code_version": LEAVES,
        "inputs": st.dictionaries(
            st.sampled_from(["a", "b"]), LEAVES | st.integers(-3, 9), min_size=1
        ),
        "schedule": st.just({"at": "2027-03-01T06:00:00+01:00"})
        | st.just({"at": "{{ vars.moment }}"})
        | st.just({"cron": "0 0 {{ matrix.k.n }} ? * MON-FRI"}),
        "when": mostly(
            st.sampled_from(["{{ matrix.k.n != 1 }}", "{{ vars.flag }}", "{{ each.id == 'e0' }}"]),
            st.sampled_from(["{{ each.t }}", False]),
        ),
    }
    return {
        "id": draw(IDS),
        "assets": draw(named | selections()),
        "fmt": "convert",
        "is_modifier": draw(modifiers),
        "matrix": draw(matrices()),
        "for_each": draw(rows("e") | mostly(st.just("{{ vars.rows }}"), st.just("{{ vars.l }}"))),
        **draw(st.fixed_dictionaries({}, optional=optional)),
    }


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    return {
        **HEAD,
        "libraries": {"lib": "lib.j2"},
        "vars": {
            "r": draw(ROWS),
            "l": draw(st.lists(SCALARS, max_size=3)),
            "rows": draw(rows("v")),
            "none": None,
            "flag": draw(st.booleans()),
            "kind": "Image",
            "moment": "2027-03-01T06:00:00+01:00",
            "choice": "named",
        },
        "assets": {"named": draw(selections())},
        "exports": [draw(exports())],
    }


def gone(value: Mapping[str, Any], *, all_slowly: bool) -> list[ExpandedJob | Diagnostic] | None:
    """What comes of a manifest one way; None when it is no valid manifest to begin with."""
    loaded = load_text(SourceFile(path="ways.yaml", text=to_yaml(value)))
    if len(loaded.documents) != 1:
        return None
    manifest, _ = read_manifest(loaded.documents[0], schemas())
    if manifest is None:
        return None
    results = expand(
        manifest,
        LOCAL,
        inputs=Inputs(libraries={"lib.j2": LIBRARY}),
        payloads=payloads(),
        argument=argument_problem,
        all_slowly=all_slowly,
    )
    return list(results)


def plain(result: ExpandedJob | Diagnostic) -> object:
    """Everything of a result that is no place in a document of its own."""
    if isinstance(result, Diagnostic):
        return result
    selection, settings_ = result.selection, result.settings
    schedule = settings_.schedule
    return (
        str(result.key),
        result.is_modifier,
        result.macro,
        (selection.folder, selection.names, selection.types, selection.exclude),
        [(each.field, each.op, each.value, type(each.value)) for each in selection.where],
        (settings_.policy, schedule and (schedule.at, schedule.cron)),
        (settings_.code_version, settings_.inputs),
        str(result.origin),
    )


EXAMPLES = int(os.environ.get("S7SPEC_TEST_EXAMPLES", "100"))
"""How many; S7SPEC_TEST_EXAMPLES=400 for a longer run (the suite's alarm rings after a minute)."""


def test_both_ways_agree() -> None:
    compared = 0

    @given(manifests())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def agree(value: dict[str, Any]) -> None:
        nonlocal compared
        shortly, slowly = gone(value, all_slowly=False), gone(value, all_slowly=True)
        assert (shortly is None) == (slowly is None)
        assert [*map(plain, shortly or ())] == [*map(plain, slowly or ())]
        compared += len(shortly or ())

    agree()
    assert compared >= EXAMPLES // 2, "jobs and findings, not only manifests that the door refuses"
