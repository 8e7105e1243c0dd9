"""A real browser before a real server, and an ear for all that a page complains of."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.desks import start
from tests.doors import ROOT

AT = "/smart-money/dashboard"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Any]:
    """Open a Chromium without a window; a machine that has none skips what needs it."""
    sync = pytest.importorskip("playwright.sync_api").sync_playwright
    path = which("chromium") or which("chromium-browser") or which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is on the path; apt-get install chromium")
    with sync() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()


class Server:
    """`leadline serve` in a process of its own, which may be ended and begun again."""

    def __init__(self, place: Path) -> None:
        self._place, self.port = place, 0
        self.begin()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its number among processes."""
        return self._process.pid

    def begin(self) -> None:
        """Start it, at the port that it had before."""
        words = ("--store", self._place, "serve", "--port", str(self.port))
        self._process = start(ROOT, *words)
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        self.port = int(said.split()[0].rpartition(":")[2])

    def end(self) -> tuple[int, str]:
        """Interrupt it; return how it ended, and what it said."""
        self._process.send_signal(signal.SIGINT)
        _, err = self._process.communicate(timeout=20)
        return self._process.returncode, err


class Heard:
    """What a page complains about, and whom it asks."""

    def __init__(self, page: Any) -> None:
        self.wrong: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("response", self._got)
        page.on("request", self._asked)
        page.on("websocket", self._asked)

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def _got(self, response: Any) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status} {response.url}")

    def _asked(self, request: Any) -> None:
        address = request.url.removeprefix("blob:").replace("ws://", "http://")
        self.hosts.add("/".join(address.split("/")[:3]))


def answered(page: Any, timeout_s: float = 60) -> None:
    """Wait until the page is drawn and nothing on it is still being asked."""
    page.locator("header.head").first.wait_for(timeout=timeout_s * 1_000)
    page.locator(".asking").first.wait_for(state="detached", timeout=timeout_s * 1_000)


def fits(page: Any) -> None:
    """Wait until the page is no wider than its window: charts follow it in their own time."""
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=10_000)
