"""Lists that a code host gives page by page, and what is in their entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from requests.utils import parse_header_links

from s7spec.adapters.code_hosts.answers import Answer
from s7spec.adapters.code_hosts.calls import Calls
from s7spec.ports import CodeHostRefused

_PER_PAGE = 100
_MOST_PAGES = 1000


def pages(
    calls: Calls, path: str, further: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Every entry of every page. That there is a next one the host says; its address is ours."""
    for page in range(1, _MOST_PAGES + 1):
        query = {**(further or {}), "per_page": str(_PER_PAGE), "page": str(page)}
        answer = calls.call("GET", path, query=query)
        entries = answer.data
        if not isinstance(entries, list):
            raise CodeHostRefused(
                "the answer is no list of comments: is this the address of an API?"
            )
        yield from (each for each in entries if isinstance(each, dict))
        if not _goes_on(answer):
            return


def number_in(entry: Mapping[str, Any], key: str) -> int:
    found = entry.get(key)
    if not isinstance(found, int):
        raise CodeHostRefused(f"a comment without {key}: is this the address of an API?")
    return found


def text_in(entry: Mapping[str, Any], key: str) -> str:
    found = entry.get(key)
    return found if isinstance(found, str) else ""


def _goes_on(answer: Answer) -> bool:
    links = parse_header_links(answer.headers.get("link", ""))
    return any(each.get("rel") == "next" for each in links)
