"""Addresses of previews: what was meant arrives, once encoded, and nothing breaks out."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.emulator.image_serving.address import read_address
from s7spec.modifiers import Modifier, parse_modifier, print_modifier
from s7spec.modifiers.effective import NOTHING
from s7spec.modifiers.prediction import PredictedImage
from s7spec.modifiers.preview import AS_EXPORTED, ImageServerAddress, NoPreview, preview_url
from tests.modifiers.prediction.predicting import predicted

SERVER = ImageServerAddress(url="https://s7d1.scene7.com")
START = "https://s7d1.scene7.com/is/image/"


def read(text: str) -> Modifier:
    return parse_modifier(text).modifier


def preview(
    modifier: str = "",
    macro: str = "",
    *,
    company: str = "Acme",
    asset: str = "shoe",
    image: PredictedImage | None = None,
) -> str | NoPreview:
    return preview_url(
        server=SERVER,
        company=company,
        asset=asset,
        modifier=read(modifier),
        macro=read(macro),
        predicted=image,
    )


@pytest.mark.parametrize(
    ("modifier", "macro", "query"),
    [
        ("", "", ""),
        ("&wid=800&fmt=png", "", "wid=800&fmt=png&"),
        ("fmt=png", "$zoom$", "fmt=png&$zoom$&"),
        ("$n=5&wid=$n$", "$!_s7product$", "$n=5&wid=$n$&$!_s7product$&"),
        ("icc=Adobe%20RGB", "", "icc=Adobe%20RGB&"),
        ("op_usm=1%2C2", "", "op_usm=1,2&"),
        ("icc=100%25%2C", "", "icc=100%25,&"),
        ("icc=a%23b%3Fc%26d", "", "icc=a%23b%3Fc%26d&"),
        ("req=props&wid=5&cache=update&id=7&REQ=saveToFile", "", "wid=5&"),
        ("bfc=on&dpr=on,2&network=on&wid=5", "", "wid=5&"),
        (".secret&wid=5", ".other", "wid=5&"),
        ("layer=0&rotate=90", "", "layer=0&rotate=90&"),
    ],
)
def test_the_modifier_goes_along(modifier: str, macro: str, query: str) -> None:
    assert preview(modifier, macro) == f"{START}Acme/shoe?{query}{AS_EXPORTED}"


@pytest.mark.parametrize(
    ("asset", "written"),
    [
        ("plain-1_2.3", "plain-1_2.3"),
        ("blue shoe", "blue%20shoe"),
        ("100%", "100%25"),
        ("a%20b", "a%2520b"),
        ("a#b?c&d=e", "a%23b%3Fc%26d%3De"),
        ("a/b", "a%2Fb"),
        ("..\\..", "..%5C.."),
        ("../../other", "..%2F..%2Fother"),
        ("$zoom$", "%24zoom%24"),
        ("Schuhgröße", "Schuhgr%C3%B6%C3%9Fe"),
        ("靴", "%E9%9D%B4"),
        ("a:b@c;d,e", "a%3Ab%40c%3Bd%2Ce"),
        ("...", "..."),
    ],
)
def test_names_are_encoded_once(asset: str, written: str) -> None:
    assert preview(asset=asset) == f"{START}Acme/{written}?{AS_EXPORTED}"


def test_the_root_path_of_a_company_may_end_in_a_slash() -> None:
    assert preview(company="Acme/") == preview(company="Acme")


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb", "a\x00b", "a\x7f", "a\u2028b", "\ud800"])
def test_names_that_cannot_stand_in_an_address(name: str) -> None:
    assert preview(asset=name) is NoPreview.NAME
    assert preview(company=name) is NoPreview.NAME


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("src=other", NoPreview.OTHER_RESOURCES),
        ("icc=/etc/x.icc", NoPreview.OTHER_RESOURCES),
        ("$p=/etc/x.icc&icc=$p$", NoPreview.OTHER_RESOURCES),
        ("layer=1&src=other", NoPreview.OTHER_RESOURCES),
        ("SRC=is{Acme/other?wid=3}", NoPreview.OTHER_RESOURCES),
        ("src={http://169.254.169.254/x}", NoPreview.OTHER_RESOURCES),
        ("mask=x", NoPreview.OTHER_RESOURCES),
        ("template=x", NoPreview.OTHER_RESOURCES),
        ("locale=de", NoPreview.OTHER_RESOURCES),
        ("defaultImage=x", NoPreview.OTHER_RESOURCES),
        ("$object=other", NoPreview.OTHER_RESOURCES),
        ("$view=is{a/b}", NoPreview.OTHER_RESOURCES),
        ("wid=5&a<b=1", NoPreview.UNREADABLE),
        ("a#b", NoPreview.UNREADABLE),
        ("a b=1", NoPreview.UNREADABLE),
        ("$a#b$", NoPreview.UNREADABLE),
        ("=5", NoPreview.UNREADABLE),
    ],
)
def test_what_no_link_should_ask_for(text: str, reason: NoPreview) -> None:
    assert preview(text) is reason
    assert preview("wid=4", text) is reason


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ((5000, 5000), f"{START}Acme/shoe?scl=1&{AS_EXPORTED}"),
        ((6000, 10), NoPreview.OVER_MAX_PIX),
        ((5001, 5000), NoPreview.TOO_LARGE),
    ],
)
def test_servers_render_less_than_exports(
    source: tuple[int, int], expected: str | NoPreview
) -> None:
    assert preview("scl=1", image=predicted("scl=1", source)) == expected


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://s7d1.scene7.com", "https://s7d1.scene7.com/is/image"),
        ("https://s7d1.scene7.com/", "https://s7d1.scene7.com/is/image"),
        ("https://s7d1.scene7.com/is/image/", "https://s7d1.scene7.com/is/image"),
        ("https://images.example.com:8443", "https://images.example.com:8443/is/image"),
        ("http://127.0.0.1:8073", "http://127.0.0.1:8073/is/image"),
        ("http://[::1]:80/is/image", "http://[::1]:80/is/image"),
        ("http://localhost", "http://localhost/is/image"),
    ],
)
def test_addresses_of_servers(url: str, base: str) -> None:
    assert ImageServerAddress(url=url).base == base


@pytest.mark.parametrize(
    "url",
    [
        *("", "s7d1.scene7.com", "https://", "http://s7d1.scene7.com", "ftp://s7d1.scene7.com"),
        *("https://user:secret@host", "https://host/other", "https://host?x=1", "https://host#x"),
        *("https://host:port", "https://ho st", "https://host\\x", "http://127.0.0.1.evil.com"),
        *("https://h\nost", "https://[::1", "file:///etc/passwd", "https://host/is/image/../x"),
        *("http://localhost@evil.com", "https://host:99999", "javascript:alert(1)"),
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ImageServerAddress(url=url)


NAMES = st.text(max_size=20) | st.text(alphabet="./\\%#?&=$ aé\n", max_size=8)
PIECES = st.one_of(
    st.sampled_from(["wid=5", "$zoom$", "$n=5", "hei=$n$", ".x", "req=props", "icc=a%2Fb%25"]),
    st.text(alphabet="abwid=%$&#?/{}()<>'\"+ é,.2F0", max_size=20),
)


@given(company=NAMES, asset=NAMES, modifier=PIECES, macro=PIECES)
def test_what_was_meant_arrives(company: str, asset: str, modifier: str, macro: str) -> None:
    url = preview(modifier, macro, company=company, asset=asset)
    if isinstance(url, NoPreview):
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "s7d1.scene7.com", "")
    assert url.isascii()
    assert url.isprintable()
    assert not set(url) & set(' <>"{}|\\^`')
    path = [unquote(each) for each in parts.path.split("/")]
    assert path == ["", "is", "image", company.removesuffix("/"), asset]
    assert parts.query.endswith(AS_EXPORTED)
    asked = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    assert not asked & {"req", "cache", "id", "src", "mask", "template"}
    again = parse_modifier(parts.query)
    assert not again.problems
    assert print_modifier(again.modifier) == parts.query  # nothing is encoded twice


@given(
    company=st.text(alphabet="Acme $%#?é'&;", min_size=1),
    asset=st.text(alphabet="shoe $%#?é'&;.", min_size=1),
)
def test_the_embedded_ips_reads_the_same_names(company: str, asset: str) -> None:
    url = preview(company=company, asset=asset)
    if asset in (".", ".."):
        assert url is NoPreview.NAME
        return
    assert isinstance(url, str)
    address = read_address(url)
    assert (address.company, address.asset) == (company, asset)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s7d1.scene7.com", "must begin with https://"),
        ("s7d1.scene7.com/is/image", "must begin with https://"),
        ("//s7d1.scene7.com", "must begin with https://"),
        ("http://s7d1.scene7.com/other", "must begin with https://"),
        ("https://s7d1.scene7.com/other", "no path fits it"),
        ("https://", "names no host"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_first_of_its_beginning(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ImageServerAddress(url=url)


def test_nothing_is_asked_for_without_a_modifier() -> None:
    url = preview_url(server=SERVER, company="Acme", asset="a", modifier=NOTHING, macro=NOTHING)
    assert url == f"{START}Acme/a?{AS_EXPORTED}"
