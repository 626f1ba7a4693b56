"""``include`` and ``exclude`` against a plain reading of what GitHub documents for Actions.

"Using a matrix": a configuration is left out when it agrees with all that one of ``exclude`` says.
Then, for each object of ``include``, its pairs go into each combination where none of the original
values would be overwritten; where it fits none of them, it becomes a combination of its own. What
was added before may be overwritten, and combinations that ``include`` made take part no more.
"""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.expand.combinations import Combinations

VALUES = st.sampled_from([1, 2, "1", "x", True])
AXES = st.dictionaries(
    st.sampled_from("ab"), st.lists(VALUES, min_size=1, max_size=3, unique_by=repr), max_size=2
)
SAID = st.lists(
    st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1, max_size=3), max_size=4
)


def same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def documented(
    axes: dict[str, list[Any]], exclude: list[dict[str, Any]], include: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """By the words above, one after the other."""
    jobs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for values in itertools.product(*axes.values()) if axes else ():
        original = dict(zip(axes, values, strict=True))
        if not any(all(same(original[key], entry[key]) for key in entry) for entry in exclude):
            jobs.append((original, dict(original)))
    alone: list[dict[str, Any]] = []
    for entry in include:
        is_added = False
        for original, job in jobs:
            if all(same(original[key], entry[key]) for key in entry if key in original):
                job |= entry
                is_added = True
        if not is_added:
            alone.append(dict(entry))
    return [*(job for _, job in jobs), *alone]


@given(AXES, SAID, SAID)
@settings(max_examples=200, deadline=None)
def test_a_matrix_is_read_as_github_documents_it(
    axes: dict[str, list[Any]], exclude: list[dict[str, Any]], include: list[dict[str, Any]]
) -> None:
    exclude = [{key: value for key, value in entry.items() if key in axes} for entry in exclude]
    exclude = [entry for entry in exclude if entry]
    combinations = Combinations(axes=axes, exclude=exclude, include=include)
    made = [combinations.scope(indices)["matrix"] for indices in combinations]
    wanted = documented(axes, exclude, include)
    if not axes and not include:
        wanted = [{}]  # no matrix at all: one job
    assert [sorted(job.items(), key=repr) for job in made] == [
        sorted(job.items(), key=repr) for job in wanted
    ]
    assert [[*map(type, job.values())] for job in made] == [
        [*map(type, job.values())] for job in wanted
    ]


def test_rows_come_before_the_matrix_and_the_last_axis_changes_fastest() -> None:
    combinations = Combinations(
        rows=["r1", "r2"], axes={"b": [1, 2], "a": ["x", "y"]}, exclude=[{"b": 2, "a": "x"}]
    )
    made = [combinations.scope(indices) for indices in combinations]
    assert [(each["each"], each["matrix"]["b"], each["matrix"]["a"]) for each in made] == [
        *(("r1", 1, "x"), ("r1", 1, "y"), ("r1", 2, "y")),
        *(("r2", 1, "x"), ("r2", 1, "y"), ("r2", 2, "y")),
    ]
