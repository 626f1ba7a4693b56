"""Expressions: what is one, what it may speak about, and that none can do harm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.model.guardrails import PolicyScope
from s7spec.policies import FACTS, BadExpressionError, PolicyFailedError, compile_policy

_SAMPLES: Mapping[str, object] = {
    "string": "shop",
    "int": 7,
    "bool": True,
    "list(string)": ["new"],
    "map(string, string)": {"wid": "800"},
    "map(string, int)": {"upscaled": 2},
}
JOB = {name: _SAMPLES[kind] for name, kind in FACTS[PolicyScope.JOB].items()}


def holds(when: str) -> bool:
    return compile_policy(when, PolicyScope.JOB).holds(JOB)


@pytest.mark.parametrize(
    ("when", "truth"),
    [
        ("job.assets > 6 && job.manifest == 'shop'", True),
        ("'new' in job.reasons", True),
        ("'wid' in job.modifier && int(job.modifier['wid']) > 900", False),
        ("has(job.modifier.hei) && job.modifier.hei == '1'", False),
        ("job.flags.upscaled >= 2", True),
        ("job.export.matches('^sh[a-z]+$')", True),
        ("job.commands.exists(name, name.startsWith('op_'))", False),
        ("environment == 'shop' && !job.sends", False),
        ("\n  job.tries > 1\n  ", True),
    ],
)
def test_conditions(when: str, truth: bool) -> None:
    assert holds(when) is truth


@pytest.mark.parametrize(
    ("when", "words", "place", "unknown"),
    [
        ("job.asets > 5", "undeclared reference to 'job.asets'", (1, 4), "job.asets"),
        ("plan.sends > 5", "undeclared reference to 'plan.sends'", (1, 5), "plan.sends"),
        ("job.assets >", "Syntax error: mismatched input '<EOF>'", (1, 13), ""),
        ("true &&\n job.assets", "no matching overload for '_&&_'", (1, 6), ""),
        ("job.manifest > 5", "no matching overload", (1, 14), ""),
        ("job.manifest", "it gives a value of type string, not true or false", (1, 1), ""),
        ("dyn(true)", "it gives a value of type dyn", (1, 1), ""),
        ("99999999999999999999 > 1", "invalid int literal", (1, 1), ""),
        ("true\x00", "Syntax error", (1, 5), ""),
        ("job.fmt.matches('[')", "invalid regular expression: missing ]: [", (1, 18), ""),
        ("false &&\n matches(job.fmt, '(?=a)')", "invalid perl operator", (2, 20), ""),
        ("job.commands.exists(c, c.matches('*'))", "no argument for repetition", (1, 35), ""),
        ("[job.fmt].all(f, f.matches('\\\\'))", "invalid regular expression", (1, 29), ""),
        ("job.manifest == '\ud800'", "not Unicode text", (1, 1), ""),
        ("open('/etc/passwd') == ''", "undeclared reference to 'open'", (1, 5), "open"),
    ],
)
def test_what_is_no_condition(when: str, words: str, place: tuple[int, int], unknown: str) -> None:
    with pytest.raises(BadExpressionError) as caught:
        compile_policy(when, PolicyScope.JOB)
    error = caught.value
    assert words in str(error)
    assert "expecting {" not in str(error)
    assert ((error.line, error.column), error.unknown) == (place, unknown)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("job.modifier.hei == '1'", 'Key not found in map : "hei"'),
        ("job.assets / 0 > 1", "divide by zero"),
        ("job.assets + 9223372036854775807 > 0", "integer overflow"),
        ("job.manifest.matches('(' + job.export)", "invalid regular expression"),
        ("int(job.manifest) > 1", "cannot convert"),
    ],
)
def test_what_has_no_value(when: str, words: str) -> None:
    with pytest.raises(PolicyFailedError) as caught:
        holds(when)
    assert words in str(caught.value)


def _nested(depth: int) -> str:
    numbers = "[" + ",".join("1" * 20) + "]"
    expression = "false"
    for level in range(depth):
        expression = f"{numbers}.exists(x{level}, {expression})"
    return expression


def _doubling(times: int, made: str) -> str:
    return "['a']" + f".map(x, {made})" * times


@pytest.mark.parametrize(
    "when",
    [
        "(" * 950 + "true" + ")" * 950,
        "!" * 1996 + "true",
        "+".join(["'aaaaaaaaaaaaaa'"] * 100) + " == ''",
        "[" * 990 + "1" + "]" * 990,
        _nested(8),
        "'" + "a" * 60 + "!'.matches('(a+)+$')",
        _doubling(12, "x + x + x + x + x + x + x + x") + "[0] == ''",
        _doubling(22, "[x, x, x]") + " == " + _doubling(22, "[x, x, x]"),
        "job.commands" + ".map(x, x + x + x + x)" * 20 + "[0] == ''",
        f"[{','.join(['1'] * 950)}].map(x, [x]).size() > 0",
    ],
    ids=[
        *("brackets", "not-not", "sum", "lists", "loops", "regex"),
        *("texts", "equality", "facts", "appending"),
    ],
)
def test_hostile_expressions_end(when: str) -> None:
    """Within a second and 100 MB, by an error of ours or an answer: plans are made of unreviewed
    checkouts."""
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "from tests.policies.test_policies import holds\n"
        "holds('true')\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "from s7spec.policies import BadExpressionError, PolicyFailedError\n"
        "try:\n    holds(sys.argv[1])\n"
        "except (BadExpressionError, PolicyFailedError):\n    pass\n"
        "taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "assert taken < 100 * 1024, taken\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, when],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@given(when=st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_condition_or_refused(when: str) -> None:
    error = problem_of(when)
    assert error is None or (str(error) and min(error.line, error.column) >= 1)


def problem_of(when: str) -> BadExpressionError | None:
    try:
        compile_policy(when, PolicyScope.JOB)
    except BadExpressionError as error:
        return error
    return None


@pytest.mark.parametrize("scope", PolicyScope)
def test_every_fact_can_be_asked_for(scope: PolicyScope) -> None:
    for name, kind in FACTS[scope].items():
        compile_policy(f"{name} == {name} || {name} != {name}", scope)
        assert kind in _SAMPLES


def test_half_a_character_in_a_name_is_no_crash() -> None:
    expression = compile_policy("job.manifest == 'x'", PolicyScope.JOB)
    with pytest.raises(PolicyFailedError):
        expression.holds({**JOB, "job.manifest": "\ud800"})
