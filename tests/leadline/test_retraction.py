"""An alert whose evidence was withdrawn is retracted once, and with it what rules fired of it."""

from pathlib import Path

import pytest

from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.rules import Rules
from tests.desks import HIGH, SmallDesk, telling_desk
from tests.leadline.test_rules import told

# A print of price 0 withdraws the print whose number its own begins with.
WITHDRAWN = """\
-- what:    Alerts whose print was withdrawn.
-- grain:   one row per alert
-- status:  live
-- needs:   0s

select
    alerts.alert_key, alerts.detector, alerts.entity, alerts.fired_at,
    prints.known_at as withdrawn_at,  -- when
    1 as n_withdrawn,  -- one
    [prints.print_id] as evidence_ids  -- which
from curated.alerts as alerts
inner join raw.prints as prints
    on alerts.alert_key = 'prices.high|' || left(prints.print_id, 1) and prints.price = 0
"""
RULE = 'of = "prices.high"\nkeep = "1d"\n'


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    desk = telling_desk(tmp_path / "desk")
    desk.write("sql/views/ops/retractions.v1.sql", WITHDRAWN)
    named = HIGH.replace("price := prints.price", "trade_ids := [prints.print_id]")
    desk.write("sql/detectors/prices/high.v1.sql", named)
    desk.write("rules/high.toml", RULE)
    return desk


def test_an_alert_and_what_a_rule_fired_of_it_are_retracted_once(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [1_000.0]
    monkeypatch.setattr("leadline.retraction.monotonic", lambda: seconds[-1])
    said = []
    with desk.warehouse() as house, desk.store() as store:
        alerts = Alerts(house, store)
        rules = Rules(alerts, desk.root)
        rules.tick()
        desk.prints(("a", 500, "05 15:00"), ("b", 500, "05 15:01"))
        seconds.append(1_700.0)
        for prints in ((), (("a0", 0, "05 15:10"),), (("c", 50, "05 15:20"),)):
            if prints:
                desk.prints(*prints, feed=prints[0][0])
            alerts.tick()
            said.append(told(rules.tick().steps))
            seconds.append(seconds[-1] + 700)
    with desk.warehouse() as house, desk.store() as store:
        alerts = Alerts(house, store)
        alerts.tick()
        again = Rules(alerts, desk.root).tick()
        states = house.ask("curated.alert_states", BEGINNING, FOREVER)
        found = states.project("alert_key, rule, state").order("all").fetchall()

    assert said == [
        ["15:00 high T fired"],
        ["15:10 None prices.high|a retracted", "15:10 high T retracted"],
        [],
    ]
    assert again.steps == []
    assert ("prices.high|a", None, "retracted") in found
    assert ("prices.high|a", "high", "retracted") in found
