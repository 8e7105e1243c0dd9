"""Mail goes through a real SMTP server, which refuses, forgets and cuts as others do."""

import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from leadline.errors import NoticeError
from live.carriers.email import Email
from live.notice import Notice
from tests.acts import act
from tests.desks import at
from tests.mails import AnyPort, Post

FIRED = act("fired", headline="<AAPL> swept für 5 $")
NOTICE = Notice("notice_1", "desk", "[high] AAPL swept für 5 $", at("05 15:00"), ["a"], [FIRED])


def knows(server: SMTP, session: Session, envelope: Envelope, how: str, login: Any) -> AuthResult:
    is_known = isinstance(login, LoginPassword) and login.password == b"hunter2"
    return AuthResult(success=is_known, handled=False)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Post, int]]:
    post = Post()
    controller = AnyPort(
        post, hostname="127.0.0.1", port=0, authenticator=knows, auth_require_tls=False
    )
    controller.start()
    yield post, controller.port
    controller.stop()


@pytest.fixture
def post(served: tuple[Post, int]) -> Post:
    post, _ = served
    post.__init__()  # type: ignore[misc]
    return post


def email(served: tuple[Post, int], **given: Any) -> Email:
    to = ["me@example.com", "you@example.com"]
    security = given.pop("security", "none")
    return Email("desk", "127.0.0.1", served[1], security, "Desk <desk@example.com>", to, **given)


def missed(mail: Email) -> NoticeError:
    with pytest.raises(NoticeError) as error:
        mail.carry(NOTICE)
    return error.value


def test_a_mail_arrives_as_text_and_html_and_a_repeated_one_can_be_recognised(
    served: tuple[Post, int], post: Post
) -> None:
    mail = email(served, user="desk", password="hunter2")

    mail.carry(NOTICE)
    mail.carry(NOTICE)

    first, second = post.mails
    text, html = first.get_body(("plain",)), first.get_body(("html",))
    assert text is not None
    assert html is not None
    assert first["Subject"] == "[high] AAPL swept für 5 $"
    assert first["Message-ID"] == second["Message-ID"] == "<notice_1@example.com>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert text.get_content().splitlines()[0] == "[high] <AAPL> swept für 5 $"
    assert "&lt;AAPL&gt; swept für 5 $" in html.get_content()
    assert post.boxes[0] == ["me@example.com", "you@example.com"]


@pytest.mark.parametrize(
    ("answer", "says", "is_final"),
    [
        ("451 4.3.0 try later", "desk: 127.0.0.1 answers 451, 4.3.0 try later", False),
        ("554 5.7.1 no", "desk: 127.0.0.1 answers 554, 5.7.1 no", True),
    ],
)
def test_what_another_try_does_not_change_is_not_tried_again(
    served: tuple[Post, int], post: Post, answer: str, says: str, is_final: bool
) -> None:
    post.answer = answer

    error = missed(email(served))

    assert (str(error), error.is_final) == (says, is_final)


def test_a_recipient_that_is_never_taken_keeps_it_from_nobody_else(
    served: tuple[Post, int], post: Post
) -> None:
    post.refuses = {"you@example.com": "550 no such user"}

    said = email(served).carry(NOTICE)

    assert said == "not to you@example.com, which the server refuses"
    assert post.boxes == [["me@example.com"]]


def test_a_recipient_that_is_to_wait_is_not_forgotten(served: tuple[Post, int], post: Post) -> None:
    post.refuses = {"you@example.com": "450 greylisted"}
    waits = missed(email(served))
    post.refuses |= {"me@example.com": "550 no such user", "you@example.com": "550 neither"}
    nobody = missed(email(served))

    assert (str(waits), waits.is_final) == (
        "desk: 127.0.0.1 does not take you@example.com 450", False,
    )  # fmt: skip
    assert nobody.is_final


def test_a_login_that_is_refused_says_no_password(served: tuple[Post, int], post: Post) -> None:
    error = missed(email(served, user="desk", password="other-hunter"))

    assert (str(error), error.is_final) == (
        "desk: 127.0.0.1 answers 535, the login is refused", False,
    )  # fmt: skip
    assert "hunter" not in repr(email(served, user="desk", password="hunter2"))


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return what a server proves itself with, and the file that makes others believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk")])
    near = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = made.not_valid_before(at("01 00:00")).not_valid_after(at("01 00:00").replace(year=2100))
    signed = made.add_extension(near, False).sign(key, hashes.SHA256())
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "desk.pem"
    path.write_bytes(plain + signed.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


def test_a_password_is_said_only_to_a_server_that_proves_who_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, path = certificate(tmp_path)
    post = Post()
    controller = AnyPort(
        post, hostname="127.0.0.1", port=0, authenticator=knows, tls_context=context,
        require_starttls=True, auth_required=True,
    )  # fmt: skip
    controller.start()
    safe = email((post, controller.port), user="desk", password="hunter2", security="starttls")

    unknown = missed(safe)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    safe.carry(NOTICE)
    controller.stop()

    assert str(unknown) == f"desk: SSLCertVerificationError at 127.0.0.1:{controller.port}"
    assert len(post.mails) == 1


def test_a_server_that_is_away_or_can_not_protect_it_is_told(served: tuple[Post, int]) -> None:
    away = Email("desk", "127.0.0.1", 1, "none", "desk@example.com", ["me@example.com"])
    plain = Email("desk", "127.0.0.1", served[1], "starttls", "desk@example.com", ["me@x.com"])

    assert str(missed(away)) == "desk: ConnectionRefusedError at 127.0.0.1:1"
    assert str(missed(plain)) == f"desk: SMTPNotSupportedError at 127.0.0.1:{served[1]}"
