"""Goldens: finished reports as files, to be read by people before they are committed.

``S7SPEC_WRITE_GOLDENS=1 pytest tests/report`` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parent / "goldens"
_WRITE = bool(os.environ.get("S7SPEC_WRITE_GOLDENS"))


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Holds a text against the golden of that file name."""

    def held(name: str, text: str) -> None:
        path = _FOLDER / name
        if _WRITE:
            path.write_text(text, encoding="utf-8", newline="\n")
            pytest.skip(f"written: {name}")
        assert text == path.read_bytes().decode(), f"differs from goldens/{name}"

    return held
