"""Binance as its clients meet it: recorded frames, and a way to a server of this machine."""

import json
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
