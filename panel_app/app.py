"""Pages and API in one app on one port; pages are found by walking their folder."""

import importlib
import os
import pkgutil
import secrets
import signal
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import FrameType, ModuleType
from typing import Any

import panel as pn
import uvicorn
from bokeh_fastapi.handler import WSHandler
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from panel.io.fastapi import add_applications
from starlette.staticfiles import StaticFiles

import panel_app.pages
from leadline.errors import ConfigError, LeadlineError
from leadline.question import Questions
from leadline.sandbox import Sandbox
from leadline.serving import Serving, is_loopback
from leadline.warehouse import Warehouse
from panel_app import api, events, health, metrics, parts, sql, text, theme, wire
from panel_app.answers import Answers
from panel_app.desk import Desk
from panel_app.entrance import Entrance
from panel_app.founding import routes as founding
from panel_app.guard import Guard

_ENDS = (signal.SIGINT, signal.SIGTERM)
FIRST = "overview"  # the page at /
ANYWHERE = ("0.0.0.0", "::", "")
LIMIT_S = 60.0  # a question that takes longer should be a file of leadline sql


def create(
    warehouse: Warehouse,
    now: Callable[[], datetime],
    *,
    every_s: float = 1.0,
    limit_s: float = LIMIT_S,
    names: Iterable[str] = (),
    serving: Serving | None = None,
    sandbox: Sandbox | None = None,
) -> FastAPI:
    """Return the app over a warehouse that serves nothing else.

    `now` is the moment that pages show and that no answer goes beyond; `names` are what else than
    localhost and IP addresses the server is called. Without `serving` it is open to whoever can
    reach it; without a sandbox nobody asks SQL of his own.
    """
    serving = serving or Serving(rate=None)
    entrance = Entrance(serving)
    questions = Questions(warehouse, limit_s=limit_s)
    answers = Answers(questions, now)
    app = FastAPIOffline(
        title="leadline", favicon_url="/assets/mark.svg",
        description="Every view at an address of its own, as it was known at a moment.",
    )  # fmt: skip
    names = (*names, *serving.names)
    app.add_middleware(Guard, names=names, entrance=entrance, rate=serving.rate)
    app.mount("/assets", StaticFiles(directory=theme.ASSETS), name="assets")
    sql.add(app, answers, sandbox)  # before the views, for its name could be one's
    events.add(app, questions, every_s=every_s)
    health.add(app, answers)
    api.add(app, questions, answers)
    founding.add(app, answers)
    metrics.add(app, questions, now)
    pages = {_address(name): page for name, page in found().items()}
    titles = {address: _title(page) for address, page in pages.items()}
    openings: dict[str, Any] = {
        path: _opening(path, page, titles, answers, every_s, not entrance.is_open)
        for path, page in pages.items()
    }
    add_applications(
        openings, app=app, title={path: f"{name} · leadline" for path, name in titles.items()},
        sign_sessions=True, secret_key=secrets.token_bytes(32),
        check_unused_sessions_milliseconds=2_000,
    )  # fmt: skip
    return app


def serve(
    warehouse: Warehouse,
    now: Callable[[], datetime],
    host: str,
    port: int,
    say: Callable[[str], None],
    serving: Serving | None = None,
    sandbox: Sandbox | None = None,
) -> None:
    """Serve until interrupted; `say` is told the address. A taken port is a ConfigError.

    So is an address that others reach while there is no secret to ask them for.
    """
    serving = serving or Serving()
    serving.check(host)
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=kind)
    except (OSError, OverflowError) as error:
        what = (
            os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        )
        raise ConfigError(
            f"--port: {port} on {host} can't be had, {what.lower()}; choose another with --port"
        ) from error
    with listening:
        names = [socket.gethostname()] if host in ANYWHERE else [host]
        app = create(warehouse, now, names=names, serving=serving, sandbox=sandbox)
        settings = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=1,
            server_header=False, ws_max_size=1_048_576, http=wire.Protocol,
            # Else whoever is on this machine could name an address that is not his.
            proxy_headers=bool(serving.proxies), forwarded_allow_ips=list(serving.proxies),
        )  # fmt: skip
        shown = f"[{host}]" if ":" in host else host
        say(f"http://{shown}:{listening.getsockname()[1]} shows the dashboard; Ctrl-C ends it")
        if not is_loopback(host):
            say(f"http on {host} can be read on its way; put a proxy with TLS before it")
        server = _Server(settings)
        server.run(sockets=[listening])
        if server.was_interrupted:
            raise KeyboardInterrupt


class _Server(uvicorn.Server):
    """Ends by itself at Ctrl-C; uvicorn raises the signal once more, inside its own loop."""

    was_interrupted = False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen to signals until all is closed."""
        before = {each: signal.signal(each, self.handle_exit) for each in _ENDS}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Close within a second; whoever is impatient gets no traceback for it."""
        self.was_interrupted = self.was_interrupted or sig == signal.SIGINT
        self.should_exit = True


def found() -> dict[str, ModuleType]:
    """Import every page, by name, the first page first."""
    names = sorted(module.name for module in pkgutil.iter_modules(panel_app.pages.__path__))
    names.sort(key=lambda name: name != FIRST)
    return {name: importlib.import_module(f"panel_app.pages.{name}") for name in names}


def _address(name: str) -> str:
    return "/" if name == FIRST else f"/{name}"


def _title(page: ModuleType) -> str:
    return page.__name__.rpartition(".")[2].replace("_", " ").capitalize()


def _opening(
    path: str,
    page: ModuleType,
    titles: Mapping[str, str],
    answers: Answers,
    every_s: float,
    has_login: bool,
) -> Callable[[], Any]:
    """Return what lays a page out for whoever opens it."""

    def opened() -> Any:
        desk = Desk(answers)
        try:
            body = page.page(desk)
        except LeadlineError as error:
            body = parts.html(f'<p class="error" role="alert">{text.sentence(error)}</p>')
        # Not before the browser has loaded it: nobody looks at what curl fetches.
        pn.state.onload(lambda: _follow(desk, every_s))
        return theme.framed(path, titles, desk.clock, body, has_login=has_login)

    return opened


def _follow(desk: Desk, every_s: float) -> None:
    here: Any = pn.state.curdoc
    session = here.session_context.session

    async def refresh() -> None:
        if session.connection_count:
            await desk.refresh()

    pn.state.add_periodic_callback(refresh, period=int(every_s * 1_000))  # type: ignore[arg-type]


_connect = WSHandler.ws_connect


async def _connect_and_leave(self: WSHandler, websocket: Any) -> None:
    """Forget a viewer who has left; bokeh-fastapi 0.1.8 does when it next sends him something."""
    try:
        await _connect(self, websocket)
    finally:
        if self.connection is not None:
            self.application.client_lost(self.connection)


WSHandler.ws_connect = _connect_and_leave
