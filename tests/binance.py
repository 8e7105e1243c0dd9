"""Binance as its clients meet it: recorded frames, and an exchange that answers from a list."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx

MESSAGES = Path(__file__).parent / "loaders" / "messages"
SPOT, NEXT = MESSAGES / "btcusdt_20240808", MESSAGES / "btcusdt_20240809"
FRAMES = SPOT.read_text().splitlines()
DEPTH = [json.loads(line.partition(" ")[2]) for line in FRAMES if '"depthUpdate"' in line]
TRADE = json.loads(FRAMES[2].partition(" ")[2])
BEFORE = json.loads(FRAMES[4].partition(" ")[2])
SHUTDOWN = json.loads(FRAMES[-1].partition(" ")[2])


class Exchange(HTTPServer):
    """Answers each question for a snapshot from a list: a status, headers and what it says."""

    def __init__(self, *answers: tuple[int, dict[str, str], Any]) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers, self.asked = list(answers), list[str]()


class Answering(BaseHTTPRequestHandler):
    """Sends the next answer of its list."""

    server: Exchange

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, said = self.server.answers.pop(0)
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Rerouted(httpx.HTTPTransport):
    """Takes every request to a server of this machine."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)


def of(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    """Return some columns of a row."""
    return tuple(row[name] for name in names)


def after(first: int, last: int) -> Any:
    """Return a message that goes from one update to another."""
    return {"data": DEPTH[2] | {"U": first, "u": last}}
