"""Finished ZIPs, to anybody who knows their address."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import IO
from urllib.parse import quote

from s7spec.emulator.http.replies import Environ, StartResponse, send_text

EXPORTS = "/Exports/"
_EXPORT = re.compile(r"/Exports/(\w[\w .-]*)/([0-9]+)/([0-9a-f-]{36}\.zip)")
_BLOCK = 256 * 1024


def send_export(
    environ: Environ, start_response: StartResponse, *, data: Path, path: str
) -> Iterable[bytes]:
    """The ZIP at ``path``, in blocks, so that its size costs no memory.

    The pattern of the address leaves no way out of the folder. Ranges are not built, and said so.
    """
    match = _EXPORT.fullmatch(path)
    try:
        stream = data.joinpath("Exports", *match.groups()).open("rb") if match else None
    except OSError:
        stream = None
    if stream is None:
        return send_text(start_response, HTTPStatus.NOT_FOUND, "there is nothing here")
    headers = [
        ("Content-Type", "application/zip"),
        ("Content-Length", str(os.fstat(stream.fileno()).st_size)),
        ("Content-Disposition", f'attachment; filename="{quote(Path(path).name)}"'),
        ("Accept-Ranges", "none"),
    ]
    start_response("200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        stream.close()
        return []
    wrapper: Callable[[IO[bytes], int], Iterable[bytes]] = environ["wsgi.file_wrapper"]
    return wrapper(stream, _BLOCK)
