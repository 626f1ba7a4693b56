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


def effort(text: str) -> int:
    return effort_of(read_tree(ENV.compile(text).serialize()), SIZES)


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
