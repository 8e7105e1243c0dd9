"""Real servers on this machine that answer as sources do, and remember what they were asked."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import PurePosixPath
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

SECRET = "s3cr3t-k3y"
BYTES = bytes(range(256)) * 40
MARKS = {"ETag": '"one"', "Last-Modified": "Fri, 01 Mar 2024 15:00:00 GMT"}


@dataclass
class Answer:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    breaks_after: int | None = None


@dataclass
class Asked:
    path: str
    headers: Message
    at_s: float
    body: bytes = b""

    @property
    def name(self) -> str:
        """What the path ends with, its query left out."""
        return PurePosixPath(urlsplit(self.path).path).name


class Site(HTTPServer):
    """Gives its answers in turn, then 404; one of its own kind says what it answers to what."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    @property
    def names(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.name for asked in self.asked]

    def answer(self, asked: Asked) -> Answer:
        """Return what is answered to a question."""
        return self.answers.pop(0) if self.answers else Answer(404, b"")


S = TypeVar("S", bound=Site)


@contextmanager
def answering(site: S) -> Iterator[S]:
    """Let a site answer in a thread of its own."""
    with site:
        thread = Thread(target=partial(site.serve_forever, poll_interval=0.01))
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        asked = Asked(self.path, self.headers, time.monotonic(), body)
        self.server.asked.append(asked)
        answer = self.server.answer(asked)
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: answer.breaks_after])

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


def as_json(status: int, answer: Any, **headers: str) -> Answer:
    """Return an answer in JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(answer).encode(), named)


def rest(start: int, body: bytes = BYTES, **headers: str) -> Answer:
    """Return what is left of a body."""
    span = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
    return Answer(206, body[start:], MARKS | span | headers)
