"""Sends a notice as mail, whose Message-ID is the notice's id: a repeated one can be recognised."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from leadline.errors import NoticeError
from live.notice import Notice
from live.settings import Settings, secret_keys

KEYS = ("host", "port", "security", "user", "from", "to", *secret_keys("password"), "timeout")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_FOREVER = range(500, 600)  # an answer that another try will not change
_NEAR = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Email:
    """A mail server, and who writes to whom."""

    name: str
    host: str
    port: int
    security: str
    sender: str
    to: Sequence[str]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_s: float = 30

    def whither(self) -> str:
        """Say who gets it."""
        return f"{', '.join(self.to)} by {self.host}:{self.port}"

    def carry(self, notice: Notice) -> str | None:
        """Send one mail; one that a recipient's server never takes is said, and not sent again."""
        try:
            with self._open() as server:
                refused = server.send_message(self._mail(notice), self._address(), list(self.to))
        except smtplib.SMTPRecipientsRefused as error:
            raise self._not_taken(error.recipients) from None
        except smtplib.SMTPResponseException as error:
            # What a login that is refused was tried with is nobody's to read.
            is_login = isinstance(error, smtplib.SMTPAuthenticationError)
            what = "the login is refused" if is_login else _said(error.smtp_error)
            raise NoticeError(
                f"{self.name}: {self.host} answers {error.smtp_code}, {what}",
                is_final=error.smtp_code in _FOREVER and not is_login,
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NoticeError(
                f"{self.name}: {type(error).__name__} at {self.host}:{self.port}"
            ) from None
        if any(code not in _FOREVER for code, _ in refused.values()):
            raise self._not_taken(refused)
        return f"not to {', '.join(refused)}, which the server refuses" if refused else None

    def _open(self) -> smtplib.SMTP:
        safe = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_s, context=safe
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        try:
            if self.security == "starttls":
                server.starttls(context=safe)
            if self.user and self.password:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _mail(self, notice: Notice) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = notice.subject
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.to)
        mail["Date"] = format_datetime(notice.queued_at)
        domain = self._address().rpartition("@")[2]
        mail["Message-ID"] = f"<{notice.notice_id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # so that nobody's absence answers it
        mail.set_content(notice.text())
        mail.add_alternative(notice.html(), subtype="html")
        return mail

    def _address(self) -> str:
        return parseaddr(self.sender)[1]

    def _not_taken(self, refused: dict[str, tuple[int, bytes]]) -> NoticeError:
        said = ", ".join(f"{who} {code}" for who, (code, _) in refused.items())
        is_final = all(code in _FOREVER for code, _ in refused.values())
        return NoticeError(f"{self.name}: {self.host} does not take {said}", is_final=is_final)


def carrier(settings: Settings) -> Email:
    """Read a mail server and its login."""
    security = settings.one_of("security", _PORTS, "starttls")
    host = settings.text("host", '"smtp.example.com"')
    user = settings.text("user", '"me@example.com"') if "user" in settings.values else None
    password = settings.secret("password") if user or settings.has_secret("password") else None
    if password and not user:
        raise settings.refused("has a password and no user; write user")
    if password and security == "none" and host not in _NEAR:
        raise settings.refused(
            "would send its password unprotected; write security = starttls or tls"
        )
    sender = _mailbox(settings, "from", settings.text("from", '"leadline <me@example.com>"'))
    to = [_mailbox(settings, "to", each) for each in settings.texts("to", '["me@example.com"]')]
    return Email(
        settings.name, host, settings.whole("port", _PORTS[security], 65_535), security, sender,
        [parseaddr(each)[1] for each in to], user, password,
        settings.stretch("timeout", "30s").total_seconds(),
    )  # fmt: skip


def _mailbox(settings: Settings, key: str, said: str) -> str:
    name, address = parseaddr(said)
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or " " in address or not said.isprintable():
        raise settings.refused(f"has {key} = {said!r}, which is no address; write me@example.com")
    return formataddr((name, address))


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:160]
