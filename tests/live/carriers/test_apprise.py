"""A service that apprise knows takes a notice; what it says of a failure holds no secret."""

import io
import logging
from pathlib import Path

import pytest

from leadline.errors import NoticeError
from live.carriers.apprise import Service, carrier
from live.notice import Notice
from live.settings import Settings
from tests.acts import act
from tests.desks import at
from tests.receivers import receiving

NOTICE = Notice("notice_1", "desk", "AAPL swept", at("05 15:00"), ["a"], [act("fired")])


def service(monkeypatch: pytest.MonkeyPatch, url: str) -> Service:
    monkeypatch.setenv("LEADLINE_CHANNEL_DESK_URL", url)
    return carrier(Settings("desk", {"timeout": "5s"}, Path()))


def test_it_is_handed_over_as_title_and_text(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        service(monkeypatch, f"json://127.0.0.1:{receiver.port}/in").carry(NOTICE)

    (taken,) = receiver.taken
    assert taken["title"] == "AAPL swept"
    assert taken["message"].startswith("[high] AAPL swept")


def test_why_it_was_not_taken_is_told_without_any_part_of_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logged = logging.StreamHandler(io.StringIO())
    monkeypatch.setattr(logging.getLogger(), "handlers", [logged])

    with receiving([500]) as receiver:
        url = f"json://hunter2:hunter3@127.0.0.1:{receiver.port}/hunter4"
        found = service(monkeypatch, url)
        with pytest.raises(NoticeError) as refused:
            found.carry(NOTICE)
    with pytest.raises(NoticeError) as away:
        found.carry(NOTICE)

    assert str(refused.value) == (
        "desk: JSON did not take it; "
        "Failed to send JSON POST notification: Internal server error., error=500"
    )
    assert str(away.value).startswith("desk: JSON did not take it; A Connection error occurred")
    for said in (str(refused.value), str(away.value), logged.stream.getvalue(), repr(found)):
        assert "hunter" not in said
        assert "127.0.0.1" not in said


def test_no_redirect_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as other, receiving([(307, other.url)]) as receiver:
        found = service(monkeypatch, f"json://127.0.0.1:{receiver.port}/in")
        with pytest.raises(NoticeError):
            found.carry(NOTICE)

    assert other.heard == []
