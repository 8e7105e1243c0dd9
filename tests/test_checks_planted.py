"""Fifty slips and more, planted by a seed among rows of the sample week: each is caught by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from leadline import checks, clock, project
from leadline.clock import Span
from leadline.publication import Publication
from loaders.sample_filings import IN_THOUSANDS, cik
from tests.desks import load_into
from tests.doors import ROOT, door, one_core, opened

SEED = 7
FRIDAY = datetime(2024, 2, 16, tzinfo=UTC)
BURST = "known_at < timestamptz '2024-02-16 15:02Z'"
WHERE = {  # few rows of each dataset, whose neighbours are among them
    "equity_bars": "bar = '1d' and session_date >= '2024-01-02'",
    "equity_trades": "session_date = '2024-02-16' and symbol in ('ALFA', 'ECHO')",
    "option_trades": "session_date = '2024-02-16' and root in ('KILO', 'ECHO')",
    "option_chains": "session_date >= '2024-02-05' and underlying in ('KILO', 'ECHO', 'ALFA')",
    "open_interest": "oi_date >= '2024-02-02'",
    "short_volume": "session_date >= '2024-02-05'",
    "otc_volume": "week_date >= '2024-01-15'",
    "book_tops": f"known_at >= timestamptz '2024-02-16 15:00Z' and {BURST}",
    "book_updates": f"known_at >= timestamptz '2024-02-16 15:00Z' and {BURST}",
    "crypto_trades": f"known_at >= timestamptz '2024-02-16 15:00Z' and {BURST}",
    "filings": "period_end = '2023-12-31'",
    "holdings": "true",
    "insider_transactions": "known_at >= timestamptz '2024-01-15 00:00Z'",
    "securities": "true",
}
# What drifts are months and rates, not rows: tests/test_drift.py plants them.
OF_MANY = {"alerts.budget", "alerts.rate", "model_scores.features", "model_scores.scores"}
Row = dict[str, Any]


@dataclass
class Sown:
    """The rows, what is planted among them, and rows that other loads bring."""

    rows: dict[str, list[Row]]
    chance: Random
    planted: list[tuple[str, str, str]] = field(default_factory=list)  # check, entity, marker
    others: list[tuple[str, str, list[Row]]] = field(default_factory=list)  # feed, dataset, rows
    used: set[tuple[str, Any]] = field(default_factory=set)

    def pick(self, dataset: str, is_fit: Callable[[Row], bool] = lambda row: True) -> Row:
        """Take a row that nothing was planted in or beside, with both neighbours in its series."""
        fit = [(n, row) for n, row in enumerate(self.rows[dataset]) if is_fit(row)]
        while True:
            place, row = self.chance.choice(fit)
            around = {(dataset, place + step) for step in range(-6, 7)}
            if not around & self.used:
                self.used |= around
                return row

    def tell(self, check: str, entity: str, marker: object = "") -> None:
        """Note what a check has to find."""
        self.planted.append((check, entity, str(marker)))


def book(row: Row) -> str:
    return f"{row['venue']}:{row['pair']}"


def of_bars(own: Sown) -> None:
    series: dict[str, list[Row]] = {}
    for row in own.rows["equity_bars"]:
        series.setdefault(row["symbol"], []).append(row)
    names = own.chance.sample(sorted(series), 10)
    inner = {name: own.chance.randrange(3, len(series[name]) - 3) for name in names}
    for name in names[:2]:
        gone = series[name][inner[name]]
        own.rows["equity_bars"].remove(gone)
        own.tell("equity_bars.gaps", name, series[name][inner[name] + 1]["session_date"])
    for name, factor in zip(names[2:4], (Decimal(10), Decimal("0.1")), strict=True):
        row = series[name][inner[name]]
        for price in ("open", "high", "low", "close"):
            row[price] = (row[price] * factor).quantize(Decimal("0.0001"))
        own.tell("equity_bars.spikes", name, row["session_date"])
    for name in names[4:6]:
        row = series[name][inner[name]]
        row["known_at"] = row["starts_at"] + timedelta(hours=own.chance.randrange(1, 6))
        own.tell("equity_bars.times", name, row["session_date"])
    for name in names[6:8]:
        before, row = series[name][inner[name] - 1], series[name][inner[name]]
        row |= {key: before[key] for key in ("open", "high", "low", "close", "volume")}
        own.tell("equity_bars.repeats", name, row["session_date"])
    for name in names[8:]:
        row = dict(series[name][inner[name]])
        row |= {key: row[key] * Decimal("1.1") for key in ("open", "high", "low", "close")}
        own.others.append((f"other {name}", "equity_bars", [row]))
        own.tell("equity_bars.sources", name, row["session_date"])


def of_prints(own: Sown) -> None:
    for _ in range(2):
        row = own.pick("equity_trades")
        row["traded_at"] = row["known_at"] + timedelta(seconds=own.chance.randrange(5, 900))
        own.tell("equity_trades.times", row["symbol"], row["trade_id"])
        row = own.pick("equity_trades", lambda row: row["price"] > 5)
        row["price"] /= 10
        own.tell("equity_trades.spikes", row["symbol"], row["trade_id"])
    some = own.rows["equity_trades"][100:105]
    again = [row | {"trade_id": f"again {row['trade_id']}"} for row in some]
    own.others.append(("sown", "equity_trades", again))
    own.tell("equity_trades.repeats", some[0]["symbol"])
    own.tell("equity_trades.conditions", "sown", FRIDAY.date())  # whose codes nobody explains
    for _ in range(2):
        row = own.pick("option_trades")
        row["strike"] *= 10
        own.tell("option_trades.symbols", row["contract"], row["trade_id"])
        row = own.pick("option_trades", lambda row: row["price"] > 1)
        row["price"] *= 10_000
        own.tell("option_trades.ranges", row["contract"], row["trade_id"])
    row = own.pick("option_trades")
    row["iv"] = 40.0
    own.tell("option_trades.ranges", row["contract"], row["trade_id"])
    for step in (timedelta(minutes=5), timedelta(days=-7)):
        row = own.pick("option_trades")
        row["traded_at"] = row["known_at"] + step
        own.tell("option_trades.times", row["contract"], row["trade_id"])
    some = own.rows["option_trades"][50:60]
    again = [row | {"trade_id": f"again {row['trade_id']}"} for row in some]
    own.others.append(("sown", "option_trades", again))
    own.tell("option_trades.repeats", some[0]["root"])


def of_chains(own: Sown) -> None:
    for _ in range(2):
        row = own.pick("option_chains", lambda row: row["bid"] and row["bid"] < row["ask"])
        row["bid"], row["ask"] = row["ask"], row["bid"]
        own.tell("option_chains.ranges", row["contract"], row["session_date"])
        row = own.pick("option_chains")
        row["underlying_price"] = None
        own.tell("option_chains.nulls", row["contract"], row["session_date"])
    row = own.pick("option_chains", lambda row: row["delta"] is not None)
    row["delta"] = -row["delta"] * 5
    own.tell("option_chains.ranges", row["contract"], row["session_date"])
    days = sorted({row["session_date"] for row in own.rows["option_chains"]})
    named = {
        (row["session_date"], row["contract"]): row
        for row in own.rows["option_chains"]
        if row["underlying"] == "KILO"
    }
    for (day, contract), row in named.items():
        if day == days[4] and (days[3], contract) in named:
            before = named[days[3], contract]
            kept = ("bid", "ask", "last", "volume", "underlying_price")
            row |= {key: before[key] for key in kept}
    own.tell("option_chains.repeats", "KILO", days[4])
    own.rows["option_chains"] = [
        row
        for row in own.rows["option_chains"]
        if (row["underlying"], row["session_date"]) != ("ECHO", days[5])
    ]
    own.tell("option_chains.gaps", "ECHO", days[6])
    dates = sorted({row["oi_date"] for row in own.rows["open_interest"]})
    is_gone = ("GLFF", dates[4])
    own.rows["open_interest"] = [
        row for row in own.rows["open_interest"] if (row["contract"][:4], row["oi_date"]) != is_gone
    ]
    own.tell("open_interest.gaps", "GLFF", dates[5])
    large = [
        row
        for row in own.rows["open_interest"]
        if row["open_interest"] > 1_000 and row["oi_date"] == dates[5] and row["contract"] < "F"
    ]
    for row, factor in zip(own.chance.sample(large, 2), (100, 0), strict=True):
        row["open_interest"] *= factor
        own.tell("open_interest.spikes", row["contract"], row["oi_date"])
    apart = own.chance.sample([row for row in large if row["open_interest"] < 50_000], 2)
    apart = [row | {"open_interest": row["open_interest"] + 400} for row in apart]
    own.others.append(("other interest", "open_interest", apart))
    for row in apart:
        own.tell("open_interest.sources", row["contract"], row["oi_date"])


def of_volumes(own: Sown) -> None:
    days = sorted({row["session_date"] for row in own.rows["short_volume"]})
    told = [row for row in own.rows["short_volume"] if row["session_date"] == days[-1]]
    parts = ("short_volume", "short_exempt_volume", "total_volume")
    for row in told:  # the facilities whose sum the consolidated file is
        for facility in ("FNSQ", "FNQC", "FNYX"):
            share = {name: row[name] / 2 if facility == "FNSQ" else row[name] / 4 for name in parts}
            own.rows["short_volume"].append(row | share | {"facility": facility})
    for row in own.chance.sample(told, 2):
        row["short_volume"] = (row["short_volume"] * Decimal("0.9")).quantize(Decimal("0.1"))
        row["short_exempt_volume"] = Decimal(0)
        own.tell("short_volume.sums", row["symbol"], row["session_date"])
    own.rows["short_volume"] = [
        row for row in own.rows["short_volume"] if row["session_date"] != days[4]
    ]
    own.tell("short_volume.gaps", "CNMS", days[5])
    for row in own.chance.sample(own.rows["otc_volume"], 2):
        more = {"mpid": "IATS", "volume": row["volume"] * 2}
        more["summary_type"] = f"{row['summary_type']}_FIRM"
        own.rows["otc_volume"].append(row | more)
        own.tell("otc_volume.sums", row["symbol"], row["week_date"])


def of_books(own: Sown) -> None:
    def is_btc(row: Row) -> bool:
        return bool(row["pair"] == "BTC-USDT")

    for _ in range(2):
        row = own.pick("book_tops", is_btc)
        own.tell("book_tops.times", book(row), row["update_id"] - 100_000)
        row["update_id"] -= 100_000
        row = own.pick("book_tops", is_btc)
        row["best_bid"], row["best_ask"] = row["best_bid"] * 1.3, row["best_ask"] * 1.3
        own.tell("book_tops.spikes", book(row), row["update_id"])
        row = own.pick("book_updates", lambda row: row["prev_size"] > 0)
        row["prev_size"] += 1
        own.tell("book_updates.chain", book(row), row["update_id"])
        row = own.pick("book_updates", lambda row: row["book_side"] == 1 and row["size"] > 0)
        row["best_bid"] = row["price"] * 0.99
        own.tell("book_updates.beyond", book(row), row["update_id"])
        row = own.pick("crypto_trades")
        row["traded_at"] -= timedelta(seconds=own.chance.randrange(30, 600))
        own.tell("crypto_trades.times", book(row), row["trade_id"])
        row = own.pick("crypto_trades")
        row["price"] *= 2
        own.tell("crypto_trades.spikes", book(row), row["trade_id"])
    row = own.pick("book_tops", is_btc)
    row["exchange_at"] += timedelta(minutes=10)
    own.tell("book_tops.times", book(row), row["update_id"])
    row = own.pick("crypto_trades")
    row["price"] *= 1.1
    own.tell("crypto_trades.books", book(row), row["trade_id"])
    row = own.pick("crypto_trades")
    own.rows["crypto_trades"].remove(row)
    own.tell("crypto_trades.gaps", book(row))
    began = FRIDAY + timedelta(hours=15, seconds=20)
    silent = began, began + timedelta(seconds=45)
    own.rows["book_tops"] = [
        row
        for row in own.rows["book_tops"]
        if is_btc(row) or not silent[0] < row["known_at"] < silent[1]
    ]
    own.tell("book_tops.gaps", "sample:ETH-USDT", "silent_us")


def of_filings(own: Sown) -> None:
    filled = {row["accession_no"] for row in own.rows["holdings"]}
    filings = [r for r in own.rows["filings"] if r["accession_no"] in filled and r["n_entries"]]
    first, second, third, fourth, *_ = own.chance.sample(filings, 8)
    first["n_entries"] += 1
    second["value_total"] *= 2
    own.tell("filings.sums", f"cik:{first['cik']}", first["accession_no"])
    own.tell("filings.sums", f"cik:{second['cik']}", second["accession_no"])
    third["accepted_at"] = third["known_at"] + timedelta(hours=2)
    own.tell("filings.dates", f"cik:{third['cik']}", third["accession_no"])
    again = fourth | {"accession_no": "0009999999-24-000001"}
    again["known_at"] += timedelta(days=1)
    own.others.append(("sown", "filings", [again]))
    own.tell("filings.originals", f"cik:{again['cik']}", again["accession_no"])
    own.tell("filings.units", f"cik:{cik(IN_THOUSANDS)}", "thousand")  # the sample's own
    of_positions(own, fourth)
    for _ in range(2):
        row = own.pick("holdings")
        row["cusip"] = row["cusip"][:8] + str((int(row["cusip"][8]) + 3) % 10)
        own.tell("holdings.cusips", f"cusip:{row['cusip']}", row["accession_no"])
        row = own.pick("insider_transactions")
        row["trans_date"] = row["known_at"].date() + timedelta(days=own.chance.randrange(2, 400))
        own.tell("insider_transactions.dates", row["accession_no"], row["trans_date"])
        row = own.pick("insider_transactions", lambda row: row["trans_code"] in ("P", "S"))
        row["shares"] = None
        own.tell("insider_transactions.nulls", row["accession_no"], row["line"])
    row = own.chance.choice(own.rows["securities"])
    other = row | {"ticker": "SLIP", "valid_from": row["valid_from"] + timedelta(days=30)}
    row["valid_to"] = row["valid_from"] + timedelta(days=90)
    own.rows["securities"].append(other)
    own.tell("securities.overlaps", f"cusip:{row['cusip']}", "SLIP")
    days = [FRIDAY + timedelta(days=n) for n in (0, 1, 2)]
    own.others.append((
        "other sessions", "sessions",
        [
            {
                "calendar": "TEST", "session_date": day.date(), "opens_at": day,
                "closes_at": day + timedelta(hours=8), "is_half_session": False,
                "sequence": (0, 1, 3)[n], "known_at": clock.BEGINNING,
            }
            for n, day in enumerate(days)
        ],
    ))  # fmt: skip
    own.tell("sessions.sequence", "TEST", days[2].date())


def of_positions(own: Sown, filing: Row) -> None:
    """Let somebody hold as many shares in two quarters, at the second for three times as much."""
    whose = {"cik": "0009999998", "manager": "Slip LLC", "accepted_at": None}
    held = max(own.rows["holdings"], key=lambda row: row["value_reported"])
    for n, period_end in enumerate((date(2023, 9, 30), date(2023, 12, 31))):
        told = {
            "accession_no": f"0009999998-24-{n:06}",
            "known_at": filing["known_at"] + timedelta(days=n),
        }
        value = held["value_reported"] * (1 + 2 * n)
        line = held | told | {"line": 1, "value_reported": value}
        cover = {"period_end": period_end, "n_entries": 1, "value_total": value}
        own.others.append((f"quarter {n}", "holdings", [line]))
        own.others.append((f"quarter {n}", "filings", [filing | whose | told | cover]))
    own.tell("holdings.values", f"cik:{whose['cik']}", held["cusip"])


@pytest.fixture(scope="module")
def field_of_slips(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sown, Path]:
    """Copy few rows of the sample week into a store, with slips among them."""
    rows: dict[str, list[Row]] = {}
    with door(sample) as house:
        for dataset, where in WHERE.items():
            contract = house.catalog.contracts[dataset]
            names = [*contract.names, "known_at", *(["sequence"] if contract.is_event else [])]
            found = house.ask(f"raw.{dataset}", clock.BEGINNING, clock.FOREVER).filter(where)
            order = "known_at, sequence" if contract.is_event else "known_at"
            answer = found.order(f"{order}, {contract.key[0]}").select(*names)
            rows[dataset] = answer.to_arrow_table().to_pylist()
    sown = Sown(rows, Random(SEED))
    for sow in (of_bars, of_prints, of_chains, of_volumes, of_books, of_filings):
        sow(sown)
    place = tmp_path_factory.mktemp("sown") / "store"
    with opened(place, engine=one_core()) as store:
        sessions = project.feed(ROOT, "sessions")
        calendar = [row for _, found in sessions.pull(Span(clock.BEGINNING, FRIDAY), None)
                    for row in found.to_pylist() if row["session_date"].year == 2024]  # fmt: skip
        load_into(store, "sessions", calendar, "sessions")
        told = [("sown", dataset, own) for dataset, own in sown.rows.items()]
        for nth, (feed, dataset, own) in enumerate([*told, *sown.others]):
            said = Publication(feed, f"{nth}", (dataset,), [(dataset, own)], "a test")
            assert (dataset, store.load(said).n_rejected) == (dataset, 0)
    return sown, place


def test_every_slip_is_caught_by_the_check_that_is_for_it_and_nothing_else_is_accused(
    field_of_slips: tuple[Sown, Path],
) -> None:
    own, place = field_of_slips
    found: dict[str, list[tuple[str, str]]] = {}

    with door(place, engine=one_core()) as house:
        for view in checks.named(house):
            rows = house.ask(view.stable, clock.BEGINNING, clock.FOREVER).to_arrow_table()
            found[view.id] = [
                (row["entity"], f"{row['reason']} {row['evidence']}") for row in rows.to_pylist()
            ]

    missed = [
        (check, entity, marker)
        for check, entity, marker in own.planted
        if not any(who == entity and marker in said for who, said in found[check])
    ]
    suspects = {entity for _, entity, _ in own.planted}
    accused = [(check, *one) for check, ones in found.items() for one in ones]
    assert "\n".join(map(str, missed)) == ""
    assert len(own.planted) >= 50
    assert {check for check, *_ in own.planted} == set(found) - OF_MANY
    assert [one for one in accused if one[1] not in suspects] == []
