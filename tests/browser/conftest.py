"""A real browser: Debian's Chromium, or the one that S7SPEC_CHROMIUM names. None is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "there is no Chromium: apt-get install chromium, or name one with S7SPEC_CHROMIUM"


def chromium() -> str | None:
    named = os.environ.get("S7SPEC_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass(slots=True, kw_only=True)
class Opened:
    """A page in the browser, and what it said and asked for."""

    page: Page
    told: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Open: TypeAlias = Callable[..., Opened]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("S7SPEC_CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    home = str(tmp_path_factory.mktemp("chromium"))
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home},
        )
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page's text as a file. Requests beyond the file itself are noted and fail."""
    contexts: list[BrowserContext] = []

    def opened(text: str, *, width: int = 1280, at: str = "", **options: Any) -> Opened:
        path = tmp_path / "plan.html"
        path.write_bytes(text.encode())
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        found = Opened(page=context.new_page())
        page = found.page
        page.set_default_timeout(10_000)
        page.on("console", lambda message: found.told.append(message.text))
        page.on("pageerror", lambda error: found.told.append(str(error)))
        page.on("dialog", lambda dialog: found.told.append(dialog.message))
        page.on("request", lambda request: found.requests.append(request.url))
        page.route("https://**", lambda route: route.abort())
        page.goto(f"{path.as_uri()}{at}")
        if options.get("java_script_enabled", True):
            page.wait_for_function("performance.getEntriesByName('s7spec-ready').length > 0")
        return found

    yield opened
    for context in contexts:
        context.close()
