"""Our own files are found in a checkout and in an installed package."""

import json
from pathlib import Path

import pytest

from s7spec.adapters import bundled


def test_the_checkout_has_them() -> None:
    assert (bundled.contract_folder() / "IpsApi-2014-04-03.wsdl").is_file()
    assert bundled.example_specs_folder().is_dir()
    texts = bundled.schema_texts()
    assert list(texts) == sorted(texts)
    for name, text in texts.items():
        assert json.loads(text), name


def test_a_package_has_them_inside(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "s7spec"
    (package / "bundled" / "schemas" / "ips").mkdir(parents=True)
    roots = bundled.places(package)
    assert bundled.find("schemas/ips", roots) == package / "bundled" / "schemas" / "ips"


def test_the_package_comes_before_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    for folder in ("schemas", "s7spec/bundled/schemas"):
        (tmp_path / folder).mkdir(parents=True)
    roots = bundled.places(tmp_path / "s7spec")
    assert bundled.find("schemas", roots) == tmp_path / "s7spec" / "bundled" / "schemas"


def test_strangers_folders_beside_an_installed_package_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    with pytest.raises(FileNotFoundError, match="install s7spec again") as caught:
        bundled.find("schemas", bundled.places(tmp_path / "s7spec"))
    assert str(tmp_path / "s7spec" / "bundled" / "schemas") in str(caught.value)


def test_the_script_of_pages_is_made_of_all_its_parts() -> None:
    folder = Path(bundled.__file__).parents[1] / "report" / "html" / "script"
    parts = {path.stem: path.read_text() for path in folder.iterdir()}
    assert sorted(parts) == sorted(bundled.SCRIPT_PARTS)
    _, script = bundled.page_texts()
    assert script.startswith('"use strict";\n{\n')
    assert all(part in script for part in parts.values())
    assert max(len(part.splitlines()) for part in parts.values()) <= 250
