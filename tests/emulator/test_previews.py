"""Image serving: previews, their properties, and hostile addresses."""

from __future__ import annotations

import http.client
import io
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageCms

from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions
from s7spec.emulator.company.live import LiveCatalog
from s7spec.emulator.http.connection import CONNECTION, Connection, Parking
from s7spec.emulator.image_serving.cache import PreviewCache
from s7spec.emulator.image_serving.refusal import Refused
from s7spec.emulator.image_serving.service import ImageServing
from s7spec.emulator.image_serving.studio import PreviewStudio
from s7spec.emulator.quirks import Quirks
from s7spec.emulator.render import ImageServerSettings, Rendered, render
from s7spec.emulator.store.catalog_store import CatalogStore
from tests.emulator.conftest import CONTRACT, Ips, Reply, Serve, make_catalog
from tests.emulator.render.icc_files import cmyk_profile

CATALOG = """\
presets:
  - {name: Thumbnail, urlModifier: "wid=30&hei=30&fit=fit,1&fmt=png"}
assets:
  - {file: Products/ss27/PS_2.png, urlModifier: "wid=20&fmt=png", urlPostApplyModifier: "flip=lr"}
  - {file: Products/ss27/PS_3_draft.png, readyForPublish: false}
  - {file: Brand/logo.tif, trashState: InTrash}
  - {file: Brand/guide.pdf, name: "Brand guide"}
  - {name: spin, type: SpinSet, folder: Products/}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ips]:
    folder = tmp_path_factory.mktemp("previews")
    catalog = make_catalog(folder / "catalog")
    (catalog / "catalog.yaml").write_text(CATALOG)
    options = EmbeddedIpsOptions(catalog=catalog, data=folder / "data", contract=CONTRACT)
    with EmbeddedIps(options) as server:
        yield Ips(options, server)


def get(ips: Ips, rest: str, **headers: str) -> Reply:
    return ips.request("GET", f"/is/image/{rest}", None, **headers)


def picture(reply: Reply) -> Image.Image:
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Length"] == str(len(reply.body))
    return Image.open(io.BytesIO(reply.body))


@pytest.mark.parametrize(
    ("query", "mime", "fmt", "size"),
    [
        ("", "image/jpeg", "JPEG", (90, 60)),
        ("?", "image/jpeg", "JPEG", (90, 60)),
        ("?wid=45", "image/jpeg", "JPEG", (45, 30)),
        ("?&wid=45&fmt=png-alpha", "image/png", "PNG", (45, 30)),
        ("?fmt=tif&scl=2", "image/tiff", "TIFF", (45, 30)),
        ("?fmt=webp&hei=20", "image/webp", "WEBP", (30, 20)),
        ("?fmt=gif&req=img", "image/gif", "GIF", (90, 60)),
        ("?$Thumbnail$", "image/png", "PNG", (30, 30)),
        ("?$thumbnail$&wid=15&fmt=jpeg", "image/jpeg", "JPEG", (15, 30)),
    ],
)
def test_previews(served: Ips, query: str, mime: str, fmt: str, size: tuple[int, int]) -> None:
    reply = get(served, f"Acme/PS_1{query}")
    shown = picture(reply)
    assert (reply.headers["Content-Type"], shown.format, shown.size) == (mime, fmt, size)


def test_a_preview_is_what_an_export_renders(served: Ips) -> None:
    source = served.options.catalog / "Products" / "ss27" / "PS_1.jpg"
    expected = render(source, "wid=45&op_invert=1&fmt=png", ImageServerSettings())
    assert get(served, "Acme/PS_1?wid=45&op_invert=1&fmt=png").body == expected.data


def test_modifiers_of_the_asset_stand_around_the_request(served: Ips) -> None:
    source = served.options.catalog / "Products" / "ss27" / "PS_2.png"
    expected = render(source, "wid=10&fmt=png&flip=lr", ImageServerSettings())
    assert get(served, "Acme/PS_2?wid=10&flip=ud").body == expected.data
    assert picture(get(served, "Acme/PS_2")).size == (20, 40)


def test_names_with_blanks_are_found_by_their_escapes(serve: Serve, catalog: Path) -> None:
    (catalog / "Brand" / "logo.tif").rename(catalog / "Brand" / "Das Löwen-Logo + 1.tif")
    ips = serve()
    assert get(ips, "Acme/Das%20L%C3%B6wen-Logo%20+%201").status == 200
    assert get(ips, "Acme/Das+L%C3%B6wen-Logo+++1").status == 403  # a plus is a plus in a path


def test_head(served: Ips) -> None:
    whole = get(served, "Acme/PS_1?wid=33")
    assert served.server.previews == f"{served.server.url}/is/image/Acme/"
    connection = http.client.HTTPConnection("127.0.0.1", served.address.port, timeout=20)
    for _ in range(2):  # the connection is kept, so a body would be read as the next answer
        connection.request("HEAD", "/is/image/Acme/PS_1?wid=33")
        answer = connection.getresponse()
        assert answer.read() == b""
        assert answer.status == 200
        assert answer.headers["Content-Length"] == str(len(whole.body))
        assert answer.headers["Etag"] == whole.headers["Etag"]
    connection.close()


def test_pictures_that_the_client_has(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(CATALOG)
    ips = serve()
    first = get(ips, "Acme/PS_1?$Thumbnail$")
    tag = first.headers["Etag"]
    assert first.headers["Last-Modified"].endswith(" GMT")
    for header in (tag, f"W/{tag}", f'"other", {tag}'):
        same = get(ips, "Acme/PS_1?$Thumbnail$", If_None_Match=header)
        assert (same.status, same.body, same.headers["Etag"]) == (304, b"", tag)
    assert get(ips, "Acme/PS_1?$Thumbnail$", If_None_Match='"other"').status == 200
    assert get(ips, "Acme/PS_1?wid=20", If_None_Match=tag).status == 200
    # Another preset, and then another picture: neither is what the client has.
    (catalog / "catalog.yaml").write_text(CATALOG.replace("wid=30", "wid=29"))
    second = get(ips, "Acme/PS_1?$Thumbnail$", If_None_Match=tag)
    assert picture(second).size == (29, 30)
    Image.new("RGB", (10, 10)).save(catalog / "Products" / "ss27" / "PS_1.jpg")
    third = get(ips, "Acme/PS_1?$Thumbnail$", If_None_Match=second.headers["Etag"])
    assert third.status == 200
    assert third.headers["Etag"] not in (tag, second.headers["Etag"])


def text_of(reply: Reply) -> dict[str, str]:
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"].startswith("text/plain")
    lines = reply.body.decode().splitlines()
    assert lines[0] == "#S7Z OK"
    assert lines[1].startswith("#")
    return dict(line.split("=", 1) for line in lines[2:])


def test_props_tell_of_the_reply(served: Ips) -> None:
    query = "wid=44&hei=50&fmt=tif-alpha,cmyk,lzw".replace("-alpha", "")
    props = text_of(get(served, f"Acme/PS_1?req=props&{query}&bgc=255,0,0&qlt=70&printRes=300"))
    assert props["image.width"] == "44"
    assert props["image.height"] == "50"
    assert props["image.type"] == "image/tiff"
    assert props["image.pixTyp"] == "CMYK"
    assert props["image.bgc"] == "ff0000"
    assert props["image.quality"] == "70"
    assert props["image.printRes"] == "300"
    assert props["image.mask"] == "0"
    assert props["image.length"] == "0"  # nobody has asked for the picture yet
    shown = get(served, f"Acme/PS_1?{query}&bgc=255,0,0&qlt=70&printRes=300")
    props = text_of(get(served, f"Acme/PS_1?{query}&bgc=255,0,0&qlt=70&printRes=300&req=props"))
    assert props["image.length"] == str(len(shown.body))
    assert props["image.version"] == shown.headers["Etag"].strip('"')


@pytest.mark.parametrize("fmt", ["jpeg", "png", "tif"])
def test_props_tell_the_resolution_that_the_file_says(
    serve: Serve, catalog: Path, fmt: str
) -> None:
    Image.new("RGB", (8, 8)).save(catalog / "print.png", dpi=(300, 300))
    Image.new("RGB", (8, 8)).save(catalog / "screen.png")
    ips = serve()
    for asset, query, told in (
        ("print", "", "300"),
        ("print", "&printRes=150", "150"),
        ("screen", "&printRes=96.5", "96.5"),
    ):
        props = text_of(get(ips, f"Acme/{asset}?req=props&fmt={fmt}{query}"))
        assert props["image.printRes"] == told
        written = picture(get(ips, f"Acme/{asset}?fmt={fmt}{query}")).info["dpi"][0]
        assert written == pytest.approx(float(told), abs=0.6)  # JPEG holds whole numbers
    props = text_of(get(ips, f"Acme/screen?req=props&fmt={fmt}"))
    assert props["image.printRes"] == "72"  # the file says none


def test_imageprops_tell_of_the_picture(served: Ips) -> None:
    props = text_of(get(served, "Acme/PS_2?req=imageprops&wid=5"))
    assert (props["image.width"], props["image.height"]) == ("40", "80")
    assert props["image.pixTyp"] == "RGB"
    assert props["image.mask"] == "0"
    assert props["image.modifier"] == "wid=20&fmt=png"
    assert props["image.postModifier"] == "flip=lr"
    assert props["image.embeddedIccProfile"] == "0"


def test_imageprops_of_profiles_and_transparency(serve: Serve, catalog: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    palette = Image.new("P", (4, 4))
    palette.save(catalog / "keyed.png", transparency=0, icc_profile=profile)
    Image.new("CMYK", (4, 4)).save(catalog / "inks.tif", icc_profile=b"not a profile")
    Image.new("LA", (4, 4)).save(catalog / "grey.png")
    ips = serve()
    keyed, inks, grey = (
        text_of(get(ips, f"Acme/{name}?req=imageprops")) for name in ("keyed", "inks", "grey")
    )
    assert (keyed["image.mask"], keyed["image.pixTyp"]) == ("2", "RGB")
    assert keyed["image.embeddedIccProfile"] == "1"
    assert "sRGB" in keyed["image.iccProfile"]
    assert (inks["image.mask"], inks["image.pixTyp"], inks["image.iccProfile"]) == ("0", "CMYK", "")
    assert (grey["image.mask"], grey["image.pixTyp"]) == ("2", "BW")


@pytest.mark.parametrize(
    ("asset", "there"),
    [
        ("PS_1", "1"),
        ("nope", "0"),
        ("ps_1", "0"),
        ("PS_3_draft", "0"),
        ("logo", "0"),
        ("spin", "1"),
    ],
)
def test_exists(served: Ips, asset: str, there: str) -> None:
    reply = get(served, f"Acme/{asset}?req=exists")
    assert text_of(reply) == {"catalogRecord.exists": there}


def test_the_forms_of_properties(served: Ips) -> None:
    script = get(served, "Acme/PS_1?req=exists,javascript")
    assert script.body == b"catalogRecord.exists='1'\n"
    assert script.headers["Content-Type"].startswith("text/javascript")
    xml = get(served, "Acme/PS_2?req=imageprops,xml")
    assert xml.headers["Content-Type"].startswith("text/xml")
    (group,) = xml.root.findall("prop-group")
    assert group.get("name") == "image"
    values = {node.get("name"): node.get("value") for node in group.findall("property")}
    assert values["modifier"] == "wid=20&fmt=png"
    for query, handler, identifier in (
        ("req=exists,json", "s7jsonResponse", ""),
        ("req=exists,json&id=a%3C/b&handler=mine1", "mine1", "a%3C/b"),
        ("id=7&req=exists%2Cjson", "s7jsonResponse", "7"),
    ):
        reply = get(served, f"Acme/PS_1?{query}")
        head, _, rest = reply.body.decode().partition("(")
        assert head == f"/*jsonp*/{handler}"
        assert json.loads(f"[{rest.removesuffix(');')}]") == [
            {"catalogRecord.exists": "1"},
            identifier,
        ]
    assert get(served, "Acme/PS_1?req=exists,json&handler=alert(1)").status == 403


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("Acme/nope", "Unable to find Acme/nope"),
        ("Acme/ps_1", "Unable to find"),
        ("acme/PS_1", "Unable to find"),
        ("Other/PS_1", "Unable to find"),
        ("Acme/PS_3_draft", "Unable to find"),
        ("Acme/logo", "Unable to find"),
        ("Acme/spin", "of type SpinSet"),
        ("Acme/Brand%20guide", "of type Pdf"),
        ("Acme/PS_1?req=map", "not built"),
        ("Acme/PS_1?req=props,yaml", "not built"),
        ("Acme/PS_1?req=tmb", "not built"),
        ("Acme/PS_1?$nope$", "unknown Image Preset"),
        ("Acme/PS_1?fmt=nope", "no format"),
        ("Acme/PS_1?wid=x", "whole number"),
        ("Acme/PS_1?wid=%", "two hex digits"),
        ("Acme/PS_1?wid=999999&hei=999999", "illegal image size"),
        ("Acme/PS_1?scl=0.00001", "illegal image size"),
        ("Acme/PS_1?extend=99999,99999,99999,99999", "pixels"),
        ("Acme/PS_1?size=90000,90000&scl=1", "pixels"),
        ("Acme/PS_1?wid=10&fit=nope", "must be one of"),
        ("Acme/../PS_1", "not permitted"),
        ("Acme/..%2F..", "not permitted|encoded slash"),
        ("..", "not permitted"),
        ("%2e%2e/PS_1", "not permitted"),
        ("Acme/.", "not permitted"),
        ("Acme/a/b", "/is/image/<company>/<asset>"),
        ("Acme", "/is/image/<company>/<asset>"),
        ("", "/is/image/<company>/<asset>"),
    ],
)
def test_errors_are_plain_text(served: Ips, rest: str, reason: str) -> None:
    reply = get(served, rest)
    text = reply.body.decode()
    assert reply.status in (400, 403), text
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert any(part in text for part in reason.split("|")), text
    assert str(served.options.catalog) not in text


@pytest.mark.parametrize(
    "rest",
    [
        "Acme/a%2FPS_1",
        "Acme/%00",
        "Acme/PS_1%00.jpg",
        "Acme/%ff%fe",
        "Acme/%C3",
        "Acme/%",
        "Acme/%zz",
        "Acme/a%5Cb",
        "Acme/a%0d%0aSet-Cookie:%20x",
        "Acme/PS_1?\xff=\xfe",
    ],
)
def test_what_is_no_address_is_a_bad_request(served: Ips, rest: str) -> None:
    """Sent raw: http.client would refuse some of it."""
    with socket.create_connection(("127.0.0.1", served.address.port or 0), 20) as connection:
        request = f"GET /is/image/{rest} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode("latin-1"))
        answer = b""
        while block := connection.recv(65536):
            answer += block
    head = answer.partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"Set-Cookie" not in head


@pytest.mark.parametrize(("length", "status"), [(40_000, 414), (10_000_000, 431)])
def test_endless_queries(served: Ips, length: int, status: int) -> None:
    with socket.create_connection(("127.0.0.1", served.address.port or 0), 20) as connection:
        sender = threading.Thread(target=_send, args=(connection, length))
        sender.start()
        assert connection.recv(65536).startswith(
            (f"HTTP/1.1 {status} ".encode(), f"HTTP/1.0 {status} ".encode())
        )
    sender.join()
    assert get(served, "Acme/PS_1").status == 200


def _send(connection: socket.socket, length: int) -> None:
    try:
        connection.sendall(b"GET /is/image/Acme/PS_1?wid=" + b"1" * length)
        connection.sendall(b" HTTP/1.1\r\nHost: x\r\n\r\n")
    except OSError:
        pass  # the server need not read to the end


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(served: Ips, method: str) -> None:
    reply = served.request(method, "/is/image/Acme/PS_1")
    assert reply.status == 405
    assert reply.headers["Allow"] == "GET, HEAD"


def test_an_absolute_address_is_an_address(served: Ips) -> None:
    assert served.request("GET", f"{served.server.url}/is/image/Acme/PS_1?wid=9").status == 200


def test_pictures_of_the_trash_behind_their_switch(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(CATALOG)
    ips = serve(quirks=Quirks(previews_of_unpublished=True))
    assert picture(get(ips, "Acme/PS_3_draft")).size == (30, 30)
    assert get(ips, "Acme/logo").status == 200


def test_damaged_pictures(serve: Serve, catalog: Path) -> None:
    ips = serve()
    source = catalog / "Products" / "ss27" / "PS_1.jpg"
    source.write_bytes(source.read_bytes()[:-200])
    reply = get(ips, "Acme/PS_1")
    assert reply.status == 403
    assert b"cannot be read" in reply.body
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert str(catalog) not in reply.body.decode()


def test_a_catalog_that_is_not_in_order(serve: Serve, catalog: Path) -> None:
    ips = serve()
    (catalog / "catalog.yaml").write_text("nonsense: 1\n")
    reply = get(ips, "Acme/PS_1")
    assert reply.status == 500
    assert b"catalog is not in order" in reply.body


def rendered(size: int) -> Rendered:
    return Rendered(
        data=b"x" * size,
        fmt="jpeg",
        extension=".jpg",
        pixel_type="rgb",
        width=1,
        height=1,
        print_res=None,
        warnings=(),
    )


def test_the_cache_is_bounded_in_bytes() -> None:
    cache = PreviewCache(100)
    for key in "abcd":
        cache.put(key, rendered(30))
        cache.get("a")  # the one that is used stays
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]
    assert cache.bytes_held == 90
    cache.put("huge", rendered(101))
    assert cache.get("huge") is None
    cache.put("a", rendered(30))
    assert cache.bytes_held == 90


def test_a_full_queue_sends_requests_away(catalog: Path, store: CatalogStore) -> None:
    live = LiveCatalog(catalog, store)
    studio = PreviewStudio(workers=1, most_waiting=0)
    parking = Parking(lambda count: None, threads=1)
    environ = {
        "REQUEST_URI": "/is/image/Acme/PS_1",
        CONNECTION: Connection(channel=None, parking=parking),
    }
    answers: list[tuple[str, dict[str, str]]] = []
    images = ImageServing(live, studio, unpublished=False)
    images.answer(environ, lambda status, headers: answers.append((status, dict(headers))))
    studio.close()
    ((status, headers),) = answers
    assert status == "503 Service Unavailable"
    assert int(headers["Retry-After"]) >= 1


def test_the_queue_is_bounded_and_equal_requests_share(tmp_path: Path) -> None:
    slow = tmp_path / "slow.png"
    Image.new("RGB", (3000, 3000)).save(slow)
    studio = PreviewStudio(workers=1, most_waiting=3)
    settings = ImageServerSettings()
    try:
        futures = [studio.ask(str(n), slow, f"wid={2000 + n}", settings) for n in range(3)]
        assert studio.ask("2", slow, "wid=2002", settings) is futures[2]
        with pytest.raises(Refused, match="too many previews") as caught:
            studio.ask("more", slow, "wid=10", settings)
        assert (caught.value.status, caught.value.retry_after > 0) == (503, True)
        assert [future.result().width for future in futures] == [2000, 2001, 2002]
        assert studio.ask("more", slow, "wid=10", settings).result().width == 10
        assert studio.held("more") is not None
    finally:
        studio.close()


def test_previews_do_not_block_soap(serve: Serve, catalog: Path) -> None:
    """Forty pictures in work, more than there are threads; SOAP is answered in between."""
    Image.effect_noise((2500, 2500), 80).convert("RGB").save(catalog / "big.png", compress_level=1)
    ips = serve()
    replies: list[Reply] = []
    threads = [
        threading.Thread(
            target=lambda n=number: replies.append(get(ips, f"Acme/big?wid={600 + n}"))
        )
        for number in range(40)
    ]
    for thread in threads:
        thread.start()
    done_before = []
    for _ in range(5):
        assert ips.call("getUserInfo").status == 200
        done_before.append(len(replies))
    for thread in threads:
        thread.join()
    assert done_before[0] < 40
    assert [reply.status for reply in replies] == [200] * 40


def test_xml_of_hostile_names(serve: Serve, catalog: Path) -> None:
    (catalog / "catalog.yaml").write_text(
        'assets:\n  - {file: Products/ss27/PS_1.jpg, urlModifier: "$x=\'<&%22"}\n'
    )
    ips = serve()
    reply = get(ips, "Acme/PS_1?req=imageprops,xml")
    values = {node.get("name"): node.get("value") for node in reply.root.iter("property")}
    assert values["modifier"] == "$x='<&%22"
    script = get(ips, "Acme/PS_1?req=imageprops,javascript").body.decode()
    assert "image.modifier='$x=''<&%22'" in script
    assert etree.fromstring(reply.body).tag == "prop-group"


def test_profiles_of_the_catalog_in_previews(serve: Serve, catalog: Path) -> None:
    profile = catalog / "Brand" / "Press.icc"
    profile.write_bytes(cmyk_profile())
    ips = serve()
    query = "Acme/PS_1?wid=10&fmt=tif&icc=Press&iccEmbed=1"
    reply = get(ips, query)
    assert picture(reply).mode == "CMYK"
    props = text_of(get(ips, f"{query}&req=props"))
    assert (props["image.pixTyp"], props["image.iccProfile"]) == ("CMYK", "Press")
    profile.write_bytes(cmyk_profile() + bytes(4))
    os.utime(profile, (1, 1))
    again = get(ips, query)
    assert again.status == 200, again.body
    assert again.headers["Etag"] != reply.headers["Etag"]
    assert (
        b"icc=Gone" in get(ips, "Acme/PS_1?wid=10&icc=Gone").headers["X-Emulator-Warning"].encode()
    )
