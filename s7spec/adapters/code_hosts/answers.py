"""What the answer of a code host means, and the errors that follow from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from s7spec.ports import (
    CodeHostForbids,
    CodeHostRefused,
    CodeHostUnanswered,
    CodeHostUnavailable,
    PortError,
)

_OVERLOADED = 429
_TIMED_OUT = 408
_FORBIDDEN = 403
_LIMITED_SECONDS = 60.0
"""What GitHub asks for where it does not say how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``headers`` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        return self.status in (301, 302, 303, 307, 308)

    @property
    def data(self) -> Any:
        """None when there is no JSON in it."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def message(self) -> str:
        """The host's own words."""
        data = self.data
        found = data.get("message") or data.get("error") if isinstance(data, dict) else None
        if isinstance(found, dict):  # GitLab, for each field that is wrong
            found = "; ".join(f"{name}: {_joined(words)}" for name, words in found.items())
        errors = data.get("errors") if isinstance(data, dict) else None
        if isinstance(errors, list):  # GitHub
            told = [each.get("message") for each in errors if isinstance(each, dict)]
            found = "; ".join(str(each) for each in (found, *told) if each)
        return str(found or "")


class NotNow(Exception):
    """Worth another try, after ``seconds`` if the host has said so; ``error`` is what it comes
    to when there is no time for one."""

    def __init__(self, error: PortError, seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.seconds = seconds


def check(answer: Answer, host: str, *, now: datetime, repeatable: bool) -> None:
    """Raises NotNow for what may be different next time, PortError for what will not."""
    if answer.is_good:
        return
    told = f"{host} answered {answer.status}{f': {answer.message}' if answer.message else ''}"
    if _is_limited(answer):
        # Nothing was done: this may be repeated, whatever it is.
        asked = _wait_asked_for(answer, now)
        raise _later(told, _LIMITED_SECONDS if asked is None else asked)
    if answer.status >= 500 or answer.status == _TIMED_OUT:
        if not repeatable:
            raise CodeHostUnanswered(told)
        raise _later(told, _wait_asked_for(answer, now))
    raise _refusal(answer, told)


def _later(told: str, seconds: float | None) -> NotNow:
    error = CodeHostUnavailable(told)
    if seconds is not None:
        error.remedy = f"it is not to be asked again for {seconds:.0f} s; --timeout says how long"
    return NotNow(error, seconds)


_REMEDIES = {
    401: "the token is wrong or has expired",
    404: "there is no such pull or merge request, or the token may not see it",
    410: "comments are switched off there",
}


def _refusal(answer: Answer, told: str) -> CodeHostRefused:
    kind = CodeHostForbids if answer.status == _FORBIDDEN else CodeHostRefused
    return kind(told, status=answer.status, remedy=_REMEDIES.get(answer.status, ""))


def _is_limited(answer: Answer) -> bool:
    if answer.status == _OVERLOADED:
        return True
    return answer.status == _FORBIDDEN and (
        "retry-after" in answer.headers
        or answer.headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in answer.message.lower()
    )


def _wait_asked_for(answer: Answer, now: datetime) -> float | None:
    """Seconds, from `Retry-After` (a number or a date) or from the end of a used-up limit."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit() and len(asked) < 9:
        return float(asked)
    if asked:
        try:
            until = parsedate_to_datetime(asked)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (until - now).total_seconds())
    reset = answer.headers.get("x-ratelimit-reset", "") or answer.headers.get("ratelimit-reset", "")
    is_used_up = answer.headers.get("x-ratelimit-remaining") == "0" or answer.status == _OVERLOADED
    if is_used_up and reset.isascii() and reset.isdigit() and len(reset) < 12:
        return max(0.0, float(reset) - now.timestamp())
    return None


def _joined(words: object) -> str:
    return ", ".join(map(str, words)) if isinstance(words, list) else str(words)
