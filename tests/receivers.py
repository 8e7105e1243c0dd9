"""Receivers of notices that are as unreliable as real ones, and count what they were sent."""

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()

# What a receiver does next: it answers with a status and perhaps Retry-After, it takes the message
# and cuts the connection, or it cuts it before it has read anything.
Answer = int | tuple[int, str] | str


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify as the text of Standard Webhooks has it, by means that are not the sender's.

    The signed content is id, timestamp and body with full stops between; the key is the base64
    part after `whsec_`; the header lists signatures with blanks between, each `v1,` and base64.
    """
    key = base64.standard_b64decode(secret[len("whsec_") :])
    block = hashlib.sha256().block_size
    key = (key if len(key) <= block else hashlib.sha256(key).digest()).ljust(block, b"\0")
    content = b".".join(
        [headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body]
    )
    inner = hashlib.sha256(bytes(each ^ 0x36 for each in key) + content).digest()
    outer = hashlib.sha256(bytes(each ^ 0x5C for each in key) + inner).digest()
    passed = headers["webhook-signature"].split(" ")
    wanted = [each.removeprefix("v1,") for each in passed if each.startswith("v1,")]
    return any(hmac.compare_digest(base64.standard_b64decode(each), outer) for each in wanted)


@dataclass
class Receiver:
    """An HTTP server that follows a list of answers, then takes everything."""

    answers: list[Answer] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)  # each message that it has
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    gate: Event = field(default_factory=Event)  # until which `slow` waits
    port: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    @property
    def ids(self) -> Counter[str]:
        """How often each notice was taken."""
        return Counter(each["data"]["notice_id"] for each in self.taken)

    @property
    def told(self) -> Counter[str]:
        """Under how many ids each act was told."""
        notices = {each["data"]["notice_id"]: each["data"]["action_ids"] for each in self.taken}
        return Counter(action_id for ids in notices.values() for action_id in ids)

    def next(self) -> Answer:
        with self._lock:
            return self.answers.pop(0) if self.answers else 200


@contextmanager
def receiving(answers: Sequence[Answer] = ()) -> Iterator[Receiver]:
    """Serve a receiver on a port of its own."""
    receiver = Receiver(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            answer = receiver.next()
            self.close_connection = answer != 200
            if answer == "cut":
                return
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.heard.append((headers, body))
            if answer == "slow":
                receiver.gate.wait(30)
                answer = 200
            status, after = answer if isinstance(answer, tuple) else (answer, "")
            if status in (200, "cut after"):
                receiver.taken.append(json.loads(body))
            if status == "cut after":
                return
            self.send_response(int(status))
            if after:
                self.send_header("Retry-After" if status in (429, 503) else "Location", after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.gate.set()
            server.shutdown()
            with suppress(RuntimeError):
                thread.join()
