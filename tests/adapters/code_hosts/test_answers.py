"""What the answers of GitHub and GitLab come to, without a server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from s7spec.adapters.code_hosts.address import api_address, origin
from s7spec.adapters.code_hosts.answers import Answer, NotNow, check
from s7spec.ports import (
    CodeHostForbids,
    CodeHostRefused,
    CodeHostUnanswered,
    CodeHostUnavailable,
    PortError,
)

NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=json.dumps(body).encode())


def wait(found: Answer, *, repeatable: bool = True) -> float | None:
    with pytest.raises(NotNow) as caught:
        check(found, "host", now=NOW, repeatable=repeatable)
    assert isinstance(caught.value.error, CodeHostUnavailable)
    return caught.value.seconds


def refusal(found: Answer, *, repeatable: bool = True) -> PortError:
    with pytest.raises(PortError) as caught:
        check(found, "host", now=NOW, repeatable=repeatable)
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 204])
def test_good(status: int) -> None:
    check(answer(status), "host", now=NOW, repeatable=False)


@pytest.mark.parametrize(
    ("found", "seconds"),
    [
        (answer(429, retry_after="7"), 7.0),
        (answer(429, retry_after="0"), 0.0),
        (answer(429, retry_after="Thu, 26 Nov 2026 12:00:09 GMT"), 9.0),
        (answer(429, retry_after="Thu, 26 Nov 2026 11:00:00 GMT"), 0.0),
        (answer(429, retry_after="soon"), 60.0),
        (answer(429, retry_after="9" * 40), 60.0),
        (answer(429), 60.0),
        (answer(403, retry_after="3"), 3.0),
        (answer(403, {"message": "You have exceeded a secondary rate limit"}), 60.0),
        (
            answer(403, x_ratelimit_remaining="0", x_ratelimit_reset=f"{NOW.timestamp() + 5:.0f}"),
            5.0,
        ),
        (answer(429, ratelimit_reset=f"{NOW.timestamp() + 4:.0f}"), 4.0),
    ],
)
def test_limits_are_waited_for_whatever_was_asked(found: Answer, seconds: float) -> None:
    assert wait(found, repeatable=True) == seconds
    assert wait(found, repeatable=False) == seconds


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_failures_are_repeated_only_where_that_does_no_harm(status: int) -> None:
    assert wait(answer(status)) is None
    assert wait(answer(status, retry_after="2")) == 2.0
    assert isinstance(refusal(answer(status), repeatable=False), CodeHostUnanswered)


@pytest.mark.parametrize("status", [400, 401, 404, 405, 409, 410, 422])
def test_refusals(status: int) -> None:
    error = refusal(answer(status, {"message": "no"}))
    assert isinstance(error, CodeHostRefused)
    assert (str(error), error.status) == (f"host answered {status}: no", status)


def test_a_right_that_is_missing_is_told_apart() -> None:
    assert isinstance(refusal(answer(403, {"message": "no"})), CodeHostForbids)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "a", "errors": [{"message": "b"}, "c"]}, "a; b"),
        ({"message": {"note": ["is too long", "is bad"]}}, "note: is too long, is bad"),
        ({"error": "insufficient_scope"}, "insufficient_scope"),
        ({"message": "x" * 1000}, "x" * 1000),
        ({}, ""),
        ([], ""),
        ("text", ""),
    ],
)
def test_the_words_of_the_host(body: object, message: str) -> None:
    assert answer(422, body).message == message


def test_what_is_no_json_has_no_words() -> None:
    assert Answer(status=502, headers={}, body=b"<html>\xff").message == ""


def test_addresses() -> None:
    assert api_address("https://api.github.com/", variable="X") == "https://api.github.com"
    assert api_address("http://[::1]:8/api/v4", variable="X") == "http://[::1]:8/api/v4"
    assert origin("https://Host/a") == origin("https://host:443/b")
    assert origin("https://host/a") != origin("http://host/a")
    assert origin("https://host/a") != origin("https://host:8443/a")
    assert origin("https://host@evil/") != origin("https://host/")
