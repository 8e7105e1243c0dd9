"""A local S3 service, and a front before it that is busy, breaks off and refuses when told to."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from leadline.bucket import Bucket
from leadline.config import Place
from tests.sites import Answer, Asked, Site

ACCOUNT = "123456789012"  # moto's own
NAME = "flatfiles"
PASSED_ON = ("authorization", "range", "if-match")
PASSED_BACK = ("etag", "last-modified", "content-range", "content-type")

Fault = Callable[[Asked, Answer], Answer | None]


class Front(Site):
    """Passes questions on; each of its faults is asked once for another answer, in turn."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.faults = list[Fault]()
        self._behind = httpx.Client(base_url=f"http://127.0.0.1:{port}")
        self.clear()

    def server_close(self) -> None:
        """Close its way to the service too."""
        self._behind.close()
        super().server_close()

    def clear(self) -> None:
        """Forget what was put, what was asked and what was to go wrong."""
        self.objects.reset()
        self.objects.create_bucket(NAME, "us-east-1")
        self.asked, self.faults = [], []

    @property
    def objects(self) -> Any:
        """What lies behind it."""
        from moto.s3.models import s3_backends  # which takes a second, and few tests want it

        return s3_backends[ACCOUNT]["aws"]

    def put(self, key: str, body: bytes | str) -> None:
        """Lay an object into the bucket; text is packed."""
        packed = gzip.compress(body.encode(), mtime=0) if isinstance(body, str) else body
        self.objects.put_object(NAME, key, packed)

    def size(self, key: str) -> int:
        """Return how many bytes an object has."""
        return len(self.objects.get_object(NAME, key).value)

    def answer(self, asked: Asked) -> Answer:
        """Return what the service says, or what the next fault makes of it."""
        headers = {name: asked.headers[name] for name in PASSED_ON if name in asked.headers}
        said = self._behind.get(asked.path, headers=headers)
        back = {name: said.headers[name] for name in PASSED_BACK if name in said.headers}
        answer = Answer(said.status_code, said.content, back)
        if self.faults and (other := self.faults[0](asked, answer)):
            self.faults.pop(0)
            return other
        return answer

    @property
    def gets(self) -> list[Asked]:
        """Questions for objects, listings left out."""
        return [asked for asked in self.asked if "list-type" not in asked.path]

    def place(self, **other: Any) -> Place:
        """Return where it is."""
        said = {"source": "massive", "endpoint": self.url, "host": self.url.removeprefix("http://")}
        said |= {"bucket": NAME, "key_id": "AKEYID", "secret": "aSecretKey"}
        return Place(**said | other)

    def opened(self, folder: Path, **how: Any) -> Bucket:
        """Open its bucket for a feed."""
        return Bucket("massive_option_trades", self.place(), folder=folder, **how)


def error(status: int, code: str = "", message: str = "") -> Answer:
    """Return a refusal as S3 writes it."""
    said = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>" if code else "<html>"
    return Answer(status, said.encode(), {"Content-Type": "application/xml"})


def on(name: str, answer: Callable[[Answer], Answer]) -> Fault:
    """Return a fault that strikes at the first question whose path holds a name."""
    return lambda asked, said: answer(said) if name in asked.path else None


def cut(after: int) -> Callable[[Answer], Answer]:
    """Return what lets an answer break off."""
    return lambda said: Answer(said.status, said.body, said.headers, breaks_after=after)


@contextmanager
def service() -> Iterator[int]:
    """Run the service; yield its port."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        yield server.get_host_and_port()[1]
    finally:
        server.stop()
