"""A real mail server on a port of its own, which keeps what it takes."""

from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Post:
    """What a mail server took, and what it answers to whom."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.boxes: list[list[str]] = []
        self.refuses: dict[str, str] = {}
        self.answer = "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if answer := self.refuses.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("2"):
            content = cast(bytes, envelope.content)
            mail = message_from_bytes(content, policy=policy.default)
            self.mails.append(mail)
            self.boxes.append(envelope.rcpt_tos)
        return self.answer


class AnyPort(Controller):
    """A server on a port that is free."""

    def _trigger_server(self) -> None:
        self.port = cast(Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def posting() -> Iterator[tuple[Post, int]]:
    """Serve on a free port; it wants no login."""
    post = Post()
    controller = AnyPort(post, hostname="127.0.0.1", port=0)
    controller.start()
    yield post, controller.port
    controller.stop()
