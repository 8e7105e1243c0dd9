"""A webhook is signed as Standard Webhooks says, is sent nowhere else and says why it failed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import NoticeError
from live.carriers.webhook import Webhook, carrier
from live.notice import Notice
from live.settings import Settings
from tests.acts import act
from tests.desks import at
from tests.receivers import SECRET, Answer, Receiver, is_signed, receiving

NOTICE = Notice("notice_1", "desk", "AAPL", at("05 15:00"), ["a"], [act("fired")])


def webhook(monkeypatch: pytest.MonkeyPatch, url: str, **given: Any) -> Webhook:
    monkeypatch.setenv("LEADLINE_CHANNEL_DESK_SECRET", SECRET)
    return carrier(Settings("desk", {"url": url, **given}, Path()))


def missed(hook: Webhook) -> NoticeError:
    with pytest.raises(NoticeError) as error:
        hook.carry(NOTICE)
    return error.value


def test_a_receiver_can_prove_who_sent_it_and_that_nothing_was_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving() as receiver:
        webhook(monkeypatch, receiver.url).carry(NOTICE)

    ((headers, body),) = receiver.heard
    other = "whsec_" + SECRET.removeprefix("whsec_")[::-1]
    assert headers["webhook-id"] == "notice_1"
    assert is_signed(SECRET, headers, body)
    assert not is_signed(SECRET, headers, body + b" ")
    assert not is_signed(SECRET, headers | {"webhook-id": "notice_2"}, body)
    assert not is_signed(SECRET, headers | {"webhook-timestamp": "1"}, body)
    assert not is_signed("whsec_" + "A" * 43 + "=", headers, body), other
    assert receiver.taken[0]["data"]["subject"] == "AAPL"


@pytest.mark.parametrize(
    ("answer", "says", "wait_s", "is_final"),
    [
        (500, "answers 500", None, False),
        (404, "answers 404", None, False),
        (410, "answers 410", None, True),
        ((429, "90"), "answers 429", 90, False),
        ((503, "Tue, 05 Mar 2024 15:02:00 GMT"), "answers 503", 120, False),
        ((429, "999999999"), "answers 429", 6 * 3_600, False),
        ((429, "soon"), "answers 429", None, False),
        ("cut", "RemoteProtocolError at", None, False),
    ],
)
def test_what_is_not_taken_says_why_and_when_to_come_back(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, says: str, wait_s: int | None, is_final: bool
) -> None:
    with receiving([answer]) as receiver:
        hook = webhook(monkeypatch, receiver.url)
        error = missed(
            Webhook(hook.name, hook.url, hook.secret, hook.client, lambda: at("05 15:00"))
        )

    assert says in str(error)
    assert str(error).startswith("desk: ")
    assert (error.wait, error.is_final) == (
        timedelta(seconds=wait_s) if wait_s is not None else None, is_final,
    )  # fmt: skip


def test_it_is_not_sent_to_where_a_redirect_points(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as other, receiving([(307, other.url)]) as receiver:
        error = missed(webhook(monkeypatch, receiver.url))

    assert "answers 307" in str(error)
    assert other.heard == []


def test_a_receiver_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(["slow"]) as receiver:
        hook = webhook(monkeypatch, receiver.url, timeout="1s")
        hook.client.timeout = 0.05
        error = missed(hook)

    assert f"ReadTimeout at http://127.0.0.1:{receiver.port}" in str(error)


def test_an_error_says_the_host_and_nothing_else_of_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving() as receiver:
        gone = Receiver(port=receiver.port)

    assert str(missed(webhook(monkeypatch, f"{gone.url}/hunter2"))) == (
        f"desk: ConnectError at http://127.0.0.1:{gone.port}"
    )
