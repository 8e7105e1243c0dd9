"""Values are shown in the unit of their name, and nothing foreign becomes markup."""

import shlex
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from panel_app import text
from tests.doors import ROOT, catalog


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("n_rows", 766_459, "766,459"),
        ("premium_usd", 2_500_000.0, "$2.5M"),
        ("premium_usd", 950, "$950"),
        ("net_usd", -35_600.0, "-$35.6k"),
        ("gex_usd_1pct", 22_000_000.0, "$22M"),
        ("vol_oi_ratio", 0.0108, "0.011"),
        ("mid", 61_234.5, "61,234.50"),
        ("obi", -0.67163, "-0.6716"),
        ("spread_bps", 0.5, "0.5 bps"),
        ("otm_pct", 12.3456, "12.3 %"),
        ("unsided_frac", 0.3229, "32.3 %"),
        ("iv", 0.5098, "51.0 %"),
        ("price", 3.0, "3"),
        ("strike", Decimal("4200.50000000"), "4,200.50"),
        ("ratio", float("nan"), "nan"),
        ("ratio", float("-inf"), "-inf"),
        ("anything", None, "—"),
        ("began_us", 1_708_095_695_000_000, "2024-02-16 15:01:35Z"),
        ("is_late", True, "yes"),
        ("oi_date", date(2024, 3, 1), "2024-03-01"),
        ("feeds", ["a", "<b>"], "a, &lt;b&gt;"),
        ("parts", {"n_rows": 1_000}, "rows 1,000"),
        ("contract", "<script>", "&lt;script&gt;"),
    ],
)
def test_a_value_is_shown_in_its_unit(column: str, value: Any, shown: str) -> None:
    assert text.figure(column, value) == shown


def test_a_moment_shows_seconds_and_keeps_the_rest_for_who_points_at_it() -> None:
    moment = datetime(2024, 3, 1, 15, 0, 1, 220_000, tzinfo=UTC)

    shown = text.figure("fired_at", moment)
    assert shown == '<time title="2024-03-01 15:00:01.220000Z">2024-03-01 15:00:01</time>'


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("n_rows", "rows"),
        ("newest_recorded_at", "newest recorded"),
        ("vol_oi_ratio", "vol/OI"),
        ("call_strike_oi", "call strike OI"),
        ("<i>", "&lt;i&gt;"),
    ],
)
def test_a_column_is_named_as_people_say_it(column: str, shown: str) -> None:
    assert text.label(column) == shown


def test_a_sentence_sets_commands_as_code() -> None:
    assert text.sentence("run `a <b>` now") == "run <code>a &lt;b&gt;</code> now"


def test_the_command_survives_a_shell_and_an_odd_key() -> None:
    view = catalog(ROOT).find("options.oi_change")
    moment = datetime(2024, 3, 1, 15, 0, 5, tzinfo=UTC)
    key = 'a|it\'s "$HOME" `id` \\ &|b'

    shown = unescape(text.command(view, key, moment, Path("/a desk/store")))
    command = shown.replace("leadline", "printf '%s\\n'", 1)
    heard = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    asked = "select * from detectors.options_oi_change_v1 where alert_key = '{}'"
    assert heard.stdout.splitlines() == [
        "--store", "/a desk/store", "sql",
        asked.format(key.replace("'", "''")), "--until", "2024-03-01T15:00:05Z",
    ]  # fmt: skip
    assert shlex.split(shown)[0] == "leadline"
    assert Path(view.path).exists()
