"""Answering ``/is/image`` over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import quote

from waitress.channel import ClientDisconnected

from s7spec.emulator.catalog.errors import CatalogError
from s7spec.emulator.catalog.model import Asset
from s7spec.emulator.company.live import LiveCatalog
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.http.connection import CONNECTION, Connection
from s7spec.emulator.http.replies import Environ, Headers, StartResponse, send_text
from s7spec.emulator.image_serving.address import is_preview, read_address
from s7spec.emulator.image_serving.describing import (
    MIME_TYPES,
    reply_properties,
    source_properties,
)
from s7spec.emulator.image_serving.finding import Shot, find_asset, set_up
from s7spec.emulator.image_serving.properties import write_properties
from s7spec.emulator.image_serving.query import Query, Wanted, read_query
from s7spec.emulator.image_serving.refusal import Refused
from s7spec.emulator.image_serving.studio import PreviewStudio
from s7spec.emulator.render import Rendered, RenderError

__all__ = ["ImageServing", "is_preview"]

WARNING = "X-Emulator-Warning"
"""Header for each thing that was asked for and not done."""
_LOG = logging.getLogger(__name__)


class ImageServing:
    """Serves previews of ``catalog``; ``unpublished`` also those of assets that are in the trash
    or not marked for publishing."""

    def __init__(self, catalog: LiveCatalog, studio: PreviewStudio, *, unpublished: bool) -> None:
        self._catalog = catalog
        self._studio = studio
        self._unpublished = unpublished

    def answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Every request gets an answer; what is wrong with it is told in plain text."""
        try:
            headers, body, status = self._reply(environ)
        except Refused as refused:
            again = refused.retry_after
            further = [("Retry-After", str(again))] if again else []
            return send_text(start_response, refused.status, str(refused), *further)
        except RenderError as error:
            return send_text(start_response, HTTPStatus.FORBIDDEN, str(error))
        except CatalogError as error:
            text = f"the catalog is not in order: {error}"
            return send_text(start_response, HTTPStatus.INTERNAL_SERVER_ERROR, text)
        except ClientDisconnected:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: decoders of damaged files raise anything
            _LOG.exception("a preview could not be rendered")
            text = f"the picture cannot be rendered: {type(error).__name__}"
            return send_text(start_response, HTTPStatus.INTERNAL_SERVER_ERROR, text)
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _reply(self, environ: Environ) -> tuple[Headers, bytes, HTTPStatus]:
        address = read_address(str(environ["REQUEST_URI"]))
        query = read_query(str(environ.get("QUERY_STRING", "")))
        connection: Connection = environ[CONNECTION]
        catalog = self._catalog.current(connection.parked)
        asset = find_asset(catalog, address, unpublished=self._unpublished)
        if query.wanted is Wanted.EXISTS:
            return _properties({"catalogRecord.exists": "1" if asset else "0"}, query)
        if asset is None:
            raise Refused(f"Unable to find {address.company}/{address.asset}")
        return self._of_asset(environ, catalog, asset, query)

    def _of_asset(
        self, environ: Environ, catalog: Catalog, asset: Asset, query: Query
    ) -> tuple[Headers, bytes, HTTPStatus]:
        connection: Connection = environ[CONNECTION]
        if query.wanted is Wanted.IMAGEPROPS:
            # Other commands are ignored, as documented.
            return _properties(source_properties(set_up(catalog, asset, "")), query)
        shot = set_up(catalog, asset, query.modifier)
        if query.wanted is Wanted.PROPS:
            held = self._studio.held(shot.version)
            picture = held or self._picture(shot, connection)
            return _properties(reply_properties(shot, picture, held=held is not None), query)
        tag = f'"{shot.version}"'
        headers = [
            ("ETag", tag),
            ("Last-Modified", format_datetime(shot.modified, usegmt=True)),
            ("Cache-Control", "no-cache"),
        ]
        if _is_known(str(environ.get("HTTP_IF_NONE_MATCH", "")), tag):
            return headers, b"", HTTPStatus.NOT_MODIFIED
        picture = self._studio.held(shot.version) or self._picture(shot, connection)
        headers += [
            ("Content-Type", MIME_TYPES[picture.extension]),
            ("Content-Length", str(len(picture.data))),
        ]
        # What export jobs tell in their logs.
        headers += [(WARNING, quote(text, safe=" $&'(),:=@;")) for text in picture.warnings]
        return headers, picture.data, HTTPStatus.OK

    def _picture(self, shot: Shot, connection: Connection) -> Rendered:
        future = self._studio.ask(shot.version, shot.source, shot.modifier, shot.settings)
        return connection.result_of(future)


def _properties(properties: dict[str, str], query: Query) -> tuple[Headers, bytes, HTTPStatus]:
    content_type, body = write_properties(properties, query)
    headers = [
        ("Content-Type", content_type),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-cache"),
    ]
    return headers, body, HTTPStatus.OK


def _is_known(header: str, tag: str) -> bool:
    """If-None-Match: the client has this very picture. It can have the tag only from us, so the
    picture need not be rendered again. ``*`` asks for no picture in particular and is passed over.
    """
    return tag in [part.strip().removeprefix("W/") for part in header.split(",")]
