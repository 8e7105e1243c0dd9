"""A local S3 service that goes wrong when told to, as networks and services do."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest

from leadline import homes
from leadline.access import Access
from leadline.home import Home
from leadline.store import Store
from leadline.warehouse import Warehouse
from tests.desks import SmallDesk
from tests.doors import door, one_core, opened

ACCOUNT = "123456789012"  # moto's own
BUCKET = "stores"
KEYS = {"LEADLINE_STORE_KEY_ID": "AKEYIDAKEYID", "LEADLINE_STORE_SECRET": "aSecretKeyThatIsLong"}
Start = Callable[..., Any]
Answer = Callable[[Any, Any], Any]


@dataclass
class Asked:
    """One request: its method and its key, and how many bytes went each way."""

    method: str
    key: str
    is_list: bool
    sent: int = 0
    received: int = 0


@dataclass
class Fault:
    """What strikes at some requests: `act` answers in the place of the service, or after it."""

    act: Callable[["Service", Mapping[str, Any], Start], Iterable[bytes]]
    method: str = ""
    within: str = ""
    times: int = 1
    struck: int = 0

    def strikes(self, asked: Asked) -> bool:
        """Say whether it is this one's turn, and count it."""
        fits = self.method in ("", asked.method) and self.within in asked.key
        if not fits or self.struck >= self.times:
            return False
        self.struck += 1
        return True


@dataclass
class Service:
    """The service, what it was asked, and what is to go wrong."""

    app: Answer
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _lock: Any = field(default_factory=Lock, repr=False)
    _puts: Any = field(default_factory=Lock, repr=False)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"].partition(f"/{BUCKET}")[2].strip("/")
        query = environ.get("QUERY_STRING", "")
        said = Asked(environ["REQUEST_METHOD"], path or query, "list-type" in query)
        said.sent = int(environ.get("CONTENT_LENGTH") or 0)
        with self._lock:
            self.asked.append(said)
            fault = next((each for each in self.faults if each.strikes(said)), None)
        body = fault.act(self, environ, start) if fault else self.passed(environ, start)
        for piece in body:
            said.received += len(piece)
            yield piece

    def passed(self, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        """Let the service answer; it puts one object after the other, as a real one's puts are."""
        if environ["REQUEST_METHOD"] == "PUT":
            with self._puts:
                return list(self.app(environ, start))
        body: Iterable[bytes] = self.app(environ, start)
        return body

    @property
    def objects(self) -> Any:
        """What lies behind it."""
        from moto.s3.models import s3_backends  # which takes a second, and few tests want it

        return s3_backends[ACCOUNT]["aws"]

    def clear(self) -> None:
        """Forget what was put, what was asked and what was to go wrong."""
        self.objects.reset()
        self.objects.create_bucket(BUCKET, "us-east-1")
        self.asked, self.faults = [], []

    def keys(self) -> list[str]:
        """Return the keys of all that lies in the bucket."""
        return sorted(self.objects.buckets[BUCKET].keys)

    def body(self, key: str) -> bytes:
        """Return what lies under a key."""
        return bytes(self.objects.get_object(BUCKET, key).value)

    def spoil(self, key: str, body: bytes) -> None:
        """Lay something else under a key."""
        self.objects.put_object(BUCKET, key, body)

    def counted(self) -> Counter[str]:
        """Return how often each kind of request was sent."""
        return Counter("LIST" if each.is_list else each.method for each in self.asked)

    def access(self, cache: int = 50_000_000) -> Access:
        """Return what opens it."""
        return Access(self.url, "us-east-1", cache, *KEYS.values())

    def home(self, key: str = "desk/store", cache: int = 50_000_000) -> Home:
        """Return a store's place in it, as another process would open it."""
        return homes.at(f"s3://{BUCKET}/{key}", self.access(cache))

    def environment(self, folder: Path, key: str = "desk/store") -> dict[str, str]:
        """Return what a command needs to work on a store in it."""
        own = {"LEADLINE_STORE": f"s3://{BUCKET}/{key}", "LEADLINE_STORE_ENDPOINT": self.url}
        caches = {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "own")}
        return {**os.environ, **KEYS, **own, **caches}


def refusal(status: int, code: str, message: str = "no") -> Any:
    """Return what answers as S3 refuses."""
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
    names = {403: "Forbidden", 404: "Not Found", 500: "Internal Server Error", 503: "Slow Down"}

    def act(service: Service, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
        start(f"{status} {names.get(status, 'Refused')}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return act


def lost(service: Service, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
    """Do what is asked, and answer that something broke."""
    list(service.passed(environ, lambda *_: None))
    return list(refusal(500, "InternalError")(service, {**environ, "CONTENT_LENGTH": 0}, start))


def cut(service: Service, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
    """Send half of the body, then break the connection."""
    body = b"".join(service.passed(environ, start))
    yield body[: len(body) // 2]
    raise ConnectionResetError("the line was cut")


@contextmanager
def running() -> Iterator[Service]:
    """Run the service."""
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    class Handler(MotoRequestHandler):
        def log(self, *_: Any) -> None:
            """Say nothing: faults are on purpose."""

    service = Service(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, service, True, request_handler=Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        service.clear()
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def buckets() -> Iterator[Service]:
    """Run one for the tests of a file."""
    with running() as service:
        yield service


@pytest.fixture
def service(buckets: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Lend it, with nothing in it nor kept of it on this machine."""
    buckets.clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    return buckets


@dataclass
class FarDesk(SmallDesk):
    """A small project whose store lies in the service."""

    service: Service

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store, as another process would."""
        with opened(self.service.home(), self.catalog().contracts, one_core()) as store:
            yield store

    @contextmanager
    def warehouse(self, **given: Any) -> Iterator[Warehouse]:
        """Open the door, as another process would."""
        given = dict[str, Any](engine=one_core()) | given
        with door(self.service.home(), self.catalog(), **given) as house:
            yield house
