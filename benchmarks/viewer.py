"""A viewer of a page without a browser: takes all that the server sends, and draws nothing."""

import asyncio
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

_TOKEN = re.compile(r'"token":\s*"([^"]+)"')
_READY = {
    "kind": "MessageSent",
    "msg_type": "bokeh_event",
    "msg_data": {"type": "event", "name": "document_ready", "values": {"type": "map"}},
}


@dataclass
class Viewer:
    """One open page: how many messages it got, and how many bytes."""

    address: str
    n_messages: int = 0
    n_bytes: int = 0

    async def look(self, seconds: float) -> None:
        """Open the page and take what comes, for a time."""
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.get(self.address, follow_redirects=True)
        answer.raise_for_status()
        token = _TOKEN.search(answer.text)
        if token is None:
            raise RuntimeError(f"{self.address}: the page names no session")
        url = urlsplit(str(answer.url))
        socket = f"ws://{url.netloc}{url.path}/ws" + (f"?{url.query}" if url.query else "")
        words = [Subprotocol("bokeh"), Subprotocol(token[1])]
        origin = f"http://{url.netloc}"
        async with connect(socket, subprotocols=words, origin=origin, max_size=None) as line:  # type: ignore[arg-type]
            for kind, content in (("PULL-DOC-REQ", {}), ("PATCH-DOC", {"events": [_READY]})):
                header = {"msgid": kind, "msgtype": kind}
                for part in (header, {}, content):
                    await line.send(json.dumps(part))
            try:
                async with asyncio.timeout(seconds):
                    async for message in line:
                        self.n_messages += 1
                        self.n_bytes += len(message)
            except TimeoutError:
                return
        raise RuntimeError(f"{self.address}: the server has left")
