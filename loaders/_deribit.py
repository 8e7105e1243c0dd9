"""What Deribit says, as rows of our datasets: trades, quotes, chains and contracts of options.

A name is read from its left: BTC-1AUG26-63000-C is inverse, its price in BTC; with a second coin,
as XRP_USDC-27JUN25-2d5-C has it, it is linear, its price in that one. Amounts are coins whatever
the contract's size, so one unit of ours is a coin, and every multiplier is 1.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from leadline.errors import FeedError
from leadline.feed import Json, Row, from_ms, meaning

NAME = "deribit_options"
API = "https://www.deribit.com/api/v2/public"
CURRENCIES = ("BTC", "ETH", "USDC")
VENUE = "deribit"
CALENDAR = "24/7"

_OPTION = re.compile(
    r"(?P<base>[A-Z0-9]+)(?:_(?P<quote>[A-Z0-9]+))?-(?P<day>\d{1,2})(?P<month>[A-Z]{3})(?P<year>\d\d)"
    r"-(?P<strike>\d+(?:d\d+)?)-(?P<right>[CP])"
)
# A future, a pair of coins, a combo: BTC-PERPETUAL, SOL_USDC-27DEC24, ETH_BTC, BTC-CS-…
_OTHER = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)?-(PERPETUAL|\d{1,2}[A-Z]{3}\d\d|[A-Z]+-.+)|\w+_\w+")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_RIGHTS = {"C": "call", "P": "put"}
_SIDES = {"buy": 1, "sell": -1}
_LIQUIDATED = {"M": "M", "T": "T", "MT": "MT"}  # the maker, the taker, both
_NOTHING = dict.fromkeys(("root", "currency", "expiration", "strike", "put_call"))
_PASSING = (10028, 10047, 10066, 11051, 13028, 13888)  # busy, or under maintenance
_MANY, _LOWEST = 20, 5  # so many volatilities of which half are below 5 % are no percent


def result(where: str, said: Json) -> Json:
    """Return what an answer holds; an error, or the test network's answer, is a FeedError."""
    if error := said.get("error"):
        told = f"{where}: Deribit answers {error['code']} {error['message']}"
        is_passing = error["code"] in _PASSING
        raise FeedError(told + "; try again later" * is_passing, try_again=is_passing)
    if said.get("testnet"):
        raise FeedError(
            f"{where}: the test network says this, which is no market; ask www.deribit.com"
        )
    return said["result"]


def parts(name: str) -> Mapping[str, object]:
    """Return root, currency, expiration, strike and put_call; all None where it is no option.

    So the row that it comes from is set aside by its contract, and the others load.
    """
    found = _OPTION.fullmatch(name)
    if found is None or found["month"] not in _MONTHS:
        return _NOTHING
    month = _MONTHS.index(found["month"]) + 1
    try:
        expiration = date(2000 + int(found["year"]), month, int(found["day"]))
    except ValueError:
        return _NOTHING
    return {
        "root": f"{VENUE}:{found['base']}-{found['quote'] or 'USD'}",
        "currency": found["quote"] or found["base"],
        "expiration": expiration,
        "strike": Decimal(found["strike"].replace("d", ".")),
        "put_call": _RIGHTS[found["right"]],
    }


def trades(where: str, said: Sequence[Json]) -> list[Row]:
    """Return the option trades among these; of a combo, its legs where it brings them along."""
    expect_percent(where, (trade.get("iv") for trade in said))
    rows: list[Row] = []
    for trade in said:
        is_other = _OTHER.fullmatch(trade["instrument_name"])
        rows += trades(where, trade.get("legs", ())) if is_other else [_trade(where, trade)]
    return rows


def _trade(where: str, said: Json) -> Row:
    traded_at = from_ms(said["timestamp"])
    package = said.get("block_trade_id") or said.get("combo_trade_id") or said.get("combo_id")
    return {
        "contract": said["instrument_name"],
        "venue": VENUE,
        "trade_id": said["trade_id"],
        "traded_at": traded_at,
        "known_at": traded_at,
        "calendar": CALENDAR,
        "session_date": traded_at.date(),
        "sequence": said["trade_seq"],
        **parts(said["instrument_name"]),
        "price": said["price"],
        "size": said["amount"],
        "multiplier": 1,
        "condition": condition(where, said),
        "side": meaning(f"{where}: direction", _SIDES, said["direction"]),
        "underlying_price": said["index_price"],
        "iv": fraction(said.get("iv")),
        "block_id": None if package is None else str(package),
    }


def condition(where: str, said: Json) -> str:
    """Return how a trade came about: `book`, or `block`, `rfq` and `combo` as far as they hold.

    After `liquidation` stands who was liquidated, as Deribit spells it.
    """
    is_combo = said.get("combo_id") or said.get("combo_trade_id")
    marks = {
        "block": said.get("block_trade_id"),
        "rfq": said.get("block_rfq_id"),
        "combo": is_combo,
    }
    words = [word for word, mark in marks.items() if mark] or ["book"]
    if whose := said.get("liquidation"):
        words += ["liquidation", meaning(f"{where}: liquidation", _LIQUIDATED, whose)]
    return " ".join(words)


def quotes(said: Json, known_at: datetime | None) -> list[Row]:
    """Return the best bid and offer of a ticker, if it is an option's; a price of 0 is none."""
    name, quoted_at = said["instrument_name"], from_ms(said["timestamp"])
    if _OTHER.fullmatch(name):
        return []
    bid, ask = said["best_bid_price"] or None, said["best_ask_price"] or None
    stood_at = max(known_at or quoted_at, quoted_at)  # a recorder's clock may be behind
    return [
        {
            "contract": name,
            "stood_at": stood_at,
            "quoted_at": quoted_at,
            "known_at": stood_at,
            "calendar": CALENDAR,
            "session_date": quoted_at.date(),
            "currency": parts(name)["currency"],
            "bid": bid,
            "ask": ask,
            "bid_size": said["best_bid_amount"] if bid else None,
            "ask_size": said["best_ask_amount"] if ask else None,
            "bid_venue": VENUE if bid else None,
            "ask_venue": VENUE if ask else None,
        }
    ]


def chain(where: str, said: Sequence[Json], known_at: datetime) -> list[Row]:
    """Return a summary of every option as one snapshot."""
    lines = [line for line in said if not _OTHER.fullmatch(line["instrument_name"])]
    expect_percent(where, (line["mark_iv"] for line in lines))
    return [_shown(line, known_at) for line in lines]


def _shown(line: Json, known_at: datetime) -> Row:
    named = dict(parts(line["instrument_name"]))
    return {
        "calendar": CALENDAR,
        "session_date": known_at.date(),
        "known_at": known_at,
        "underlying": named.pop("root"),
        "contract": line["instrument_name"],
        **named,
        "bid": line["bid_price"] or None,
        "ask": line["ask_price"] or None,
        "last": line["last"] or None,
        "mark": line["mark_price"],
        "volume": line["volume"],
        "iv": fraction(line["mark_iv"]),
        "underlying_price": line["underlying_price"],
    }


def interest(said: Sequence[Json], known_at: datetime) -> list[Row]:
    """Return the open positions of a summary, as those that the UTC day before has left."""
    today = known_at.date()
    return [
        {
            "contract": name if parts(name)["root"] else None,
            "calendar": CALENDAR,
            "oi_date": today - timedelta(days=1),
            "session_date": today,
            "known_at": known_at,
            "open_interest": line["open_interest"],
        }
        for line in said
        if not _OTHER.fullmatch(name := line["instrument_name"])
    ]


def contracts(said: Iterable[Json]) -> list[Row]:
    """Return the options among instruments; each is known since it was created."""
    return [_contract(each) for each in said if each["kind"] == "option"]


def _contract(said: Json) -> Row:
    expires_at, named = from_ms(said["expiration_timestamp"]), parts(said["instrument_name"])
    return {
        "contract": said["instrument_name"],
        "underlying": named["root"],
        "expiration": expires_at.date(),
        "expires_at": expires_at,
        "strike": said["strike"],
        "put_call": said["option_type"],
        "multiplier": 1,
        "currency": named["currency"],
        "exercise_style": "european",
        "is_adjusted": False,
        "known_at": from_ms(said["creation_timestamp"]),
    }


def fraction(percent: Decimal | int | None) -> float | None:
    """Return a volatility in percent as a fraction; 0 is none."""
    return float(Decimal(percent) / 100) if percent else None


def expect_percent(where: str, said: Iterable[Decimal | int | None]) -> None:
    """Raise a FeedError where volatilities look like fractions; a few of them tell nothing."""
    told = [Decimal(value) for value in said if value]
    if len(told) >= _MANY and (half := median(told)) < _LOWEST:
        raise FeedError(
            f"{where}: half of {len(told):,} volatilities are below {half:.4f}, and Deribit says "
            f"percent; mend the loader"
        )
