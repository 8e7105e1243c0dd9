"""The pages at /smart-money/dashboard, found by walking their folder; a desk for each viewer."""

import asyncio
import importlib
import pkgutil
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import panel as pn
from bokeh_fastapi.handler import WSHandler
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from panel.io.fastapi import add_applications

import panel_app.pages
from leadline.errors import LeadlineError, nearest
from leadline.sandbox import Sandbox
from panel_app import text, theme
from panel_app.controls import Settings
from panel_app.desk import Desk, settings_of
from panel_app.paced import Paced
from panel_app.parts.layout import html

AT = "/smart-money/dashboard"
ALONG = ("symbol",)  # goes from page to page, also through those that know none


@dataclass(frozen=True)
class Page:
    """A page: where it is, what it is called, and the letter that leads to it after `g`."""

    address: str
    title: str
    letter: str
    module: ModuleType

    def desk(self, paced: Paced, said: Mapping[str, str], sandbox: Sandbox | None = None) -> Desk:
        """Return a desk with what an address says."""
        return Desk(paced, self.settings(said), self.address, sandbox)

    def settings(self, said: Mapping[str, str]) -> Settings:
        """Return what the page can be set to, set as an address says."""
        controls = getattr(self.module, "CONTROLS", ())
        known = {control.name for control in controls}
        said = {name: value for name, value in said.items() if name in known or name not in ALONG}
        return settings_of(controls, getattr(self.module, "LAST", None), said)

    def lay(self, desk: Desk) -> Any:
        """Lay it out; what can't be is a sentence in its place."""
        try:
            return self.module.page(desk)
        except LeadlineError as error:
            return html(f'<p class="error" role="alert">{text.sentence(error)}</p>')


def found() -> dict[str, Page]:
    """Import every page, by its name in the address, in the order in which they say to be."""
    modules = [
        importlib.import_module(f"panel_app.pages.{each.name}")
        for each in pkgutil.iter_modules(panel_app.pages.__path__)
    ]
    modules.sort(key=lambda each: (getattr(each, "ORDER", 99), each.__name__))
    pages = {}
    for module in modules:
        name = module.__name__.rpartition(".")[2].replace("_", "-")
        title = getattr(module, "TITLE", name.replace("-", " ").capitalize())
        letter = getattr(module, "LETTER", "")
        pages[name] = Page(f"{AT}/{name}", title, letter, module)
    return pages


def add(
    app: FastAPI, paced: Paced, sandbox: Sandbox | None, *, every_s: float, has_login: bool
) -> None:
    """Add the pages to an app, and lead to the first one from above."""
    pages = found()
    shown = list(pages.values())
    openings: dict[str, Any] = {
        page.address: _opening(page, shown, paced, sandbox, every_s, has_login) for page in shown
    }
    add_applications(
        openings, app=app, title={page.address: f"{page.title} · leadline" for page in shown},
        sign_sessions=True, secret_key=secrets.token_bytes(32),
        check_unused_sessions_milliseconds=2_000,
    )  # fmt: skip
    first = shown[0].address

    @app.get("/", include_in_schema=False)
    @app.get(AT, include_in_schema=False)
    def begin(request: Request) -> Response:
        return RedirectResponse(first + (f"?{query}" if (query := request.url.query) else ""))

    @app.get(AT + "/{name}", include_in_schema=False)
    def missing(name: str) -> Response:
        near = nearest(name, list(pages))
        said = f"{name}: there is no such page{near}; choose one above"
        return HTMLResponse(theme.alone(shown, said), 404)


def warm(paced: Paced) -> None:
    """Ask what the first page shows, so that who opens it finds it answered."""
    first = next(iter(found().values()))
    desk = first.desk(paced, {})
    first.lay(desk)
    paced.warm(desk.asks())


def _opening(
    page: Page,
    pages: Sequence[Page],
    paced: Paced,
    sandbox: Sandbox | None,
    every_s: float,
    has_login: bool,
) -> Callable[[], Any]:
    """Return what lays a page out for whoever opens it."""

    def opened() -> Any:
        said = {name: values[-1].decode() for name, values in pn.state.session_args.items()}
        desk = page.desk(paced, said, sandbox)
        body = page.lay(desk)
        # Not before the browser has loaded it: nobody looks at what curl fetches.
        pn.state.onload(lambda: _follow(desk, every_s))
        return theme.framed(page, pages, desk, body, has_login=has_login)

    return opened


def _follow(desk: Desk, every_s: float) -> None:
    here: Any = pn.state.curdoc
    session = here.session_context.session
    desk.begin(lambda: bool(session.connection_count))
    pn.state.add_periodic_callback(desk.tick, period=int(every_s * 1_000))


_connect = WSHandler.ws_connect


async def _connect_and_leave(self: WSHandler, websocket: Any) -> None:
    """Forget a viewer who has left; bokeh-fastapi 0.1.8 does when it next sends him something."""
    try:
        await _connect(self, websocket)
    except asyncio.CancelledError:
        pass  # the server ends, and nobody waits for what is left of this
    finally:
        if self.connection is not None:
            self.application.client_lost(self.connection)


WSHandler.ws_connect = _connect_and_leave
