"""Pages and API in one app on one port."""

import logging
import os
import signal
import socket
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

import uvicorn
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.staticfiles import StaticFiles

from leadline.errors import ConfigError
from leadline.question import Questions
from leadline.sandbox import Sandbox
from leadline.serving import Serving, is_loopback
from leadline.trail import Trail
from leadline.warehouse import Warehouse
from panel_app import api, dashboard, events, health, metrics, sql, takeaway, theme, wire, words
from panel_app.answers import Answers
from panel_app.carrier import Carrier
from panel_app.entrance import Entrance
from panel_app.founding import routes as founding
from panel_app.guard import Guard
from panel_app.paced import Paced

_ENDS = (signal.SIGINT, signal.SIGTERM)
ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - told from others, and refused without a secret
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
    trail: Trail | None = None,
) -> FastAPI:
    """Return the app over a warehouse that serves nothing else.

    `now` is the moment that pages show and that no answer goes beyond; `names` are what else than
    localhost and IP addresses the server is called. Without `serving` it is open to whoever can
    reach it; without a sandbox nobody asks SQL of his own, over HTTP not unless the settings say
    so, and without a trail nobody is noted.
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
    app.add_middleware(
        Guard, names=names, entrance=entrance, rate=serving.rate, trail=trail
    )  # fmt: skip
    app.mount("/assets", StaticFiles(directory=theme.ASSETS), name="assets")
    asked = sandbox if serving.has_sql else None
    sql.add(app, answers, asked)  # before the views, for its name could be one's
    events.add(app, questions, every_s=every_s)
    health.add(app, answers)
    api.add(app, questions, answers)
    founding.add(app, answers)
    metrics.add(app, questions, now)
    words.add(app, answers)
    paced = Paced(answers)
    takeaway.add(app, questions, paced)
    app.state.paced = paced
    dashboard.add(app, paced, sandbox, every_s=every_s, has_login=not entrance.is_open)
    return app


def serve(
    warehouse: Warehouse,
    now: Callable[[], datetime],
    host: str,
    port: int,
    say: Callable[[str], None],
    serving: Serving | None = None,
    sandbox: Sandbox | None = None,
    trail: Trail | None = None,
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
    hush()
    with listening:
        names = [socket.gethostname()] if host in ANYWHERE else [host]
        app = create(warehouse, now, names=names, serving=serving, sandbox=sandbox, trail=trail)
        carrier = Carrier(trail, warehouse) if trail else None
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
        if carrier:
            carrier.begin()
        dashboard.warm(app.state.paced)
        try:
            server.run(sockets=[listening])
        finally:
            if carrier:
                carrier.close()
        app.state.paced.close()
        if server.was_interrupted:
            raise KeyboardInterrupt


def hush() -> None:
    """Have nothing said of what goes wrong because somebody has just left, or hears twice."""
    # It warns of each piece that is written to who has just left.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    # What a page says last may come when Bokeh has let go of it.
    logging.getLogger("bokeh.server.protocol_handler").addFilter(_is_of_who_is_there)
    # Bokeh's, where a browser names a part of a chart that the server has just sent it.
    warnings.filterwarnings("ignore", message="reference already known")


def _is_of_who_is_there(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, AssertionError):
        return True
    return traceback.extract_tb(error.__traceback__)[-1].name != "session"


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
