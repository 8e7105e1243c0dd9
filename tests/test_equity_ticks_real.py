"""Real ticks of IBM and BAC: volumes to the share, prints beside the rebuilt best quote, recall.

Blocks and late prints are planted among IBM's ticks of a day, at prices that it traded at.
"""

import zipfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from leadline import project
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.feed import Http
from leadline.load import over_network
from leadline.warehouse import Warehouse
from tests.desks import load_into
from tests.doors import ROOT, door, rows
from tests.stores import knowing_sessions, load_files

pytestmark = pytest.mark.real
SPAN = Span(datetime(2013, 9, 2, tzinfo=UTC), datetime(2013, 10, 31, tzinfo=UTC))
FOLDER, DAY = "equity_ticks_lean", datetime(2013, 10, 8, tzinfo=UTC)
HOUR = 3_600_000
# Prints, those of FINRA and their shares, as the folder's own tables have them.
TOLD = {
    "ibm/20131007": (24_293, 7_458, 1_228_746),
    "ibm/20131008": (33_381, 10_777, 1_910_405),
    "bac/20131007": (88_172, 37_205, 25_623_204),
}
SIZES = (0.5, 0.9, 1.1, 2.0, 5.0)
N_EACH = 20


@pytest.fixture(scope="module")
def house(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Load the ticks and the codes, and plant prints among IBM's of 8 October."""
    place = tmp_path_factory.mktemp("ticks") / "store"
    with knowing_sessions(SPAN, place) as store:
        module = project.feed(ROOT, "equity_codes")
        list(over_network("equity_codes", module, store, SPAN, cast(Http, None)))
        paths = [real / FOLDER / f"{name}_trade.zip" for name in TOLD]
        load_files(store, "equity_ticks", *paths, real / FOLDER / "ibm/20131008_quote.zip")
        load_into(store, "equity_trades", planted(), feed="massive_equity_trades")
    with door(place) as house:
        yield house


def planted() -> list[dict[str, Any]]:
    """Return blocks of about 10 M USD, told at once, and late prints of about 200,000 USD."""
    found = []
    for nth in range(N_EACH * len(SIZES)):
        size = SIZES[nth % len(SIZES)]
        at = DAY + timedelta(hours=14, minutes=2 * nth, seconds=7, microseconds=500)
        for kind, usd, delay in (("block", 10_000_000, 1), ("late", 200_000, 1_200)):
            found.append(
                {
                    "symbol": "IBM", "venue": "4", "trade_id": f"{kind} {size} {nth}",
                    "traded_at": at, "known_at": at + timedelta(seconds=delay),
                    "session_date": DAY.date(), "price": 180,
                    "size": round(size * usd / 180), "conditions": "" if kind == "block" else "33",
                    "sequence": nth,
                }
            )  # fmt: skip
    return found


def lines(real: Path, name: str) -> list[list[str]]:
    """Return a file's lines in cells."""
    with zipfile.ZipFile(real / FOLDER / name) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    return [line.split(",") for line in text.split()]


def asked(house: Warehouse, view: str, sql: str) -> list[tuple[Any, ...]]:
    answer = house.ask(view, BEGINNING, FOREVER).query("answer", sql)
    return [tuple(row) for row in answer.fetchall()] if answer else []


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.soak
def test_prints_and_volume_off_exchange_are_there_to_the_share(house: Warehouse, name: str) -> None:
    symbol, _, day = name.partition("/")

    (found,) = asked(
        house, "curated.equity_prints",
        "select count(*), sum(case when is_offex then 1 end), sum(case when is_offex then size end)"
        f" from answer where source = 'equity_ticks' and symbol = '{symbol.upper()}' and "
        f"session_date = date '{day[:4]}-{day[4:6]}-{day[6:]}'",
    )  # fmt: skip

    assert found == TOLD[name]


def test_no_code_of_the_ticks_is_unknown(house: Warehouse) -> None:
    sql = "select count(*) from answer where has_unknown_code or is_offex is null"

    assert asked(house, "curated.equity_prints", sql) == [(0,)]


def test_the_rebuilt_quotes_cross_in_72_of_124_010_from_half_past_nine_and_a_minute_on(
    house: Warehouse,
) -> None:
    (found,) = asked(
        house, "raw.equity_quotes",
        "select count(*), sum(case when bid > ask then 1 end) from answer where quoted_at >= "
        "timestamptz '2013-10-08 13:31Z' and quoted_at < timestamptz '2013-10-08 20:00Z'",
    )  # fmt: skip

    assert found == (124_010, 72)


def test_prints_lie_at_inside_and_outside_the_quotes_as_plain_python_finds_them(
    house: Warehouse, real: Path
) -> None:
    bid = ask = 0
    changes: list[tuple[float, int, int]] = []
    for cells in lines(real, "ibm/20131008_quote.zip"):
        bid, ask = int(cells[1]) or bid, int(cells[3]) or ask
        changes.append((float(cells[0]), bid, ask))
    moments = [at for at, _, _ in changes]
    wanted: Counter[str] = Counter()
    for at, price, _, venue, *_ in lines(real, "ibm/20131008_trade.zip"):
        if venue == "D" and 9.5 * HOUR <= float(at) < 16 * HOUR:
            _, bid, ask = changes[bisect_left(moments, float(at)) - 1]
            paid = int(price)
            if bid >= ask:
                wanted["locked or crossed"] += 1
            elif bid < paid < ask:
                wanted["inside"] += 1
            else:
                wanted["at" if paid in (bid, ask) else "outside"] += 1

    found = dict(
        asked(
            house, "curated.equity_trades",
            "select case when price_bucket in ('at_bid', 'at_ask') then 'at' "
            "when price_bucket in ('above_ask', 'below_bid') then 'outside' "
            "when price_bucket is null then 'locked or crossed' else 'inside' end, count(*) "
            "from answer where is_offex and is_regular_hours and source = 'equity_ticks' "
            "and symbol = 'IBM' and session_date = date '2013-10-08' group by all",
        )
    )  # fmt: skip
    assert found == wanted == {
        "at": 5_527, "inside": 4_575, "outside": 620, "locked or crossed": 24
    }  # fmt: skip


def test_a_print_at_the_middle_has_no_side_and_every_side_has_a_chance(house: Warehouse) -> None:
    (found,) = asked(
        house, "curated.equity_trades",
        "select sum(case when price_bucket = 'mid' and side is not null then 1 else 0 end), "
        "sum(case when (side is null) <> (side_prob is null) then 1 else 0 end), count(side) > 0 "
        "from answer",
    )  # fmt: skip

    assert found == (0, 0, True)


@pytest.mark.parametrize(("kind", "detector"), [("block", "block"), ("late", "late_print")])
def test_what_is_planted_is_found_from_its_bound_on_and_never_below(
    house: Warehouse, kind: str, detector: str
) -> None:
    alerts = rows(house.ask(f"detectors.off_exchange_{detector}", BEGINNING, FOREVER))

    found = Counter(
        float(alert["alert_key"].split(f"{kind} ")[1].split(" ")[0])
        for alert in alerts
        if f"FINRA:{kind} " in alert["alert_key"]
    )
    assert found == {size: N_EACH for size in SIZES if size > 1}
    # IBM and BAC had no print of ten million in those days, and one time alone is told of each.
    others = [alert for alert in alerts if "FINRA:block" not in alert["alert_key"]]
    assert [each for each in others if "FINRA:late" not in each["alert_key"]] == []
