"""Whatever a manifest holds, expanding it ends: with jobs, or with words about its limits.

Nothing is timed here: a generous alarm guards the suite against what would not end.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from s7spec.expand import expand
from s7spec.expand.budget import MAX_JOBS, Work
from s7spec.load import load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.inputs import Inputs
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Manifest
from s7spec.model.source import SourceFile
from s7spec.validate import argument_problem, read_manifest
from tests.expand.compiling import LOCAL, payloads, schemas

HEAD = {"apiVersion": "s7spec/v1", "kind": "ExportManifest", "metadata": {"name": "dear"}}
STEPS = 10_000_000
TOO_DEAR = f"the manifest `dear` takes more than {STEPS:,} steps to expand"
MANY = {"a": list(range(300)), "b": list(range(300))}


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """Far beyond what any of these takes, on any machine."""
    signal.alarm(240)
    yield
    signal.alarm(0)


def manifest(value: dict[str, Any]) -> Manifest:
    text = json.dumps({**HEAD, **value}, indent=1)
    (document,) = load_text(SourceFile(path="dear.yaml", text=text)).documents
    read, findings = read_manifest(document, schemas())
    assert read is not None, findings
    return read


def came_of(
    value: dict[str, Any], library: str | None = None, work: Work | None = None
) -> tuple[int, list[Diagnostic]]:
    """How many jobs, and the findings."""
    libraries = {"l.j2": SourceFile(path="l.j2", text=library or "")}
    jobs = 0
    findings: list[Diagnostic] = []
    results = expand(
        manifest(value),
        LOCAL,
        inputs=Inputs(libraries=libraries),
        payloads=payloads(),
        argument=argument_problem,
        work=work or Work(STEPS),
    )
    for result in results:
        if isinstance(result, ExpandedJob):
            jobs += 1
        else:
            findings.append(result)
    return jobs, findings


def many_jobs(leaf: str | dict[str, str], **further: Any) -> dict[str, Any]:
    return {
        "id": "{{ matrix.a }}-{{ matrix.b }}",
        "matrix": MANY,
        "assets": {"folder": "x"},
        "fmt": "convert",
        "is_modifier": leaf,
        **further,
    }


FOR_EACH_JOB = "a={{ matrix.a }}{{ matrix.b }}"
NUMBERS = list(range(3000))
WORDS = [str(number * 7919 % 3001) for number in NUMBERS]
ROWS = [{"a": number} for number in NUMBERS]
LONG = "x" * 60_000
LOOP = "{{% for i in range({}) %}}{}{{% endfor %}}"


@pytest.mark.parametrize(
    ("values", "work"),
    [
        (NUMBERS, LOOP.format(400, "{% if 'zz' in vars.l %}{% endif %}")),
        (NUMBERS, LOOP.format(100, "{% if vars.l != vars.l[:2999] %}{% endif %}")),
        (NUMBERS, LOOP.format(100, "{{ vars.l[1:]|length }}")),
        (WORDS, LOOP.format(25, "{{ vars.l|sort|first }}{{ vars.l|max }}")),
        (WORDS, "{{ vars.l|map('upper')|list|length }}"),
        (ROWS, "{{ vars.l|selectattr('a', 'eq', -1)|list|length }}"),
        (ROWS, "{{ vars.l|map(attribute='a')|unique|list|length }}"),
        (LONG, LOOP.format(20, "{{ vars.l.find('y') }}{{ vars.l.count('y') }}")),
        (LONG, LOOP.format(5, "{% if vars.l is lower %}{% endif %}{{ (vars.l|slug)[:1] }}")),
        ({f"k{n}": n for n in NUMBERS}, LOOP.format(9, "{{ vars.l|dictsort|length }}")),
        ([], LOOP.format(5000, "{% if vars.nope is defined %}{% endif %}")),
        ([], LOOP.format(5000, "{% if i + i + i + i + i + i + i %}{% endif %}")),
        ([], LOOP.format(5000, "{{ loop.previtem|default(0) }}{{ loop.nextitem|default(0) }}")),
    ],
    ids=lambda each: each[:60] if isinstance(each, str) else type(each).__name__,
)
def test_work_that_leaves_no_text_counts_too(values: Any, work: str) -> None:
    value = {"vars": {"l": values}, "exports": [many_jobs(FOR_EACH_JOB + work)]}
    jobs, findings = came_of(value)
    assert jobs < 90_000
    assert findings[-1].summary.startswith(TOO_DEAR)
    assert findings[-1].rule.id == "S7E032"
    assert findings[-1].hint


def test_a_hostile_leaf_does_not_cost_its_price_for_each_job() -> None:
    hostile = LOOP.format(9999, LOOP.format(9999, ""))
    _, findings = came_of({"exports": [many_jobs(FOR_EACH_JOB + hostile)] * 20})
    assert findings
    assert "steps" in findings[-1].summary


def test_what_is_honest_passes() -> None:
    leaf = "{{ matrix.a|string|upper }}-{{ matrix.b + 1 }}"
    loop = "{% for i in vars.l %}{{ i|upper }}{{ matrix.a }}{{ matrix.b|string }}{% endfor %}"
    export = many_jobs({"wid": leaf, "hei": leaf, "text": loop})
    jobs, findings = came_of({"vars": {"l": [1, 2, 3, 4, 5]}, "exports": [export]}, work=Work())
    assert (jobs, findings) == (90_000, [])


def test_a_hundred_thousand_rows_can_be_filtered() -> None:
    text = "[" + ",".join(f'{{"n":{number}}}' for number in range(100_000)) + "]"
    export = {
        "id": "j-{{ each.n }}",
        "for_each": "{{ vars.rows|selectattr('n', 'lt', 50000)|rejectattr('n', 'eq', 3)|list }}",
        "assets": {"folder": "x"},
        "fmt": "orig",
    }
    jobs, findings = came_of({"vars": {"rows": json.loads(text)}, "exports": [export]}, work=Work())
    assert (jobs, findings) == (49_999, [])


def test_jobs_are_counted() -> None:
    exports = [many_jobs("a={{ matrix.b }}", id=f"e{n}-{{{{ matrix.a }}}}") for n in range(12)]
    jobs, findings = came_of({"exports": [{**each, "id": "same"} for each in exports]}, work=Work())
    assert jobs == 1
    assert findings[-1].summary.startswith(f"the manifest `dear` takes more than {MAX_JOBS:,} jobs")
    assert findings[-1].where is not None
    assert findings[-1].snippet is not None


@pytest.mark.parametrize(
    "export",
    [
        many_jobs("a=" + "{{ vars.t }}" * 600 + "{{ matrix.a }}{{ matrix.b }}"),
        many_jobs("a={{ matrix.a }}", when="{{ matrix.a == 'q' and matrix.b == 'z' }}"),
        many_jobs("a=1", matrix={**MANY, "exclude": [{"a": -n, "b": -n} for n in range(2000)]}),
        many_jobs("a=1", matrix={**MANY, "include": [{"a": -n, "b": -n} for n in range(2000)]}),
    ],
    ids=["long texts", "when", "exclude", "include"],
)
def test_the_short_way_and_the_matrix_have_bounds(export: dict[str, Any]) -> None:
    exports = [{**export, "id": f"e{n}-{export['id']}"} for n in range(9)]
    _, findings = came_of({"vars": {"t": "x" * 100}, "exports": exports})
    assert findings[-1].summary.startswith(TOO_DEAR)


def test_a_text_of_many_long_ones_is_refused_by_either_way() -> None:
    leaf = "a=" + "{{ vars.t }}" * 600
    export = {"id": "a", "assets": {"folder": "x"}, "fmt": "convert", "is_modifier": leaf}
    (finding,) = came_of({"vars": {"t": LONG}, "exports": [export]})[1]
    assert finding.summary == "the template makes a text of more than 64 KiB"


def test_selections_and_texts_of_one_job_are_bounded() -> None:
    selection = {"names": [f"{{{{ vars.t }}}}-{n}" for n in range(2000)]}
    export = many_jobs(FOR_EACH_JOB, assets=selection)
    assert came_of({"vars": {"t": "x" * 200}, "exports": [export]})[1]


@pytest.mark.parametrize(
    "library",
    [
        "{% macro a(n) %}{{ a(n) }}{% endmacro %}",
        "{% macro a(n) %}{{ b(n) }}{{ b(n) }}{% endmacro %}"
        "{% macro b(n) %}{{ a(n) }}{% endmacro %}",
        "{% macro a(n=a()) %}{{ n }}{% endmacro %}",
    ],
)
def test_macros_that_call_themselves_are_told_so(library: str) -> None:
    value = {"libraries": {"m": "l.j2"}, "exports": [many_jobs("a={{ m.a() }}"), many_jobs("a=1")]}
    if "a(n)" in library:
        value = json.loads(json.dumps(value).replace("m.a()", "m.a(1)"))
    jobs, findings = came_of(value, library, Work())
    assert jobs == 90_000
    assert [finding.rule.id for finding in findings] == ["S7E032", "S7E032"]
    said = " ".join(finding.summary for finding in findings)
    assert "more than 50 levels deep: does one call itself?" in said
    assert "the others were not tried" in said


def test_macros_in_loops_count() -> None:
    library = (
        "{% macro b(n) %}{% for i in range(n) %}x{% endfor %}{% endmacro %}"
        "{% macro a(n) %}{% for i in range(400) %}{{ b(n) }}{% endfor %}{% endmacro %}"
    )
    value = {"libraries": {"m": "l.j2"}, "exports": [many_jobs(FOR_EACH_JOB + "{{ m.a(3) }}")]}
    _, findings = came_of(value, library)
    assert findings[-1].summary.startswith(TOO_DEAR)


def test_a_library_too_large_to_read_is_named() -> None:
    macros = "".join(f"{{% macro a{n}(x) %}}{{{{ x }}}}{{% endmacro %}}\n" for n in range(20_000))
    value = {"libraries": {"m": "l.j2"}, "exports": [many_jobs("a={{ m.a3(3) }}")]}
    jobs, findings = came_of(value, macros)
    assert jobs == 0
    assert [finding.rule.id for finding in findings] == ["S7E032"]
    assert "with the library l.j2 more than" in findings[0].summary


def test_many_different_templates_count() -> None:
    exports = [
        {"id": f"e{n}", "assets": {"folder": f"{{{{ vars.a|upper }}}}{n}"}, "fmt": "orig"}
        for n in range(2_000)
    ]
    jobs, findings = came_of({"vars": {"a": "x"}, "exports": exports})
    assert 100 < jobs < 2_000
    assert findings[-1].summary.startswith(TOO_DEAR)


def test_many_faults_of_many_exports_end_soon() -> None:
    exports = [
        {"id": f"e{n}", "assets": {"folder": "{{ vars.nope }}"}, "fmt": "orig"}
        for n in range(2_000)
    ]
    _, findings = came_of({"vars": {f"v{n}": n for n in range(5_000)}, "exports": exports})
    assert len(findings) == 101


def test_combinations_are_called_by_words_that_are_cheap() -> None:
    values = [{"x": ["y" * 50] * 200} for _ in range(30)]
    export = many_jobs("a={{ matrix.nope }}", matrix={"a": values, "b": list(range(300))})
    jobs, findings = came_of({"exports": [export] * 2})
    assert jobs == 0
    assert "(with a[0]=" in (findings[0].hint or "")
