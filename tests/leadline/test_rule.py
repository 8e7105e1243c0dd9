"""A rule that is saved can be used; what can't be is told in a sentence that names the place."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import ConfigError
from leadline.quiet import Wait
from leadline.rule import LIVES, Rule, Written, checked, family, of_file, written
from leadline.warehouse import Warehouse
from tests.desks import at, small_desk, telling_desk
from tests.doors import catalog

OF = {"of": "prices.high"}
VIEW = {"of": "curated.followed", "key": ["print_id"]}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with small_desk(tmp_path_factory.mktemp("rules") / "desk").warehouse() as warehouse:
        yield warehouse


def read(house: Warehouse, table: dict[str, Any]) -> Rule:
    return checked(Written("big", "leadline.toml: rules.big", table), house, ["desk", "phone"])


def test_what_a_rule_of_a_detector_does_not_say_is_filled_in(house: Warehouse) -> None:
    rule = read(house, OF)

    assert (rule.of, rule.where, rule.key, rule.time) == (
        "detectors.prices_high", "true", ("entity",), "fired_at",
    )  # fmt: skip
    assert rule.waits == {
        "keep": Wait(timedelta(minutes=15)), "cooldown": Wait(timedelta(minutes=60)),
    }  # fmt: skip
    assert rule.definition["of"] == "prices.high"
    assert rule.definition["cooldown"] == "3600s"
    assert rule.definition["channels"] == []


def test_a_rule_of_a_view_ends_with_its_row_and_has_no_cool_down(house: Warehouse) -> None:
    rule = read(house, {**VIEW, "severity": "high", "expires": "2026-03-01T16:00+01:00"})

    assert (rule.time, rule.has_severity, rule.severity) == ("known_at", False, "high")
    assert not any(rule.waits.values())
    assert rule.expires == datetime(2026, 3, 1, 15, tzinfo=UTC)


def test_each_family_has_defaults_of_its_own() -> None:
    ids = ("crypto.whale", "options.sweep", "filings.crowding", "options.opened")

    assert [family(name) for name in ids] == ["crypto", "intraday", "daily", "daily"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"off": "prices.high"}, "unknown key 'off'; did you mean 'of'"),
        ({}, 'it does not say of which view it is; write of = "options.sweep"'),
        (
            {"of": "prices.hihg"},
            "of is 'prices.hihg', which is no view; did you mean 'prices.high'",
        ),
        (
            {**OF, "where": "scor > 5"},
            "where is 'scor > 5': there is no column 'scor'; did you mean 'score'",
        ),
        ({**OF, "where": "score"}, "where is 'score': it is double; compare it with a value"),
        ({**OF, "ends": "now() > fired_at"}, "ends is 'now() > fired_at': now() may not be"),
        ({**OF, "where": 5}, "where is 5; write it as a text, in quotes"),
        ({**OF, "key": "entity"}, 'key is entity; write a list, as ["entity"]'),
        ({**OF, "key": ["entty"]}, "key names 'entty', which is no column of its view; did you"),
        ({**OF, "key": []}, "key is empty; name the columns that say what an alert is about"),
        ({"of": "curated.followed"}, "key names 'entity', which is no column of its view"),
        ({**OF, "group": ["sektor"]}, "group names 'sektor', which is no column of its view"),
        ({**OF, "for": "soon"}, "for is 'soon', which is no stretch of time; write 90s, 5m"),
        ({**OF, "for": "1 session"}, "for is '1 session'; only keep and cooldown count sessions"),
        ({**OF, "keep": "0s"}, "keep is no time at all; a detector's row is an instant"),
        ({**OF, "no_data": "5m"}, "no_data watches a view whose rows keep coming; prices.high"),
        ({**VIEW, "no_data": "0s"}, "no_data is no time at all; write 5m"),
        ({**OF, "mute": ["close"]}, "mute says 'close', which is not known; did you mean 'closed'"),
        ({**VIEW, "mute": ["earnings"]}, "mute says earnings, and curated.followed has no column"),
        ({**OF, "severity": "hihg"}, "severity says 'hihg', which is not known; did you mean 'hi"),
        (
            {**OF, "channels": ["dsek"]},
            "channels says 'dsek', which is not known; did you mean 'desk'",
        ),
        ({**OF, "channels": ["x"]}, "channels says 'x', which is not known; add [channels.NAME]"),
        ({**OF, "digest": "0 0 30 2 *"}, "digest '0 0 30 2 *' never fires; no such day is in any"),
        ({**OF, "digest": "often"}, "digest 'often' has 1 fields; it takes five, as 30 18 * * 1-5"),
        ({**OF, "expires": "2026-03-01T16:00"}, "expires is '2026-03-01T16:00', in no zone; write"),
        ({**OF, "expires": datetime(2026, 3, 1)}, "expires is '2026-03-01 00:00:00', in no zone"),
        ({**OF, "expires": "later"}, "expires is 'later', which is no moment; write 2026-03-01T"),
    ],
)
def test_what_can_not_be_used_is_told_with_its_place(
    house: Warehouse, table: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as told:
        read(house, table)

    assert str(told.value).startswith(f"leadline.toml: rules.big: {said}")
    assert "\n" not in str(told.value)


def test_without_a_rule_an_alert_is_open_for_as_long_as_a_rule_keeps_it(tmp_path: Path) -> None:
    desk = telling_desk(tmp_path / "desk")
    told: dict[str, Any] = dict.fromkeys(
        ("fired_at", "happened_at", "known_at", "ticked_at"), at("05 15:00")
    )
    told |= dict.fromkeys(("fingerprint", "entity", "entity_type", "headline"), "x")
    told |= dict.fromkeys(("inputs", "params", "evidence"), "{}")
    told |= {"version": 1, "severity": "low", "score": 20.0, "confidence": 1.0, "is_late": False}
    told |= {"recorded_until": at("05 15:00")}
    detectors = [view.id for view in catalog().all_live()]
    desk.load("alerts", [{**told, "alert_key": name, "detector": name} for name in detectors])

    with desk.warehouse() as house:
        asked = house.ask("curated.alert_states", BEGINNING, FOREVER)
        found = dict(asked.project("alert_key, ended_at - first_fired_at").fetchall())

    keeps = {name: LIVES[family(name)][0] for name in detectors}
    assert found == {name: keep.time or timedelta(days=1) for name, keep in keeps.items()}


def test_a_draft_fires_no_alerts(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    path = desk.root / "sql/detectors/prices/high.v1.sql"
    path.write_text(path.read_text().replace("status:  live", "status:  draft"))

    with desk.warehouse() as house, pytest.raises(ConfigError, match="which is not live"):
        read(house, OF)


def test_rules_are_those_of_the_settings_and_those_of_files(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "big.toml").write_text('of = "a.b"')
    (tmp_path / "rules" / "odd.toml").write_text("of = \nkey = []")
    (tmp_path / "rules" / "two.toml").write_text("")

    found = list(written(tmp_path, {"two": {}, "one": {"of": "c.d"}}))

    assert found[:3] == [
        Written("one", "leadline.toml: rules.one", {"of": "c.d"}),
        Written("two", "leadline.toml: rules.two", {}),
        Written("big", "rules/big.toml", {"of": "a.b"}),
    ]
    broken = {each[0]: str(each[1]) for each in found[3:] if isinstance(each, tuple)}
    assert broken["two"] == "rules/two.toml: leadline.toml has a rule 'two'; rename one"
    assert f"{tmp_path}/rules/odd.toml:1: " in broken["odd"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file or directory; name a file"):
        of_file(tmp_path / "none.toml")
