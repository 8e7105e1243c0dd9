"""Channels are listed without their secrets, one is tried, and a dead notice is sent again."""

from pathlib import Path

import pytest

from leadline import clock
from leadline.publication import Publication
from tests.acts import heard
from tests.desks import SmallDesk, run, small_desk
from tests.doors import ROOT

TABLES = """\
[channels.desk]
kind = "file"
path = "told.jsonl"
severity = "high"

[channels.bot]
kind = "apprise"
"""


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    desk = small_desk(tmp_path / "desk")
    for name in ("tables/alert_actions.sql", "tables/deliveries.sql"):
        desk.write(f"sql/{name}", (ROOT / "sql" / name).read_text())
    desk.write("leadline.toml", TABLES)
    return desk


def test_channels_are_listed_and_what_one_lacks_is_told(desk: SmallDesk) -> None:
    secret = {"LEADLINE_CHANNEL_BOT_URL": "json://hunter2@127.0.0.1:9/hunter3"}

    lacking, whole = (
        run(desk.root, "channels", "list"),
        run(desk.root, "channels", "list", env=secret),
    )

    listed = f"desk: file, {desk.root / 'told.jsonl'}, from high\n"
    assert (lacking.code, lacking.out) == (1, listed)
    assert lacking.err == (
        "leadline.toml: channels.bot: it needs a secret; "
        "set LEADLINE_CHANNEL_BOT_URL in the environment\n"
    )
    assert (whole.code, whole.out, whole.err) == (0, listed + "bot: apprise, JSON, from info\n", "")


def test_a_project_without_channels_says_how_to_have_one(desk: SmallDesk) -> None:
    desk.write("leadline.toml", "")

    ended = run(desk.root, "channels", "list")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "leadline.toml: no channels; write [channels.desk]\n"


def test_trying_a_channel_says_what_came_of_it(desk: SmallDesk) -> None:
    away = {"LEADLINE_CHANNEL_BOT_URL": "json://127.0.0.1:1/hunter3"}

    took = run(desk.root, "channels", "test", "desk")
    missed = run(desk.root, "channels", "test", "bot", env=away)
    unknown = run(desk.root, "channels", "test", "dsek")

    (told,) = heard(desk.root / "told.jsonl")
    assert told["subject"] == "[info] leadline reaches the channel desk"
    assert (took.code, took.out) == (0, "")
    assert took.err == f"desk: {desk.root / 'told.jsonl'} took {told['notice_id']}\n"
    assert missed.code == 3
    assert missed.err.startswith("bot: JSON did not take it; A Connection error occurred")
    assert missed.err.endswith("; mend it, or run this again later\n")
    assert "hunter" not in missed.err
    assert (unknown.code, unknown.err) == (
        1, "leadline.toml: it has no channel 'dsek'; did you mean 'desk'\n",
    )  # fmt: skip


def test_a_dead_notice_can_be_sent_again(desk: SmallDesk) -> None:
    step = {
        "notice_id": "notice_1", "channel": "desk", "tried_at": clock.now(),
        "known_at": clock.now(), "subject": "AAPL swept", "action_ids": ["a"],
    }  # fmt: skip
    for attempt, outcome in enumerate(("queued", "dead")):
        rows = [{**step, "attempt": attempt, "outcome": outcome}]
        with desk.store() as store:
            said = [("deliveries", rows)]
            store.load(Publication("deliveries", outcome, ("deliveries",), said, "notices"))

    again, twice = (run(desk.root, "channels", "retry", "notice_1") for _ in range(2))
    unknown = run(desk.root, "channels", "retry", "notice_2")

    assert (again.code, again.err) == (0, "notice_1: leadline live sends it again\n")
    assert (twice.code, twice.err) == (
        1, "notice_1: it is queued; only a dead one is sent again\n",
    )  # fmt: skip
    assert unknown.err == "notice_2: no notice has this id; ops.deliveries lists them\n"
