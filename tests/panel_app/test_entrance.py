"""Who shows a secret that is in force comes in, and is out when it is no more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline import tokens
from leadline.serving import Serving
from leadline.tokens import Tokens
from panel_app.entrance import ANYBODY, Entrance


class Secrets:
    """A file of tokens, a password and a clock, each to be changed."""

    def __init__(self, folder: Path) -> None:
        self.path, self.password, self.now = folder / "tokens", "correct horse", 1_000.0
        self.token = tokens.new(self.path, "desk")

    def entrance(self) -> Entrance:
        serving = Serving(
            Tokens(self.path, {}), password=lambda: self.password, session=timedelta(hours=1)
        )
        return Entrance(serving, lambda: self.now)


@pytest.fixture
def held(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path)


def scope(*headers: tuple[str, str]) -> dict[str, Any]:
    """Return what a request says."""
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return {"type": "http", "headers": raw, "server": ("127.0.0.1", 8000)}


def cookie(entrance: Entrance, secret: str) -> dict[str, Any]:
    """Log in, and return the request of who has the cookie."""
    admitted = entrance.admit(secret)
    assert admitted is not None
    return scope(("cookie", f"other=1; leadline_8000={entrance.session(admitted)}"))


def test_where_nothing_is_asked_for_everybody_is_anybody() -> None:
    assert Entrance(Serving()).guest(scope()) is ANYBODY


@pytest.mark.parametrize("word", ["Bearer", "bearer", "BEARER "])
def test_a_token_in_the_header_comes_in(held: Secrets, word: str) -> None:
    entrance = held.entrance()

    found = entrance.guest(scope(("authorization", f"{word} {held.token}")))

    assert found is not None
    assert found.name == "desk"


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer x", "Basic {token}", "{token}", "Bearer {token} x", "Bearer {t}"]
)
def test_any_other_header_does_not(held: Secrets, said: str) -> None:
    shown = said.format(token=held.token, t=held.token[:-1])

    assert held.entrance().guest(scope(("authorization", shown))) is None


def test_a_session_is_opened_by_password_or_token_and_by_nothing_else(held: Secrets) -> None:
    entrance = held.entrance()

    names = [entrance.guest(cookie(entrance, each)) for each in (held.password, held.token)]

    assert [guest and guest.name for guest in names] == ["a password", "desk"]
    assert entrance.admit("") is None
    assert entrance.admit(held.password.upper()) is None


def test_a_session_ends_with_its_time_its_secret_and_when_it_is_left(held: Secrets) -> None:
    entrance = held.entrance()
    by_password, by_token = (cookie(entrance, each) for each in (held.password, held.token))
    left = cookie(entrance, held.password)
    guest = entrance.guest(left)
    assert guest is not None
    entrance.leave(guest)

    assert entrance.guest(left) is None
    assert not entrance.stands(guest)
    assert entrance.guest(by_password) is not None
    held.password = "battery staple"
    assert entrance.guest(by_password) is None
    assert entrance.guest(by_token) is not None
    tokens.revoke(held.path, "desk")
    assert entrance.guest(by_token) is None
    later = cookie(entrance, held.password)
    held.now += 3_599
    assert entrance.guest(later) is not None
    held.now += 2
    assert entrance.guest(later) is None


def test_a_cookie_of_another_server_or_a_changed_one_is_nothing(held: Secrets) -> None:
    entrance, other = held.entrance(), held.entrance()
    admitted = entrance.admit(held.password)
    assert admitted is not None
    value = entrance.session(admitted)
    shown = {"leadline_8000": (value[:-2] + "AA", ""), "leadline_9000": (value,)}

    assert other.guest(scope(("cookie", f"leadline_8000={value}"))) is None
    for name, values in shown.items():
        for each in values:
            assert entrance.guest(scope(("cookie", f"{name}={each}"))) is None
    assert entrance.guest(scope(("cookie", "; =\x01"))) is None
    assert held.password not in value


def test_nobody_comes_in_by_tokens_that_can_not_be_read(
    held: Secrets, caplog: pytest.LogCaptureFixture
) -> None:
    entrance = held.entrance()
    held.path.chmod(0o644)

    assert entrance.guest(scope(("authorization", f"Bearer {held.token}"))) is None
    assert entrance.admit(held.password) is not None
    assert "others may read it" in caplog.text
    assert held.token not in caplog.text
