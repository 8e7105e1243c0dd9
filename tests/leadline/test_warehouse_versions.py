"""A question may bind other versions and other parameters, and its rows say so."""

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.errors import ViewError
from tests.desks import FOLLOWED, SmallDesk, at
from tests.doors import rows


def test_params_bind_others_and_change_the_fingerprint(desk: SmallDesk) -> None:
    desk.prints(("a", 50, "05 15:00"), ("b", 500, "05 15:01"))
    params = {"prices.high": {"min_price": 10}}

    with desk.warehouse() as house:
        plain = rows(house.ask("detectors.all_live", BEGINNING, at("06 00:00")))
        more = rows(house.ask("detectors.all_live", BEGINNING, at("06 00:00"), params=params))

    assert [row["alert_key"] for row in plain] == ["prices.high|b"]
    assert sorted(row["alert_key"] for row in more) == ["prices.high|a", "prices.high|b"]
    assert plain[0]["fingerprint"] != more[0]["fingerprint"]


def test_pins_bind_an_older_version_below_and_change_the_fingerprint(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 15:00"))
    desk.write(
        "sql/views/curated/followed.v2.sql",
        FOLLOWED.replace("90s", "90s\n-- changed: v1 was cheap").replace(
            "print_id, price,", "print_id, price * 2 as price,"
        ),
    )
    pins = {"curated.followed": 1}

    with desk.warehouse() as house:
        (new,) = rows(house.ask("detectors.all_live", BEGINNING, at("06 00:00")))
        (old,) = rows(house.ask("detectors.all_live", BEGINNING, at("06 00:00"), pins=pins))

    assert (new["notional_usd"], old["notional_usd"]) == (1000, 500)
    assert new["fingerprint"] != old["fingerprint"]


def test_a_pin_on_a_version_that_is_not_there_says_which_are(desk: SmallDesk) -> None:
    with desk.warehouse() as house, pytest.raises(ViewError, match="no version 7; it has 1"):
        house.ask("prices.high", BEGINNING, FOREVER, pins={"prices.high": 7})


def test_an_override_shows_in_ops_params(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[params."prices.high"]\nmin_price = 7\n')

    with desk.warehouse() as house:
        (found,) = rows(house.ask("ops.params", BEGINNING, FOREVER))

    assert found == {
        "view": "prices.high", "version": 1, "name": "min_price", "value": "7",
        "default_value": "100", "is_overridden": True,
    }  # fmt: skip


def test_a_version_in_force_answers_under_its_pinned_name_too(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        first = house.ask("curated.followed_v1", BEGINNING, FOREVER).fetchall()
        again = house.ask("curated.followed_v1", BEGINNING, FOREVER).fetchall()
        stable = house.ask("curated.followed", BEGINNING, FOREVER).fetchall()

    assert first == again == stable
