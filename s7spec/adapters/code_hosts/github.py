"""The comments of a pull request on GitHub (ports.Discussion)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from s7spec.adapters.code_hosts.calls import Calls
from s7spec.adapters.code_hosts.pages import number_in, pages, text_in
from s7spec.model.comment import Comment
from s7spec.ports import CodeHostRefused, CommentGone

ACTIONS_BOT = "github-actions[bot]"
_ENTERPRISE = "/api/v3"


class GitHubDiscussion:
    """Pull request ``number`` of ``repository`` (OWNER/NAME)."""

    def __init__(
        self, api: str, *, repository: str, number: int, token: str, seconds: float
    ) -> None:
        self._calls = Calls(
            api,
            header="Authorization",
            prefix="Bearer ",
            token=token,
            accept="application/vnd.github+json",
            seconds=seconds,
        )
        self._graphql = _graphql_address(api)
        self._repository = f"/repos/{repository}"
        self._number = number

    def __enter__(self) -> GitHubDiscussion:
        self._calls.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._calls.__exit__(*error)

    def comments(self) -> Iterator[Comment]:
        us = {ACTIONS_BOT, self._login()}
        for found in pages(self._calls, f"{self._repository}/issues/{self._number}/comments"):
            user = found.get("user")
            yield Comment(
                id=number_in(found, "id"),
                text=text_in(found, "body"),
                ours=isinstance(user, dict) and user.get("login") in us,
            )

    def add(self, text: str) -> None:
        path = f"{self._repository}/issues/{self._number}/comments"
        self._calls.call("POST", path, body={"body": text}, repeatable=False)

    def change(self, comment: Comment, text: str) -> None:
        path = f"{self._repository}/issues/comments/{comment.id}"
        try:
            self._calls.call("PATCH", path, body={"body": text})
        except CodeHostRefused as error:
            if error.status not in (404, 410):
                raise
            raise CommentGone(str(error)) from error

    def _login(self) -> str:
        """Whose token it is. REST does not tell those of GitHub Actions and of Apps."""
        body = {"query": "query { viewer { login } }"}
        try:
            data = self._calls.call("POST", self._graphql, body=body).data
        except CodeHostRefused as error:
            if error.status == 401:
                raise
            return ACTIONS_BOT
        return _viewer(data) or ACTIONS_BOT


def _viewer(data: Any) -> str | None:
    for key in ("data", "viewer", "login"):
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else None


def _graphql_address(api: str) -> str:
    """https://api.github.com/graphql; with an Enterprise Server https://HOST/api/graphql."""
    parts = urlsplit(api)
    path = parts.path.removesuffix(_ENTERPRISE)
    if path != parts.path:
        path += "/api"
    return urlunsplit(parts._replace(path=f"{path}/graphql"))
