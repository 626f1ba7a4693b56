"""Requests to one code host: repeated while it makes sense, never to another host."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import requests
import urllib3
from requests.auth import AuthBase
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from s7spec import __version__
from s7spec.adapters.code_hosts.address import origin
from s7spec.adapters.code_hosts.answers import Answer, NotNow, check
from s7spec.adapters.code_hosts.timed import TimedAdapter
from s7spec.adapters.network.deadline import Deadline
from s7spec.ports import CodeHostRefused, CodeHostUnanswered, CodeHostUnavailable, PortError

_MOST_BYTES = 64 * 1024 * 1024
_MOST_REDIRECTS = 3
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 30.0
_PIECE = 64 * 1024
_LONGEST_MESSAGE = 400


class _Token(AuthBase):
    """The one header with the token in it. That it is an ``auth`` keeps requests from looking for
    other credentials in ~/.netrc."""

    def __init__(self, header: str, value: str) -> None:
        self._header = header
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self._header] = self._value
        return request


class Calls:
    """``seconds`` are for all calls together, repetitions and waiting included. What hangs longer
    is cut off, between ``with`` and its end."""

    def __init__(
        self, api: str, *, header: str, prefix: str, token: str, accept: str, seconds: float
    ) -> None:
        self._api = api
        self._host = origin(api)[1]
        self._token = token
        self._session = requests.Session()
        self._session.auth = _Token(header, prefix + token)
        self._session.mount("https://", TimedAdapter())
        self._session.mount("http://", TimedAdapter())
        self._session.headers.update({"Accept": accept, "User-Agent": f"s7spec/{__version__}"})
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._deadline = Deadline(seconds)
        self._wait = wait_random_exponential(multiplier=0.25, max=8.0)

    def __enter__(self) -> Calls:
        self._deadline.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._deadline.__exit__(*error)
        self._session.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        repeatable: bool = True,
    ) -> Answer:
        """A good answer. What is not ``repeatable`` is repeated only when it was surely not done.

        ``path`` is below the API's address, or a whole address of the same host. Raises
        CodeHostRefused, CodeHostUnavailable.
        """

        def once() -> Answer:
            return self._once(method, path, query=query, body=body, repeatable=repeatable)

        retrying = Retrying(
            retry=retry_if_exception_type(NotNow),
            wait=self._pause,
            stop=self._is_over,
            reraise=True,
        )
        try:
            return retrying(once)
        except NotNow as last:
            raise self._without_token(last.error) from None
        except PortError as error:
            raise self._without_token(error) from None

    def _pause(self, state: RetryCallState) -> float:
        asked = self._asked(state)
        return self._wait(state) if asked is None else asked

    def _is_over(self, state: RetryCallState) -> bool:
        return time.monotonic() + state.upcoming_sleep >= self._until

    def _asked(self, state: RetryCallState) -> float | None:
        outcome = state.outcome
        error = outcome.exception() if outcome is not None else None
        return error.seconds if isinstance(error, NotNow) else None

    def _once(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
        repeatable: bool,
    ) -> Answer:
        address = path if "://" in path else self._api + path
        for _ in range(_MOST_REDIRECTS):
            answer = self._sent(method, address, query=query, body=body, repeatable=repeatable)
            if not answer.is_redirect:
                check(answer, self._host, now=datetime.now(UTC), repeatable=repeatable)
                return answer
            address, query = self._moved_to(address, answer), None
        raise CodeHostRefused(f"{self._host} sends us from one address to another without an end")

    def _moved_to(self, address: str, answer: Answer) -> str:
        """A repository that was renamed; the token goes to no other host."""
        target = urljoin(address, answer.headers.get("location", ""))
        if origin(target) != origin(self._api):
            raise CodeHostRefused(
                f"{self._host} sends us to another address; the token is not sent there"
            )
        return target

    def _sent(
        self,
        method: str,
        address: str,
        *,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
        repeatable: bool,
    ) -> Answer:
        try:
            answer = self._answered(method, address, query=query, body=body)
        except (
            requests.exceptions.RequestException,
            urllib3.exceptions.HTTPError,
            ValueError,
        ) as error:
            self._left()  # first: what the deadline cut off looks like anything
            # Its own words may quote the header with the token.
            raise self._meaning(error, repeatable=repeatable) from None
        self._left()
        return answer

    def _answered(
        self,
        method: str,
        address: str,
        *,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
    ) -> Answer:
        left = self._left()
        with self._session.request(
            method,
            address,
            params=query,
            json=body,
            timeout=(min(_CONNECT_SECONDS, left), min(_READ_SECONDS, left)),
            allow_redirects=False,
            stream=True,
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status_code, headers=headers, body=self._body(response))

    def _meaning(self, error: Exception, *, repeatable: bool) -> Exception:
        match error:
            case requests.exceptions.SSLError():
                return CodeHostRefused(f"the certificate of {self._host} is not trusted")
            case requests.exceptions.ConnectTimeout():
                return NotNow(CodeHostUnavailable(f"{self._host} cannot be connected to in time"))
            case requests.exceptions.ReadTimeout() | urllib3.exceptions.ReadTimeoutError():
                return self._lost("did not answer in time", repeatable=repeatable)
            case (
                requests.exceptions.ConnectionError()
                | requests.exceptions.ChunkedEncodingError()
                | urllib3.exceptions.ProtocolError()
                | urllib3.exceptions.SSLError()
            ):
                return self._lost("cannot be reached, or broke off", repeatable=repeatable)
            case urllib3.exceptions.HTTPError():
                return CodeHostRefused(f"the answer of {self._host} cannot be read")
            case _:
                return CodeHostRefused(f"no request to {self._host} can be made of this")

    def _lost(self, what: str, *, repeatable: bool) -> Exception:
        if repeatable:
            return NotNow(CodeHostUnavailable(f"{self._host} {what}"))
        return CodeHostUnanswered(f"{self._host} {what}")

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        # What is there, not a whole piece: a host may let single bytes drip.
        while piece := response.raw.read1(_PIECE, decode_content=True):
            body += piece
            if len(body) > _MOST_BYTES:
                raise CodeHostRefused(f"{self._host} answers without an end")
            self._left()
        return bytes(body)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise CodeHostUnavailable(
                f"{self._host} did not do its work within {self._seconds:g} s"
            )
        return left

    def _without_token(self, error: PortError) -> PortError:
        # Cut after that: half a token is one that nobody else masks.
        told = (str(each).replace(self._token, "***") for each in error.args)
        error.args = tuple(text[:_LONGEST_MESSAGE] for text in told)
        return error
