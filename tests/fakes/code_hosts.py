"""GitHub and GitLab as far as `s7spec review` asks them: real servers on loopback."""

from __future__ import annotations

import json
import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

TOKEN = "t0ken-canary-0123456789"
PER_PAGE = 100


@dataclass
class Trouble:
    """What goes wrong, ``times`` often, with requests whose ``METHOD /path`` fits ``where``.

    ``after`` is done as soon as it strikes. ``does_it``: the request takes effect all the same.
    """

    where: str
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    times: int = 1
    seconds: float = 0.0
    does_it: bool = False
    hangs_up: bool = False
    hangs_up_after: bool = False


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class FakeCodeHost:
    """Comments of one pull request, in memory. ``me`` is whom the token belongs to."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.comments: list[dict[str, Any]] = []
        self.troubles: list[Trouble] = []
        self.asked: list[Asked] = []
        self.before: Callable[[Asked], None] = lambda asked: None
        self.url = ""

    # What tests do and look at.

    def add(self, text: str, by: str | None = None) -> dict[str, Any]:
        made = self._entry(len(self.asked) + len(self.comments) + 1000, text, by or self.me)
        self.comments.append(made)
        return made

    def texts(self, by: str | None = None) -> list[str]:
        return [each["body"] for each in self.comments if self.author(each) == (by or self.me)]

    def writes(self) -> list[Asked]:
        return [each for each in self.asked if each.method != "GET" and "graphql" not in each.path]

    def author(self, entry: dict[str, Any]) -> str:
        raise NotImplementedError

    # What the server does.

    def _entry(self, number: int, text: str, by: str) -> dict[str, Any]:
        raise NotImplementedError

    def authorised(self, asked: Asked) -> bool:
        raise NotImplementedError

    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        raise NotImplementedError

    def page(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        number, size = int(asked.query.get("page", 1)), int(asked.query.get("per_page", 30))
        size = min(size, PER_PAGE)
        shown = self.comments[(number - 1) * size : number * size]
        links = [f'<{self.url}/first?page=1>; rel="first"']
        if number * size < len(self.comments):
            links.insert(0, f'<{self.url}{asked.path}?page={number + 1}>; rel="next"')
        return 200, shown, {"Link": ", ".join(links)}

    def change(self, number: int, text: str) -> tuple[int, Any, dict[str, str]]:
        for entry in self.comments:
            if entry["id"] == number:
                entry["body"] = text
                return 200, entry, {}
        return 404, {"message": "Not Found"}, {}

    def struck(self, asked: Asked) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.times and re.search(trouble.where, f"{asked.method} {asked.path}"):
                trouble.times -= 1
                return trouble
        return None


class FakeGitHub(FakeCodeHost):
    """Pull request 7 of acme/shop."""

    LIST: ClassVar[str] = "/repos/acme/shop/issues/7/comments"

    def author(self, entry: dict[str, Any]) -> str:
        return str(entry["user"]["login"])

    def _entry(self, number: int, text: str, by: str) -> dict[str, Any]:
        kind = "Bot" if by.endswith("[bot]") else "User"
        return {"id": number, "body": text, "user": {"login": by, "type": kind}}

    def authorised(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {TOKEN}"

    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        match asked.method, asked.path:
            case "POST", "/graphql":
                return 200, {"data": {"viewer": {"login": self.me}}}, {}
            case "GET", self.LIST:
                return self.page(asked)
            case "POST", self.LIST:
                if len(asked.body["body"]) > 65_536:
                    wrong = {"message": "Body is too long (maximum is 65536 characters)"}
                    return 422, {"message": "Validation Failed", "errors": [wrong]}, {}
                return 201, self.add(asked.body["body"]), {}
        changed = re.fullmatch(r"/repos/acme/shop/issues/comments/(\d+)", asked.path)
        if changed and asked.method == "PATCH":
            return self.change(int(changed[1]), asked.body["body"])
        return 404, {"message": "Not Found"}, {}


class FakeGitLab(FakeCodeHost):
    """Merge request 7 of project 42."""

    LIST: ClassVar[str] = "/projects/42/merge_requests/7/notes"

    def author(self, entry: dict[str, Any]) -> str:
        return str(entry["author"]["username"])

    def _entry(self, number: int, text: str, by: str) -> dict[str, Any]:
        author = {"id": sum(by.encode()), "username": by}
        return {"id": number, "body": text, "system": False, "author": author}

    def authorised(self, asked: Asked) -> bool:
        return asked.headers.get("private-token") == TOKEN

    def answer(self, asked: Asked) -> tuple[int, Any, dict[str, str]]:
        match asked.method, asked.path:
            case "GET", "/user":
                return 200, {"id": sum(self.me.encode()), "username": self.me}, {}
            case "GET", self.LIST:
                return self.page(asked)
            case "POST", self.LIST:
                if len(asked.body["body"]) > 1_000_000:
                    wrong = ["is too long (maximum is 1000000 characters)"]
                    return 400, {"message": {"note": wrong}}, {}
                return 201, self.add(asked.body["body"]), {}
        changed = re.fullmatch(rf"{self.LIST}/(\d+)", asked.path)
        if changed and asked.method == "PUT":
            return self.change(int(changed[1]), asked.body["body"])
        return 404, {"message": "404 Not found"}, {}


@contextmanager
def served(host: FakeCodeHost) -> Iterator[FakeCodeHost]:
    """Answers below ``host.url`` for as long as the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.host = host
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def dripping(first: bytes, drop: bytes) -> Iterator[str]:
    """The address of a server that sends ``first`` to everybody, and of ``drop`` a byte each 50 ms,
    for 20 seconds at most."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            until = time.monotonic() + 20
            try:
                self.request.recv(65_536)
                self.request.sendall(first)
                for byte in drop:
                    if over.wait(0.05) or time.monotonic() > until:
                        return
                    self.request.sendall(bytes([byte]))
            except OSError:  # nobody waited for it
                pass

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    host: FakeCodeHost


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _do(self) -> None:
        host, asked = self.server.host, self._asked()
        host.asked.append(asked)
        host.before(asked)
        trouble = host.struck(asked)
        if trouble is None:
            good = host.authorised(asked)
            self._put(*(host.answer(asked) if good else (401, {"message": "Bad credentials"}, {})))
            return
        if trouble.does_it:
            host.answer(asked)
        time.sleep(trouble.seconds)
        if trouble.hangs_up:
            self.close_connection = True
            return
        self._put(trouble.status, trouble.body, trouble.headers)
        self.close_connection = self.close_connection or trouble.hangs_up_after

    do_GET = do_POST = do_PATCH = do_PUT = _do

    def _asked(self) -> Asked:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        return Asked(
            method=self.command,
            path=parts.path,
            query={name: found[0] for name, found in parse_qs(parts.query).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _put(self, status: int, body: Any, headers: dict[str, str]) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:  # nobody waited for it
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        return
