"""A browser logs in at a page of its own, and nothing else answers it before."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI, WebSocket
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from leadline.serving import Rate, Serving
from leadline.tokens import Tokens
from panel_app import login
from panel_app.entrance import Entrance
from panel_app.guard import Guard

HOME = "http://localhost:8000"
SOCKET = "ws://localhost:8000/ws"
TOKEN = "leadline_of_a_test_0123456789"
PASSWORD = "correct horse"


class Doors:
    """A small app behind the guard, whose secrets a test may change."""

    def __init__(self, rate: Rate | None = None) -> None:
        self.password: str | None = PASSWORD
        tokens = Tokens(None, {"LEADLINE_TOKENS": f"desk={TOKEN}"})
        self.entrance = Entrance(Serving(tokens, password=lambda: self.password))
        self.app = Guard(_app(self), entrance=self.entrance, rate=rate)

    def browser(self, **how: Any) -> TestClient:
        """Return a new browser."""
        return TestClient(self.app, base_url=HOME, **how)


def _app(doors: Doors) -> FastAPI:
    app = FastAPI()

    @app.get("/health")
    @app.get("/page")
    def page() -> dict[str, str]:
        return {"said": "ours"}

    @app.get("/long")
    def long() -> StreamingResponse:
        def pieces() -> Iterator[str]:
            yield "one "
            doors.password = "another one"
            yield "two "

        return StreamingResponse(pieces())

    @app.websocket("/ws")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                await socket.send_text(await socket.receive_text())

    return app


@pytest.fixture
def doors() -> Doors:
    return Doors()


def log_in(asking: TestClient, secret: str = PASSWORD, onwards: str = "/page") -> Any:
    form = {"secret": secret, "next": onwards}
    return asking.post("/login", data=form, follow_redirects=False)


def test_before_it_only_health_answers(doors: Doors) -> None:
    asking = doors.browser()

    answers = {path: asking.get(path) for path in ("/health", "/page", "/docs", "/metrics", "/x")}

    assert {path: each.status_code for path, each in answers.items()} == {
        "/health": 200, "/page": 401, "/docs": 401, "/metrics": 401, "/x": 401,
    }  # fmt: skip
    assert answers["/page"].json() == {
        "error": "authorization: this needs a token; send Authorization: Bearer TOKEN"
    }
    assert answers["/page"].headers["www-authenticate"].startswith("Bearer")
    assert asking.get("/page", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_browser_is_led_to_the_page_and_back(doors: Doors) -> None:
    asking = doors.browser()
    led = asking.get("/page?a=1&b=2", headers={"accept": "text/html"}, follow_redirects=False)
    form = asking.get(led.headers["location"])
    done = log_in(asking, onwards="/page?a=1&b=2")
    inside = asking.get("/page")

    assert (led.status_code, led.headers["location"]) == (303, "/login?next=/page%3Fa%3D1%26b%3D2")
    assert 'value="/page?a=1&amp;b=2"' in form.text
    assert "//" not in form.text.replace("<!doctype", "")
    assert (done.status_code, done.headers["location"]) == (303, "/page?a=1&b=2")
    kept = done.headers["set-cookie"]
    assert "; HttpOnly; SameSite=Lax" in kept
    assert "Max-Age=43200" in kept
    assert "; Secure" not in kept
    assert (inside.status_code, inside.headers["cache-control"]) == (200, "private")


def test_over_tls_the_cookie_stays_there(doors: Doors) -> None:
    asking = TestClient(doors.app, base_url="https://localhost")

    assert "; Secure" in log_in(asking).headers["set-cookie"]


def test_who_logs_out_is_out_with_every_copy_of_the_cookie(doors: Doors) -> None:
    asking = doors.browser()
    log_in(asking)
    copy = doors.browser(cookies=dict(asking.cookies))
    page = asking.get("/login")
    asking.post("/logout")

    assert "You are in by a password" in page.text
    assert [each.get("/page").status_code for each in (asking, copy)] == [401, 401]


def test_a_wrong_secret_is_told_slowed_down_and_shown_nowhere(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    asking = doors.browser()

    tries = [log_in(asking, "wrong-secret") for _ in range(6)]
    right = log_in(asking)

    assert [each.status_code for each in tries] == [401] * 5 + [429]
    assert "login: this is no password or token of here" in tries[0].text
    assert "login: too many tries; try again in 12 s" in tries[5].text
    assert right.status_code == 429
    assert right.headers["retry-after"] == "12"
    assert doors.browser(client=("192.0.2.7", 1)).get("/login").status_code == 200
    assert log_in(doors.browser(client=("192.0.2.7", 1))).status_code == 303
    said = caplog.text + "".join(each.text + str(each.headers) for each in tries)
    assert "wrong-secret" not in said


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(doors: Doors) -> None:
    asking = doors.browser()
    wrong, right = ({"authorization": f"Bearer {each}"} for each in ("x" * 30, TOKEN))

    tries = [asking.get("/page", headers=wrong) for _ in range(6)]

    assert [each.status_code for each in tries] == [401] * 5 + [429]
    assert tries[5].json() == {"error": "authorization: too many tries; try again in 12 s"}
    assert asking.get("/page", headers=right).status_code == 200


def test_no_socket_opens_without_a_secret_and_one_closes_with_it(doors: Doors) -> None:
    asking, home = doors.browser(), {"origin": HOME}
    with pytest.raises(WebSocketDisconnect), asking.websocket_connect(SOCKET, headers=home):
        pass
    log_in(asking)
    with asking.websocket_connect(SOCKET, headers=home) as socket:
        socket.send_text("one")
        heard = socket.receive_text()
        doors.password = "another one"
        socket.send_text("two")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()

    assert heard == "one"
    assert closed.value.code == 1008


def test_an_answer_breaks_off_where_its_secret_ends(
    doors: Doors, caplog: pytest.LogCaptureFixture
) -> None:
    asking = doors.browser()
    log_in(asking)

    with asking.stream("GET", "/long") as answer:
        text = "".join(answer.iter_text())

    assert text == "one "
    assert caplog.messages == ["/long: authorization: it ended meanwhile"]


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\nx", "javascript:x", "", "é"],
)
def test_it_leads_to_no_other_place(doors: Doors, asked: str) -> None:
    assert login.local(asked) == "/"
    assert log_in(doors.browser(), onwards=asked).headers["location"] == "/"


def test_a_page_elsewhere_logs_nobody_in_or_out(doors: Doors) -> None:
    asking = doors.browser(headers={"origin": "http://evil.example"})

    assert log_in(asking).status_code == 403
    assert asking.post("/logout").status_code == 403


def test_a_form_that_is_too_long_is_no_secret(doors: Doors) -> None:
    assert log_in(doors.browser(), PASSWORD + " " * 9_000).status_code == 401


def test_each_has_his_own_rate(doors: Doors) -> None:
    doors = Doors(Rate(3, 60))
    asking, other = doors.browser(), doors.browser(client=("192.0.2.7", 1))
    shown = {"authorization": f"Bearer {TOKEN}"}

    own = [asking.get("/page", headers=shown) for _ in range(4)]
    same = other.get("/page", headers=shown)
    unknown = [other.get("/health") for _ in range(4)]

    assert [each.status_code for each in own] == [200, 200, 200, 429]
    assert own[3].json() == {"error": "rate: more than 3 requests a minute; try again in 20 s"}
    assert own[3].headers["retry-after"] == "20"
    assert same.status_code == 429
    assert [each.status_code for each in unknown] == [200, 200, 200, 429]


def test_a_network_of_ipv6_is_one_address() -> None:
    doors = Doors(Rate(1, 60))

    first, second, other = (
        doors.browser(client=(f"2001:db8:{each}", 1)).get("/health").status_code
        for each in (":1", ":2", "0:1::1")
    )

    assert (first, second, other) == (200, 429, 200)
