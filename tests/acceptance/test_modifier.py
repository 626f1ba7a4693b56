"""`s7spec modifier` as people and programs use it."""

from __future__ import annotations

import json
import os
import re
import shlex
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from tests.acceptance.conftest import Command, Finished, picture

ROOT = Path(__file__).parents[2]
S7SPEC = [sys.executable, "-m", "s7spec"]
MANUAL = (ROOT / "docs" / "modifiers.md").read_text("utf-8")
SHOWN = re.search(r"```console\n\$ (.*?)\n(.*?)```", MANUAL, re.DOTALL)
MARKER = "emulated, not Adobe output"


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text()))


SCHEMA = validator("modifier")


def document(finished: Finished) -> dict[str, Any]:
    """What was printed, held to the schema."""
    found: dict[str, Any] = json.loads(finished.out)
    assert not list(SCHEMA.iter_errors(found))
    return found


def documents(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    for each in found:
        assert not list(SCHEMA.iter_errors(each))
    return found


def piped(text: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*S7SPEC, "modifier", *arguments], input=text, capture_output=True, check=False
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of no project, the current one, with a picture in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    picture(folder / "hero.png", size=(400, 300))
    return folder


class TestOne:
    def test_what_the_manual_shows_is_printed(self, here: Path, s7spec: Command) -> None:
        assert SHOWN is not None
        _, *arguments = shlex.split(SHOWN[1])
        finished = s7spec(*arguments)
        assert finished.code == 3
        assert finished.out == SHOWN[2]

    def test_examples_of_the_help_run(self, here: Path, s7spec: Command) -> None:
        picture(here / "hero.tif")
        (here / "modifiers.txt").write_text("wid=8\n")
        help_ = s7spec("modifier", "--help").out
        examples = [line.strip() for line in help_.partition("Examples:")[2].splitlines()]
        ran = [each.partition(" > ")[0] for each in examples if each.startswith("s7spec")]
        assert len(ran) == 6
        for each in ran:
            assert s7spec(*shlex.split(each)[1:]).code == 0, each

    def test_errors_end_with_3_and_warnings_with_0(self, here: Path, s7spec: Command) -> None:
        assert s7spec("modifier", "wid=8&qlt=750").code == 3
        warned = s7spec("modifier", "fmt=png")
        assert (warned.code, "S7W101" in warned.out) == (0, True)
        assert warned.err == "for more: s7spec explain S7W101\n"
        assert s7spec("modifier", "fmt=png", "-q").err == ""

    def test_json(self, here: Path, s7spec: Command) -> None:
        finished = s7spec(
            *("modifier", "&wid=800&fmt=png", "--source", "3000x2000,alpha,cmyk"),
            *("--format", "json", "--asset", "Acme/shoe", "--image-server", "https://s.example"),
        )
        assert (finished.code, finished.err) == (0, "")
        found = document(finished)
        assert found["canonical"] == "wid=800&fmt=png"
        assert [each["explanation"] for each in found["commands"]] == [
            "800 pixels wide",
            "a file in the format png",
        ]
        assert [each["rule"] for each in found["diagnostics"]] == ["S7W111"]
        predicted = found["predicted"]
        assert (predicted["width"], predicted["height"]) == (800, 533)
        assert (predicted["format"], predicted["extension"]) == ("png", "png")
        assert predicted["flags"] == ["alpha_flattened", "color_converted"]
        assert found["preview"]["url"].startswith("https://s.example/is/image/Acme/shoe?wid=800")
        assert (found["line"], found["rendered"]) == (None, None)

    def test_allowed_commands_pass(self, here: Path, s7spec: Command) -> None:
        assert s7spec("modifier", "wid=8&src=Acme/other").code == 3
        assert s7spec("modifier", "wid=8&src=Acme/other", "--allow", "SRC").code == 0

    def test_colours_are_for_terminals_only(self, here: Path, s7spec: Command) -> None:
        assert "\x1b" not in s7spec("modifier", "wid=8&qlt=750").said

    def test_controls_in_it_reach_no_terminal(self, here: Path, s7spec: Command) -> None:
        hostile = "wid=\x1b[31m8&a\x07b=\u202e1&.\r\nx&text=\udcff"
        finished = s7spec("modifier", hostile)
        assert finished.code == 3
        assert finished.said.replace("\n", "").isprintable()
        machine = s7spec("modifier", hostile, "--format", "json")
        assert machine.out.isascii()
        document(machine)

    @pytest.mark.parametrize(
        "text", ["wid=8&" * 200_000, "{" * 30_000, "$a$&" * 8_000, "a=1&" * 8_000, "%" * 32_000]
    )
    def test_long_ones_end(self, text: str) -> None:
        """Through a pipe: a shell takes no arguments that long."""
        done = piped(text.encode(), "-", "--format", "json")
        (found,) = documents(done.stdout.decode())
        assert done.returncode == (0 if "$a$" in text else 3), done.stderr
        assert done.stderr == b""
        assert found["line"] == 1


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([], "give a modifier"),
            (["wid=8", "--file", "hero.png"], "TEXT and --file do not go together"),
            (["-", "--try", "hero.png"], "--try takes one modifier"),
            (["wid=8", "--out", "x.jpg"], "belong to --try"),
            (["wid=8", "--force"], "belong to --try"),
            (["wid=8", "--try", "nope.png"], "does not exist"),
            (["wid=8", "--try", "."], "is a directory"),
            (["wid=8", "--file", "nope.txt"], "does not exist"),
            (["wid=8", "--source", "0x0"], "is not a size in pixels"),
            (["wid=8", "--source", "3000"], "is not a size in pixels"),
            (["wid=8", "--source", "-1x5"], "is not a size in pixels"),
            (["wid=8", "--source", "9999999999x1"], "is not a size in pixels"),
            (["wid=8", "--source", "٣x٣"], "is not a size in pixels"),
            (["wid=8", "--source", "3x2,alpha,opaque"], "`opaque` does not fit"),
            (["wid=8", "--source", "3x2,lab"], "`lab` does not fit"),
            (["wid=8", "--macro", "a b"], "not the name of an image preset"),
            (["wid=8", "--preset", "view"], "is not NAME=MODIFIER"),
            (["wid=8", "--preset", "vi ew=wid=8"], "not the name of an image preset"),
            (["wid=8", "--preset", "view=wid= 8"], "a blank in a modifier"),
            (["wid=8", "--asset", "Acme/shoe"], "nothing says where it is published"),
            (["wid=8", "--image-server", "https://s.example"], "is for --asset"),
            (["wid=8", "--asset", "shoe", "--image-server", "https://s"], "is not Company/Name"),
            (["wid=8", "--asset", "A/s", "--image-server", "http://s"], "must begin with https"),
        ],
    )
    def test_mistakes_are_said(
        self, here: Path, s7spec: Command, arguments: list[str], words: str
    ) -> None:
        finished = s7spec("modifier", *arguments)
        assert finished.code == 3
        assert finished.out == ""
        assert "error[S7E054]" in finished.err
        assert words in " ".join(finished.err.split())
        as_json = s7spec("modifier", *arguments, "--format", "json")
        assert as_json.code == 3
        assert json.loads(as_json.out)["diagnostics"][0]["rule"] == "S7E054"

    @pytest.mark.parametrize("source", ["1x1", "999999999x999999999", "3000X2000,Opaque,GRAY"])
    def test_sources_of_any_size(self, here: Path, s7spec: Command, source: str) -> None:
        finished = s7spec("modifier", "scl=1&fmt=tif", "--source", source, "--format", "json")
        assert finished.code == 0
        assert document(finished)["predicted"]["width"] == int(source.lower().partition("x")[0])

    def test_commands(self, here: Path, s7spec: Command) -> None:
        table = s7spec("modifier", "--commands")
        assert (table.code, table.err) == (0, "")
        found = json.loads(s7spec("modifier", "--commands", "--format", "json").out)
        assert not list(validator("modifier-commands").iter_errors(found))
        assert all(each["synopsis"] in table.out for each in found["commands"])


class TestMany:
    def test_lines_of_a_file(self, here: Path, s7spec: Command) -> None:
        (here / "all.txt").write_bytes(
            b"\xef\xbb\xbfwid=8\r\n\n# a note\n  \nwid=8&qlt=750 \n&fmt=png\nwid=9"
        )
        finished = s7spec("modifier", "--file", "all.txt", "--format", "json")
        assert (finished.code, finished.err) == (3, "")
        found = documents(finished.out)
        assert [(each["line"], each["valid"]) for each in found] == [
            (1, True),
            (5, False),
            (6, True),
            (7, True),
        ]
        assert found[1]["diagnostics"][0]["where"] == {
            "path": "all.txt",
            "line": 5,
            "column": 11,
            "end_line": 5,
            "end_column": 14,
        }
        human = s7spec("modifier", "--file", "all.txt")
        assert human.code == 3
        assert human.out.startswith("all.txt:1  wid=8\nwid=8  8 pixels wide\n")
        assert "\n\nall.txt:5  wid=8&qlt=750\n" in human.out
        assert human.err == "4 modifiers: 1 with errors, 1 with warnings only\n"

    def test_bytes_that_are_no_text(self, here: Path, s7spec: Command) -> None:
        (here / "all.txt").write_bytes(b"wid=8\xff\nwid=\x008\n" + b"\x00" * 300_000 + b"\nwid=9\n")
        finished = s7spec("modifier", "--file", "all.txt", "--format", "json")
        found = documents(finished.out)
        assert [(each["line"], each["valid"]) for each in found] == [
            (1, False),
            (2, False),
            (3, False),
            (4, True),
        ]
        human = s7spec("modifier", "--file", "all.txt")
        assert human.out.replace("\n", "").isprintable()

    def test_an_empty_file_says_nothing(self, here: Path, s7spec: Command) -> None:
        (here / "all.txt").write_text("# nothing\n")
        finished = s7spec("modifier", "--file", "all.txt")
        assert (finished.code, finished.out) == (0, "")
        assert finished.err == "0 modifiers: 0 with errors, 0 with warnings only\n"

    def test_a_pipe_is_answered_line_by_line(self, here: Path) -> None:
        with subprocess.Popen(
            [*S7SPEC, "modifier", "-", "--format", "json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for number in (1, 2):
                process.stdin.write(f"wid={number}\n")
                process.stdin.flush()
                (found,) = documents(process.stdout.readline())
                assert found["canonical"] == f"wid={number}"
            process.stdin.close()
            assert process.wait() == 0

    def test_a_reader_that_leaves_changes_nothing(self, here: Path) -> None:
        command = f"{shlex.join(S7SPEC)} modifier - | true"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            input="wid=8\n" * 2000,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr

    def test_no_standard_input(self, here: Path) -> None:
        command = f"{shlex.join(S7SPEC)} modifier - <&-"
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (0, b"")


class TestPresets:
    def snapshot(self, project: Path, s7spec: Command) -> None:
        assert s7spec("presets", "--save").code == 0

    def test_those_of_the_snapshot_are_known_inside_a_project(
        self, project: Path, s7spec: Command
    ) -> None:
        self.snapshot(project, s7spec)
        found = document(s7spec("modifier", "$thumb$&hei=5", "--format", "json"))
        assert [each["text"] for each in found["commands"]] == [
            *("$thumb$", "wid=10", "hei=10", "fmt=png", "hei=5"),
        ]
        assert found["diagnostics"] == []
        unknown = s7spec("modifier", "$thum$&hei=5")
        assert unknown.code == 0
        assert "warning[S7W129]: image preset `$thum$` is not in presets/Acme.json" in unknown.out
        assert "did you mean $Thumb$? If it is new on IPS: `s7spec presets --save`" in unknown.out

    def test_one_that_is_given_comes_first(self, project: Path, s7spec: Command) -> None:
        self.snapshot(project, s7spec)
        finished = s7spec("modifier", "--macro", "thumb", "--preset", "$Thumb$=wid=3&fmt=gif")
        assert finished.code == 0
        assert finished.out.startswith("$thumb$    the image preset thumb")
        assert "\n  wid=3    3 pixels wide\n  fmt=gif" in finished.out

    def test_without_a_project_nothing_is_known(self, here: Path, s7spec: Command) -> None:
        found = document(s7spec("modifier", "$view$", "--format", "json"))
        assert (found["valid"], found["unknown_presets"]) == (True, ["view"])
        sized = s7spec("modifier", "$view$", "--source", "30x20").out
        assert "not certain view: what it says is not known here" in sized
        assert "snapshot" not in sized

    def test_a_project_is_opened_only_when_a_preset_is_named(
        self, project: Path, s7spec: Command
    ) -> None:
        (project / "s7spec.yaml").write_text("broken: [")
        assert s7spec("modifier", "wid=8").code == 0
        broken = s7spec("modifier", "$view$")
        assert broken.code == 3
        assert "s7spec.yaml" in broken.err

    def test_a_damaged_snapshot_is_told(self, project: Path, s7spec: Command) -> None:
        self.snapshot(project, s7spec)
        path = project / "presets" / "Acme.json"
        path.write_text(path.read_text().replace("wid=10", "wid=11"))
        finished = s7spec("modifier", "$thumb$")
        assert finished.code == 3
        assert "S7E045" in finished.err

    def test_an_environment_that_is_named_must_exist(self, here: Path, s7spec: Command) -> None:
        finished = s7spec("modifier", "$view$", "--env", "production")
        assert finished.code == 3
        assert "S7E050" in finished.err


class TestTrying:
    @pytest.mark.parametrize(
        ("out", "fmt", "told"),
        [
            ("foo.jpg", "png", "the name says .jpg, the file is png"),
            ("foo.JPEG", "webp", "the name says .JPEG, the file is webp"),
            ("foo.heic", "jpeg", "the name says .heic, the file is jpg"),
            ("foo.bmp", "tif", "the name says .bmp, the file is tiff"),
            ("foo.jpeg", "pjpeg", None),
            ("foo.tif", "tif-alpha", None),
            ("foo.png", "png8", None),
            ("foo", "png", None),
            ("foo.v2", "png", None),
        ],
    )
    def test_a_name_that_says_another_format_is_told(
        self, here: Path, s7spec: Command, out: str, fmt: str, told: str | None
    ) -> None:
        asked = ("modifier", f"wid=8&fmt={fmt}", "--try", "hero.png", "--out", out)
        found = document(s7spec(*asked, "--format", "json"))
        assert found["rendered"]["warnings"] == ([] if told is None else [told])
        human = s7spec(*asked, "--force")
        assert human.code == 0
        assert ("the name says" in human.out) is (told is not None)
        assert told is None or told in human.out

    def test_a_picture_is_written_and_told(self, here: Path, s7spec: Command) -> None:
        finished = s7spec("modifier", "wid=200&fmt=webp", "--try", "hero.png", "--format", "json")
        assert finished.code == 0
        found = document(finished)
        rendered = found["rendered"]
        assert rendered["path"] == "hero-try.webp"
        assert rendered["bytes"] == (here / "hero-try.webp").stat().st_size
        assert rendered["marker"] == MARKER
        with Image.open(here / "hero-try.webp") as written:
            assert (written.format, written.size) == ("WEBP", (200, 150))
        assert found["source"] == {"width": 400, "height": 300, "alpha": False, "color": "rgb"}
        predicted = found["predicted"]
        assert (predicted["width"], predicted["height"]) == (200, 150)
        assert (rendered["width"], rendered["height"]) == (200, 150)

    def test_people_are_told_that_it_is_not_adobes(self, here: Path, s7spec: Command) -> None:
        finished = s7spec("modifier", "wid=200", "--try", "hero.png", "--out", "tried.jpg")
        assert finished.code == 0
        assert "\nwritten     tried.jpg\n" in finished.out
        assert MARKER in finished.out
        assert (here / "tried.jpg").exists()

    def test_presets_are_heeded(self, here: Path, s7spec: Command) -> None:
        arguments = ("--macro", "v", "--preset", "v=wid=50&fmt=gif", "--format", "json")
        found = document(s7spec("modifier", "wid=200", "--try", "hero.png", *arguments))
        assert (found["rendered"]["width"], found["rendered"]["extension"]) == (50, "gif")

    @pytest.mark.parametrize(
        ("mode", "source"),
        [
            ("RGBA", {"alpha": True, "color": "rgb"}),
            ("LA", {"alpha": True, "color": "gray"}),
            ("L", {"alpha": False, "color": "gray"}),
            ("CMYK", {"alpha": False, "color": "cmyk"}),
        ],
    )
    def test_the_picture_is_the_source(
        self, here: Path, s7spec: Command, mode: str, source: dict[str, object]
    ) -> None:
        Image.new(mode, (40, 30)).save(here / "it.tif")
        found = document(s7spec("modifier", "wid=8", "--try", "it.tif", "--format", "json"))
        assert found["source"] == {"width": 40, "height": 30, **source}
        flattened = "S7W111" in {each["rule"] for each in found["diagnostics"]}
        assert flattened is source["alpha"]

    def test_alpha_that_hides_nothing_is_none(self, here: Path, s7spec: Command) -> None:
        Image.new("RGBA", (40, 30), (1, 2, 3, 255)).save(here / "it.png")
        found = document(s7spec("modifier", "wid=8", "--try", "it.png", "--format", "json"))
        assert found["source"]["alpha"] is False

    @pytest.mark.parametrize("out", [None, "out.jpg"])
    def test_nothing_is_replaced_but_by_force(
        self, here: Path, s7spec: Command, out: str | None
    ) -> None:
        path = here / (out or "hero-try.jpg")
        path.write_text("mine")
        arguments = ["modifier", "wid=20", "--try", "hero.png", *(["--out", out] if out else [])]
        refused = s7spec(*arguments)
        assert refused.code == 3
        assert "S7E053" in refused.err
        assert path.read_text() == "mine"
        assert s7spec(*arguments, "--force").code == 0
        assert path.read_bytes().startswith(b"\xff\xd8")

    def test_links(self, here: Path, s7spec: Command) -> None:
        (here / "target").write_text("mine")
        for name in ("out.jpg", "hero-try.jpg"):
            (here / name).symlink_to("target")
        (here / "nowhere.jpg").symlink_to("missing")
        arguments = ("modifier", "wid=20", "--try", "hero.png")
        for more in ((), ("--force",), ("--out", "out.jpg"), ("--out", "nowhere.jpg")):
            finished = s7spec(*arguments, *more)
            assert finished.code == 3, more
            assert "S7E053" in finished.err
        assert (here / "target").read_text() == "mine"
        assert not (here / "missing").exists()
        assert s7spec(*arguments, "--out", "out.jpg", "--force").code == 0
        assert (here / "out.jpg").is_symlink()
        assert (here / "target").read_bytes().startswith(b"\xff\xd8")

    def test_the_picture_itself_stays(self, here: Path, s7spec: Command) -> None:
        before = (here / "hero.png").read_bytes()
        for out in ("hero.png", "link.png"):
            if out != "hero.png":
                os.link(here / "hero.png", here / out)
            finished = s7spec("modifier", "wid=2", "--try", "hero.png", "--out", out, "--force")
            assert finished.code == 3
            assert "stays as it is" in finished.err
        assert (here / "hero.png").read_bytes() == before

    def test_a_folder_that_is_missing(self, here: Path, s7spec: Command) -> None:
        finished = s7spec("modifier", "wid=2", "--try", "hero.png", "--out", "no/such/x.jpg")
        assert finished.code == 3
        assert "S7E052" in finished.err

    def test_a_pipe_may_take_it(self, here: Path, s7spec: Command) -> None:
        arguments = ("--out", "/dev/null", "--force")
        assert s7spec("modifier", "wid=2", "--try", "hero.png", *arguments).code == 0
        assert Path("/dev/null").is_char_device()

    def test_errors_render_nothing(self, here: Path, s7spec: Command) -> None:
        finished = s7spec("modifier", "wid=2&qlt=750", "--try", "hero.png")
        assert finished.code == 3
        assert finished.err.startswith("nothing was rendered\n")
        assert sorted(each.name for each in here.iterdir()) == ["hero.png"]

    def test_what_is_not_emulated_is_said(self, here: Path, s7spec: Command) -> None:
        finished = s7spec("modifier", "wid=2&fmt=heic", "--try", "hero.png", "--format", "json")
        assert finished.code == 3
        found = document(finished)
        assert (found["valid"], found["rendered"]) == (False, None)
        (finding,) = found["diagnostics"]
        assert finding["rule"] == "S7E115"
        assert "docs/embedded-ips.md" in finding["hint"]

    @pytest.mark.parametrize("more", [[], ["--source", "9x9"]])
    def test_pipes_and_devices_are_not_waited_for(
        self, here: Path, s7spec: Command, more: list[str]
    ) -> None:
        os.mkfifo(here / "pipe.png")
        (here / "link.png").symlink_to(os.devnull)
        for name in ("pipe.png", os.devnull, "link.png"):
            finished = s7spec("modifier", "wid=8", "--try", name, *more)
            assert finished.code == 3
            assert finished.out == ""
            assert f"error[S7E054]: --try takes files: {name} is a pipe" in finished.err
        assert sorted(each.name for each in here.iterdir()) == ["hero.png", "link.png", "pipe.png"]

    @pytest.mark.parametrize("name", ["text.png", "cut.png", "bomb.png", "empty.png"])
    def test_what_is_no_picture(self, here: Path, s7spec: Command, name: str) -> None:
        contents = {
            "text.png": b"I am a text",
            "cut.png": (here / "hero.png").read_bytes()[:200],
            "bomb.png": claiming_png(60_000, 60_000),
            "empty.png": b"",
        }
        (here / name).write_bytes(contents[name])
        finished = s7spec("modifier", "wid=2", "--try", name, "--format", "json")
        assert finished.code == 3
        assert [each["rule"] for each in document(finished)["diagnostics"]] == ["S7E115"]
        assert "Traceback" not in finished.said
        assert not list(here.glob("*-try*"))


def claiming_png(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of this size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 99)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


class TestInAProject:
    def test_the_image_server_of_the_project_decides(self, project: Path, s7spec: Command) -> None:
        path = project / "s7spec.yaml"
        server = "image_server: {default_pix: [300, 300], url: https://s7d9.scene7.com}"
        path.write_text(path.read_text().replace("catalog: catalog", f"catalog: catalog, {server}"))
        shown = s7spec("modifier", "fmt=png", "--source", "600x300", "--asset", "Acme/PS_1")
        assert "becomes     300x150 pixels" in shown.out
        address = "https://s7d9.scene7.com/is/image/Acme/PS_1?fmt=png&bfc=off&dpr=off&network=off"
        assert address in shown.out

    def test_what_is_too_large_to_preview_has_no_address(
        self, project: Path, s7spec: Command
    ) -> None:
        published = ("--asset", "Acme/PS_1", "--image-server", "https://s7d9.scene7.com")
        large = s7spec("modifier", "wid=6000&hei=5000", *published)
        assert "\npreview     none: too large to preview\n" in large.out
        wide = ("modifier", "wid=6000&hei=10", *published, "--format", "json")
        assert document(s7spec(*wide))["preview"] == {"url": None, "why_not": "over MaxPix"}
        path = project / "s7spec.yaml"
        server = "catalog: catalog, image_server: {max_pix: [9000, 9000]}"
        path.write_text(path.read_text().replace("catalog: catalog", server))
        assert document(s7spec(*wide))["preview"]["url"].startswith("https://s7d9.scene7.com/")

    def test_an_asset_without_a_server_is_a_mistake_of_use(
        self, project: Path, s7spec: Command
    ) -> None:
        refused = s7spec("modifier", "wid=8", "--asset", "Acme/PS_1")
        assert refused.code == 3
        assert "image_server: {url: ...}" in refused.said
