"""Patterns of paths."""

from __future__ import annotations

import pytest

from s7spec.pipeline.selecting.patterns import path_matches


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("a.yaml", "a.yaml", True),
        ("./a.yaml", "a.yaml", True),
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "eu/a.yaml", False),
        ("eu", "eu/a.yaml", True),
        ("eu/", "eu/de/a.yaml", True),
        ("eu", "europe/a.yaml", False),
        ("e?", "eu/a.yaml", True),
        ("eu/*.yaml", "eu/de/a.yaml", False),
        ("eu/**", "eu/de/a.yaml", True),
        ("eu/**/*.yaml", "eu/a.yaml", True),
        ("eu/**/*.yaml", "eu/de/x/a.yaml", True),
        ("**/a.yaml", "a.yaml", True),
        ("**/a.yaml", "eu/de/a.yaml", True),
        ("**/de/*", "eu/de/a.yaml", True),
        ("**/fr/*", "eu/de/a.yaml", False),
        ("[!e]*/a.yaml", "eu/a.yaml", False),
        ("[!/]u/a.yaml", "eu/a.yaml", False),
        ("eu/[ab].yaml", "eu/b.yaml", True),
        ("EU/a.yaml", "eu/a.yaml", False),
        ("my files/*", "my files/line\nbreak.yaml", True),
        ("/".join(["**"] * 40) + "/x", "/".join(["a"] * 40), False),
    ],
)
def test_paths(pattern: str, path: str, fits: bool) -> None:
    assert path_matches(path, pattern) is fits
