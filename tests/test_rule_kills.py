"""The loop dies at seeded points of a tick; no step is lost, and none is there twice."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.rules import Rules
from leadline.warehouse import Warehouse
from tests.desks import SmallDesk, small_desk
from tests.leadline.test_rules import HIGH, LOW

SEED = 20240305
KILLS = 4  # in the soak 25 of each seed
# Where a tick can be cut: what was heard, what was committed of a load, its line, and its end.
POINTS = {
    ("alerts.py", "_append"), ("rules.py", "_hear"), ("table.py", "append"), ("ledger.py", "sign"),
    ("actions.py", "append"), ("store.py", "load"),
}  # fmt: skip
PRINTS = [(str(n), 60 + 77 * n % 500, f"05 {15 + n // 60}:{n % 60:02}") for n in range(0, 80, 4)]


class Killed(BaseException):
    """The process is gone: nobody catches it."""


def killing(nth: int) -> Callable[[FrameType, str, object], None]:
    """Return what kills as the nth point is passed; 0 never does."""
    left = nth

    def step(frame: FrameType, event: str, _: object) -> None:
        nonlocal left
        code = frame.f_code
        if event == "return" and (Path(code.co_filename).name, code.co_name) in POINTS:
            left -= 1
            if left == 0:
                raise Killed(f"{code.co_filename}:{code.co_name}")

    return step


def tick(desk: SmallDesk, house: Warehouse, nth: int = 0) -> bool:
    """Start a loop and let it tick once, killed at the nth point; say whether it lived.

    Only the views stay open from start to start, for making them takes longest.
    """
    with desk.store() as store:
        alerts = Alerts(house, store)
        rules = Rules(alerts, desk.root)
        sys.setprofile(killing(nth))
        try:
            alerts.tick()
            rules.tick()
        except Killed:
            return False
        finally:
            sys.setprofile(None)
        return True


def lived(root: Path, dice: random.Random | None, kills: int) -> list[dict[str, Any]]:
    """Return the steps of a desk whose loop died so often, at points that the dice choose."""
    desk = small_desk(root)
    desk.write("rules/high.toml", HIGH)
    desk.write("rules/low.toml", LOW)
    parts = [PRINTS[n : n + 5] for n in range(0, len(PRINTS), 5)]
    with desk.warehouse() as house:
        assert tick(desk, house)
        for place, part in enumerate(parts):
            desk.prints(*part, feed=part[0][0])
            due = kills * (place + 1) // len(parts) - kills * place // len(parts)
            while dice and due:
                due -= not tick(desk, house, dice.randint(1, 8))
            assert tick(desk, house)
        found = house.ask("raw.alert_actions", BEGINNING, FOREVER).order("acted_at, key, step")
        return list(found.to_arrow_table().to_pylist())


def check(root: Path, seed: int, kills: int) -> None:
    undisturbed = lived(root / "calm", None, 0)
    killed = lived(root / "killed", random.Random(seed), kills)

    said = [(row["action_id"], row["alert_id"], row["action"], row["acted_at"]) for row in killed]
    assert said == [
        (row["action_id"], row["alert_id"], row["action"], row["acted_at"]) for row in undisturbed
    ]
    assert max(Counter(row["action_id"] for row in killed).values()) == 1
    assert {row["action"] for row in killed} >= {"pending", "fired", "resolved"}


def test_no_step_is_lost_and_none_is_there_twice(tmp_path: Path) -> None:
    check(tmp_path, SEED, KILLS)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_no_step_is_lost_and_none_is_there_twice_often(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed, 25)
