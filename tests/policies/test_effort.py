"""What an evaluation may take: bounded before it begins."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from s7spec.model.guardrails import PolicyScope
from s7spec.policies import BadExpressionError, PolicyFailedError, compile_policy
from s7spec.policies.effort import MOST_BYTES, effort_of, size_of_fact
from s7spec.policies.patterns import MOST_REPEATS, classes_in, repeats_in
from s7spec.policies.tree import Loop, Name, UnreadableError, read_tree

FACTS: dict[str, Any] = {
    "n": 7,
    "s": "shop/é",
    "l": ["wid", "hei", "fmt"],
    "m": {"wid": "800", "fmt": "png"},
}
ENV = cel.NewEnv(
    variables={
        "n": cel.Type.INT,
        "s": cel.Type.STRING,
        "l": cel.Type.List(cel.Type.STRING),
        "m": cel.Type.Map(cel.Type.STRING, cel.Type.STRING),
    }
)
SIZES = {name: size_of_fact(value) for name, value in FACTS.items()}


def effort(text: str, **facts: object) -> int:
    sizes = SIZES | {name: size_of_fact(value) for name, value in facts.items()}
    return effort_of(read_tree(ENV.compile(text).serialize()), sizes)


def _texts(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(("'a'", "s", "m.wid", "l[1]", *names)),
        lambda inner: st.one_of(
            st.builds("({} + {})".format, inner, inner),
            st.builds("({} == {} ? {} : {})".format, inner, inner, inner, inner),
        ),
        max_leaves=4,
    )


_LISTS = st.recursive(
    st.one_of(
        st.just("l"),
        st.lists(_texts(()), min_size=1, max_size=4).map(lambda each: f"[{', '.join(each)}]"),
        st.just("m.map(k, m[k])"),
    ),
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("{}.map(x, {})".format, inner, _texts(("x",))),
        st.builds("{}.filter(x, x != {})".format, inner, _texts(())),
        st.builds("[{}, {}].map(y, y + y)[0]".format, inner, inner),
    ),
    max_leaves=6,
)
_NESTED = st.builds("{}.map(x, [[x, x], {}])".format, _LISTS, _LISTS)


@given(text=_LISTS | _NESTED)
@settings(max_examples=300, deadline=None)
def test_no_value_is_larger_than_was_reckoned(text: str) -> None:
    bound = effort(f"[{text}]")
    assume(bound < MOST_BYTES)
    value = ENV.compile(text).eval(data=FACTS).plain_value()
    assert size_of_fact(value).total <= bound


@pytest.mark.parametrize(
    "text",
    [
        *("size(s)", "s.size()", "size(bytes(s))", "size(dyn(s))", "size([s][0])", "size(s + s)"),
        *("size(s == '' ? s : 'a')", "[s].map(x, size(x))", "[s].exists(x, x.size() > 3)"),
        *("s.contains('a')", "'a'.contains(s)", "s.startsWith('a')", "'a'.startsWith(s)"),
        *("s.endsWith('a')", "'a'.endsWith(s)", "s.matches('a')", "'a'.matches(s)"),
        *("s == 'a'", "'a' == s", "s != 'a'", "s < 'a'", "'a' >= s", "[s] == l", "{s: s} == m"),
        *("s in l", "'a' in [s]", "s in m", "m[s]", "s + 'a'", "'a' + s", "[s] + l"),
        *("string(s)", "bytes(s)", "int(s)", "uint(s)", "double(s)", "bool(s)", "timestamp(s)"),
        *("duration(s)", "string(bytes(s))", "timestamp('').getFullYear(s)"),
    ],
)
def test_what_reads_a_whole_text_takes_the_more_the_longer_it_is(text: str) -> None:
    """CEL reads each of four bytes at worst."""
    assert effort(text, s="x" * 5000) - effort(text, s="") >= 20_000


def test_counting_characters_over_and_over_is_not_begun() -> None:
    zeros = f"[{', '.join('0' * 70)}]"
    copies = f"[{'+'.join(['job.is_modifier'] * 20)}].exists(b, [{'+'.join('b' * 10)}].exists(b, "
    sizes = "size(b) + size(b) + size(b) < 0"
    when = f"{copies}{zeros}.exists(c, {zeros}.exists(d, {sizes}))))"
    with pytest.raises((BadExpressionError, PolicyFailedError), match="more than 32 MB"):
        compile_policy(when, PolicyScope.JOB).holds({"job.is_modifier": "é" * 2000})


@pytest.mark.parametrize(
    ("pattern", "repeats", "classes"),
    [
        ("^op_[a-z]+$", 1, 0),
        ("a{3}b{2,5}", 5, 0),
        ("(a{3,}b){4}", 12, 0),
        ("((a{0,30}){30}){30}", MOST_REPEATS, 0),
        ("a{99999999999999999999}", MOST_REPEATS, 0),
        ("a{0}", 1, 0),
        ("\\pL{7}|\\P{Greek}", 7, 2),
    ],
)
def test_how_far_a_pattern_unfolds(pattern: str, repeats: int, classes: int) -> None:
    assert (repeats_in(pattern), classes_in(pattern)) == (repeats, classes)


_PATTERNS = [
    "'a'.matches('\\\\pL{900}')",
    "'a'.matches('{}')".format("\\\\pL" * 600),
    "'a'.matches('\\\\p' + 'L{300}')",
    "'a'.matches(string(b'\\\\pL{300}'))",
    "['\\\\pL{300}'].all(p, 'a'.matches(p))",
    "{'k': ['\\\\pL{300}']}.k.all(p, 'a'.matches(p == '' ? 'a' : p))",
    "[0,0,0,0,0].all(a, [0,0,0,0,0,0].all(b, job.is_modifier.matches('(.{0,30}){0,30}y')))",
]


@pytest.mark.parametrize("when", _PATTERNS)
def test_patterns_that_unfold_far_are_not_matched_often(when: str) -> None:
    """Compiling one of these takes up to a third of a second, each time."""
    with pytest.raises((BadExpressionError, PolicyFailedError), match="more than 32 MB"):
        compile_policy("||".join([when] * 8), PolicyScope.JOB).holds(
            {"job.is_modifier": "x" * 2000}
        )


def test_each_doubling_doubles_it() -> None:
    doubled = [effort("['a']" + ".map(x, x + x)" * times) for times in range(8, 20)]
    assert all(after / before > 1.5 for before, after in pairwise(doubled))


@pytest.mark.parametrize(
    "when",
    [
        "job.commands.exists(one, job.commands.exists(two, one != two && one.startsWith(two)))",
        "job.modifier.exists(name, name.startsWith('op_') && job.modifier[name] != '')",
        "job.commands.map(c, c + ':' + job.manifest).exists(c, c == 'a:b')",
        "job.commands.exists(c, job.is_modifier.contains(c + '='))",
        "job.commands.filter(c, c.matches('^(op_|text)')).size() > 3",
        "job.commands.exists(c, c.matches('^[a-z]{2,20}_[0-9]{1,8}$') && c.size() > 30)",
        "job.commands.exists(c, c.matches(job.manifest + '-.*')) && job.is_modifier.size() < 9",
        "job.manifest.matches('^[a-z]([a-z0-9-]{0,60}[a-z0-9])?$')",
        "job.manifest.matches('^\\\\pL{1,100}$') || job.is_modifier.matches('\\\\p{Greek}')",
    ],
)
def test_what_people_ask_is_far_from_the_bound(when: str) -> None:
    """Of the longest modifiers there are: 60 commands, 2,000 characters."""
    facts = {
        "job.manifest": "shop",
        "job.commands": [f"command{number}" for number in range(60)],
        "job.is_modifier": "x" * 2000,
        "job.modifier": {f"command{number}": "x" * 20 for number in range(60)},
    }
    assert compile_policy(when, PolicyScope.JOB).holds(facts) in (True, False)


def test_what_is_too_much_for_any_facts_is_told_when_it_is_compiled() -> None:
    with pytest.raises(BadExpressionError, match="more than 32 MB"):
        compile_policy("['a']" + ".map(x, x + x + x)" * 20 + "[0] == ''", PolicyScope.JOB)


def test_what_is_too_much_for_these_facts_is_told_when_it_is_asked() -> None:
    expression = compile_policy(
        "job.commands.map(x, x + job.is_modifier).map(x, x + x + x + x).map(x, x + x)[0] == ''",
        PolicyScope.JOB,
    )
    few = {"job.commands": ["wid"], "job.is_modifier": "wid=8"}
    assert not expression.holds(few)
    many = {"job.commands": ["wid"] * 60, "job.is_modifier": "x" * 100_000}
    with pytest.raises(PolicyFailedError, match="it may take more than 32 MB"):
        expression.holds(many)


def test_the_tree_of_a_loop() -> None:
    tree = read_tree(ENV.compile("l.all(x, x == '')").serialize())
    assert isinstance(tree, Loop)
    assert (tree.variable, tree.over) == ("x", Name("l"))


@given(data=st.binary(max_size=60))
def test_what_is_no_tree_is_refused(data: bytes) -> None:
    whole = ENV.compile("l.map(x, x + s).exists(x, x in m)").serialize()
    for text in (data, whole[: len(data) * 5], whole[:50] + data + whole[50 + len(data) :]):
        with suppress(UnreadableError):
            effort_of(read_tree(text), SIZES)
