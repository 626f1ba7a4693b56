"""Answers that are broken on their way: bodies with mistakes, cut off, or dripping."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http import HTTPStatus

from s7spec.emulator.faults.rules import SlowBody
from s7spec.emulator.http.connection import Connection

_MISTAKE = b"<unclosed & broken"


def error_page(status: int) -> bytes:
    """An HTML page such as proxies make up; nothing in it is SOAP."""
    phrase = HTTPStatus(status).phrase
    return (
        f"<!DOCTYPE html>\n<html><head><title>{status} {phrase}</title></head>\n"
        f"<body><h1>{phrase}</h1><hr><p>injected fault</p></body></html>\n"
    ).encode()


def malformed(body: bytes, *, packed: bool) -> bytes:
    """The XML with a mistake before its last tag, packed as it was."""
    if packed:
        return gzip.compress(malformed(gzip.decompress(body), packed=False), 1, mtime=0)
    end = body.rfind(b"</")
    return body[:end] + _MISTAKE + body[end:] if end >= 0 else body + _MISTAKE


def truncated(
    blocks: Iterator[bytes], share: float, total: int, connection: Connection
) -> Iterator[bytes]:
    """The first ``share`` of ``total`` bytes, at least one and never all, then the end."""
    left = max(1, min(int(total * share), total - 1))
    for block in blocks:
        yield block[:left]
        left -= len(block)
        if left <= 0:
            break
    connection.drop()


def dripping(blocks: Iterator[bytes], effect: SlowBody, connection: Connection) -> Iterator[bytes]:
    """All the bytes, a few at a time."""
    with connection.parked():
        first = True
        for block in blocks:
            for start in range(0, len(block), effect.chunk_bytes):
                if not first:
                    connection.pause(effect.seconds)
                first = False
                yield block[start : start + effect.chunk_bytes]
