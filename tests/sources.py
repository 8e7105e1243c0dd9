"""A real server on this machine that answers from a list, and remembers what it was asked."""

import time
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

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


class Source(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Source

    def do_GET(self) -> None:
        self.server.asked.append(Asked(self.path, self.headers, time.monotonic()))
        answer = self.server.answers.pop(0)
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: answer.breaks_after])

    def log_message(self, *_: Any) -> None:
        pass


def rest(start: int, body: bytes = BYTES, **headers: str) -> Answer:
    span = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
    return Answer(206, body[start:], MARKS | span | headers)
