"""Why a preview is not served."""

from __future__ import annotations

from http import HTTPStatus


class Refused(Exception):
    """A request that is answered with an error.

    403 is the documented status of most errors of Image Serving (facts: Image Serving section 6);
    what is not even a URL is 400.
    """

    def __init__(
        self, reason: str, status: HTTPStatus = HTTPStatus.FORBIDDEN, *, retry_after: int = 0
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after
