"""Channels are checked when they are read: kinds, hours, links, and secrets that nobody sees."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadline.errors import ConfigError
from live import channel
from live.channel import Quiet
from tests.receivers import SECRET

OURS = "leadline.toml: channels.desk: it "
FILE = {"kind": "file", "path": "notices.jsonl"}
HOOK = {"kind": "webhook", "url": "https://example.com/in"}
MAIL = {
    "kind": "email", "host": "smtp.example.com", "from": "Desk <desk@example.com>",
    "to": "me@example.com",
}  # fmt: skip


def refused(table: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as error:
        channel.read(Path("/nowhere"), {"desk": table})
    return str(error.value).removeprefix(OURS)


def test_each_kind_is_a_file() -> None:
    assert channel.kinds() == ("apprise", "email", "file", "webhook")


def test_what_is_not_said_has_a_default() -> None:
    found = channel.read(Path("/home"), {"desk": FILE})["desk"]

    assert (found.severity, found.quiet, found.per_hour, found.tries) == ("info", None, 60, 8)
    assert (found.tells_end, found.window.total_seconds()) == (False, 300)
    assert found.carrier.whither() == "/home/notices.jsonl"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "emial"}, "has kind = 'emial'; it takes apprise, email, file, webhook; "
         "did you mean 'email'"),
        ({"path": "x"}, "has no kind; it takes apprise, email, file, webhook"),
        (FILE | {"pth": "x"}, "has 'pth', which is no key of it; did you mean 'path'"),
        (FILE | {"severity": "urgent"},
         "has severity = 'urgent'; it takes info, low, medium, high, critical"),
        (FILE | {"zone": "Mars/Base"},
         "has zone = 'Mars/Base'; it takes a name such as Europe/Berlin or America/New_York"),
        (FILE | {"quiet": "night"}, "has quiet = 'night'; it takes hours as 22:00-07:00"),
        (FILE | {"quiet": "07:00-07:00"},
         "has quiet = '07:00-07:00'; it takes two times of a day, as 22:00-07:00"),
        (FILE | {"link": "dashboard"},
         "has link = 'dashboard'; it takes the address of the dashboard, as http://127.0.0.1:8000"),
        (HOOK | {"url": "ftp://x/y"}, "has a url that is no address; write https://host/path"),
        (HOOK | {"url": "http://example.com/in"}, "has a url without https, which anybody on the "
         "way may read; say plain = true to allow"),
        (HOOK | {"url": "https://u:p@example.com/"}, "has url, which is a secret; set "
         "LEADLINE_CHANNEL_DESK_URL in the environment and take it out of the file"),
        (HOOK, "needs a secret; set LEADLINE_CHANNEL_DESK_SECRET in the environment"),
        (HOOK | {"secret": "whsec_x"}, "has secret, which is a secret; set "
         "LEADLINE_CHANNEL_DESK_SECRET in the environment and take it out of the file"),
        (MAIL | {"user": "me"}, "needs a secret; set LEADLINE_CHANNEL_DESK_PASSWORD in the "
         "environment"),
        (MAIL | {"to": ["nobody"]}, "has to = 'nobody', which is no address; write me@example.com"),
        (MAIL | {"to": []}, 'has to = []; write to = ["me@example.com"]'),
        (MAIL | {"from": "x@y\nBcc: all@z"}, "has from = 'x@y\\nBcc: all@z', which is no address; "
         "write me@example.com"),
        ({"kind": "apprise"}, "needs a secret; set LEADLINE_CHANNEL_DESK_URL in the environment"),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_told_with_its_place(given: dict[str, Any], sentence: str) -> None:
    assert refused(given) == sentence


def test_secrets_of_another_form_are_refused_without_being_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LEADLINE_CHANNEL_DESK_SECRET", "hunter2hunter2")
    monkeypatch.setenv("LEADLINE_CHANNEL_DESK_URL", "slack://hunter2")
    monkeypatch.setenv("LEADLINE_CHANNEL_DESK_PASSWORD", "hunter2")

    said = [
        refused(HOOK), refused({"kind": "apprise"}),
        refused(MAIL | {"user": "me", "security": "none"}),
    ]  # fmt: skip

    assert said == [
        "has a secret of another form; it takes whsec_ and then 24 to 64 bytes in base64",
        "has an address that apprise can't read, of 'slack://'; "
        "write one as its documentation says",
        "would send its password unprotected; write security = starttls or tls",
    ]


def test_a_channel_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_CHANNEL_HOOK_SECRET", SECRET)
    monkeypatch.setenv("LEADLINE_CHANNEL_HOOK_URL", "https://example.com/hunter2")
    monkeypatch.setenv("LEADLINE_CHANNEL_BOT_URL", "json://hunter2:hunter2@example.com/hunter2")
    monkeypatch.setenv("LEADLINE_CHANNEL_MAIL_PASSWORD", "hunter2")
    tables = {
        "hook": {"kind": "webhook"}, "bot": {"kind": "apprise"}, "mail": MAIL | {"user": "me"},
    }  # fmt: skip

    found = channel.read(Path("/nowhere"), tables)

    shown = " ".join(
        f"{each!r} {each.carrier!r} {each.carrier.whither()}" for each in found.values()
    )
    assert "hunter2" not in shown
    assert SECRET.removeprefix("whsec_") not in shown
    assert found["hook"].carrier.whither() == "https://example.com"


def test_http_is_allowed_to_this_machine_and_where_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LEADLINE_CHANNEL_DESK_SECRET", SECRET)

    for table in (
        {"url": "http://127.0.0.1:9/"}, {"url": "http://localhost/"}, {"url": "http://[::1]/"},
        {"url": "http://example.com/", "plain": True},
    ):  # fmt: skip
        assert channel.read(Path("/nowhere"), {"desk": {"kind": "webhook", **table}})
    assert "without https" in refused(HOOK | {"url": "http://127.0.0.1.example.com/"})


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2024-03-05T20:59Z", None),
        ("2024-03-05T21:00Z", "2024-03-06T06:00Z"),
        ("2024-03-06T05:59Z", "2024-03-06T06:00Z"),
        ("2024-03-06T06:00Z", None),
        ("2024-03-31T01:30Z", "2024-03-31T05:00Z"),  # the night in which the clock goes forward
        ("2024-07-01T20:30Z", "2024-07-02T05:00Z"),
    ],
)
def test_quiet_hours_go_over_midnight_by_the_clock_on_the_wall(now: str, ends: str | None) -> None:
    quiet = Quiet(time(22), time(7), ZoneInfo("Europe/Berlin"))

    found = quiet.ends_at(datetime.fromisoformat(now))

    assert found == (datetime.fromisoformat(ends).astimezone(UTC) if ends else None)


def test_quiet_hours_may_lie_within_a_day() -> None:
    quiet = Quiet(time(12), time(13), ZoneInfo("UTC"))

    ends = [quiet.ends_at(datetime(2024, 3, 5, hour, 30, tzinfo=UTC)) for hour in (11, 12, 13)]

    assert ends == [None, datetime(2024, 3, 5, 13, tzinfo=UTC), None]


def test_a_channel_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as near:
        channel.named("dsek", {"desk": FILE})
    with pytest.raises(ConfigError) as far:
        channel.named("desk", {})

    assert str(near.value) == "leadline.toml: it has no channel 'dsek'; did you mean 'desk'"
    assert str(far.value) == "leadline.toml: it has no channel 'desk'; write [channels.desk]"
