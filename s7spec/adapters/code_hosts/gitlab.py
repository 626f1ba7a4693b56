"""The notes of a merge request on GitLab (ports.Discussion)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from s7spec.adapters.code_hosts.calls import Calls
from s7spec.adapters.code_hosts.pages import number_in, pages, text_in
from s7spec.model.comment import Comment
from s7spec.ports import CodeHostRefused, CommentGone


class GitLabDiscussion:
    """Merge request ``number`` of ``project`` (its number, or GROUP/NAME)."""

    def __init__(self, api: str, *, project: str, number: int, token: str, seconds: float) -> None:
        self._calls = Calls(
            api,
            header="PRIVATE-TOKEN",
            prefix="",
            token=token,
            accept="application/json",
            seconds=seconds,
        )
        self._notes = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"

    def __enter__(self) -> GitLabDiscussion:
        self._calls.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._calls.__exit__(*error)

    def comments(self) -> Iterator[Comment]:
        us = self._user()
        oldest_first = {"sort": "asc", "order_by": "created_at"}
        for found in pages(self._calls, self._notes, oldest_first):
            author = found.get("author")
            yield Comment(
                id=number_in(found, "id"),
                text=text_in(found, "body"),
                ours=isinstance(author, dict)
                and author.get("id") == us
                and not found.get("system"),
            )

    def add(self, text: str) -> None:
        self._calls.call("POST", self._notes, body={"body": text}, repeatable=False)

    def change(self, comment: Comment, text: str) -> None:
        try:
            self._calls.call("PUT", f"{self._notes}/{comment.id}", body={"body": text})
        except CodeHostRefused as error:
            if error.status != 404:
                raise
            raise CommentGone(str(error)) from error

    def _user(self) -> int:
        data = self._calls.call("GET", "/user").data
        return number_in(data if isinstance(data, dict) else {}, "id")
