"""Questions of one day, as an analyst asks them."""

from typing import Any

from benchmarks.asked.frames import Frames
from benchmarks.asked.question import MINUTE_US, Question, Setting

PREMIUM = "sum(cast(price as double) * cast(size as double)) * 100"


def _premium(rows: Any) -> Any:
    return rows["price"] * rows["size"] * 100


def roots(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("option_trades", ["root", "size"])
    found = rows.groupby("root").agg(n=("size", "size"), size=("size", "sum")).reset_index()
    return found.sort_values(["n", "root"], ascending=[False, True]).head(20)


def premiums(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("option_trades", ["root", "price", "size"])
    rows["premium"] = _premium(rows)
    found = rows.groupby("root").agg(n=("premium", "size"), premium=("premium", "sum"))
    found = found.reset_index().rename(columns={"root": "underlying"})
    return found.sort_values(["premium", "underlying"], ascending=[False, True]).head(20)


def minutes(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("option_trades", ["known_at", "size"])
    rows["minute"] = rows["known_at"].astype("int64") // MINUTE_US
    return rows.groupby("minute").agg(n=("size", "size"), size=("size", "sum")).reset_index()


def venues(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("option_trades", ["venue", "condition", "size"])
    by = ["venue", "condition"]
    return rows.groupby(by).agg(n=("size", "size"), size=("size", "sum")).reset_index()


def largest(frames: Frames, setting: Setting) -> Any:
    columns = ["contract", "trade_id", "price", "size"]
    rows = frames.read("option_trades", columns)
    rows["premium"] = _premium(rows)
    order = ["premium", "contract", "trade_id"]
    found = rows.sort_values(order, ascending=[False, True, True]).head(50)
    return found[["contract", "trade_id", "premium"]]


def contract(frames: Frames, setting: Setting) -> Any:
    columns = ["trade_id", "venue", "price", "size", "bid", "ask"]
    return frames.read("option_trades", columns, [("contract", "=", setting.contract)])


def ends(frames: Frames, setting: Setting) -> Any:
    columns = ["expiration", "put_call", "price", "size"]
    rows = frames.read("option_trades", columns, [("root", "=", setting.symbol)])
    rows["premium"] = _premium(rows)
    by = ["expiration", "put_call"]
    return rows.groupby(by).agg(n=("size", "size"), premium=("premium", "sum")).reset_index()


def off_exchange(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("equity_trades", ["symbol", "price", "size"])
    rows["value"] = rows["price"] * rows["size"]
    found = rows.groupby("symbol").agg(n=("size", "size"), value=("value", "sum")).reset_index()
    return found.sort_values(["value", "symbol"], ascending=[False, True]).head(20)


def facilities(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("equity_trades", ["facility", "tape", "size"])
    by = ["facility", "tape"]
    return rows.groupby(by).agg(n=("size", "size"), size=("size", "sum")).reset_index()


def coins(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("crypto_trades", ["venue", "pair", "side", "price", "size"])
    rows["value"] = rows["price"] * rows["size"]
    by = ["venue", "pair", "side"]
    return rows.groupby(by).agg(n=("size", "size"), value=("value", "sum")).reset_index()


def lean(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("book_tops", ["venue", "pair", "bid_size_5", "ask_size_5"])
    rows["lean"] = rows["bid_size_5"] / (rows["bid_size_5"] + rows["ask_size_5"])
    by = ["venue", "pair"]
    found = rows.groupby(by).agg(n=("lean", "size"), low=("lean", "min"), high=("lean", "max"))
    return found.reset_index()


def chains(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("option_chains", ["underlying", "put_call", "volume", "iv"])
    by = ["underlying", "put_call"]
    return rows.groupby(by).agg(volume=("volume", "sum"), iv=("iv", "mean")).reset_index()


DAYS = (
    Question(
        "day", "prints by root, the most first",
        "select root, count(*) as n, sum(cast(size as double)) as size from raw.option_trades "
        "group by root order by n desc, root limit 20",
        pandas=roots,
    ),
    Question(
        "day", "premium by underlying, as it stands",
        "select underlying, count(*) as n, sum(cast(premium_usd as double)) as premium "
        "from curated.option_trades where withdrawn_at is null "
        "group by underlying order by premium desc, underlying limit 20",
        f"select root as underlying, count(*) as n, {PREMIUM} as premium from raw.option_trades "
        "group by root order by premium desc, underlying limit 20",
        pandas=premiums,
    ),
    Question(
        "day", "prints by minute",
        "select {minute} as minute, count(*) as n, sum(cast(size as double)) as size "
        "from raw.option_trades group by 1",
        "select {minute} as minute, count(*) as n, sum(cast(size as double)) as size "
        "from raw.option_trades group by {minute}",
        pandas=minutes,
    ),
    Question(
        "day", "prints by venue and condition",
        "select venue, condition, count(*) as n, sum(cast(size as double)) as size "
        "from raw.option_trades group by venue, condition",
        pandas=venues,
    ),
    Question(
        "day", "the fifty largest prints",
        "select contract, trade_id, cast(premium_usd as double) as premium "
        "from curated.option_trades order by premium desc, contract, trade_id limit 50",
        "select contract, trade_id, cast(price as double) * cast(size as double) * 100 as premium "
        "from raw.option_trades order by premium desc, contract, trade_id limit 50",
        pandas=largest,
    ),
    Question(
        "day", "one contract's prints",
        "select trade_id, venue, cast(price as double) as price, cast(size as double) as size, "
        "cast(bid as double) as bid, cast(ask as double) as ask from raw.option_trades "
        "where contract = '{contract}'",
        pandas=contract,
    ),
    Question(
        "day", "one stock's calls and puts by expiration",
        "select expiration, put_call, count(*) as n, sum(cast(premium_usd as double)) as premium "
        "from curated.option_trades where underlying = '{symbol}' group by expiration, put_call",
        f"select expiration, put_call, count(*) as n, {PREMIUM} as premium from raw.option_trades "
        "where root = '{symbol}' group by expiration, put_call",
        pandas=ends,
    ),
    Question(
        "day", "what spreads cost, by venue",
        "select venue, count(*) as n, "
        "sum((cast(ask as double) - cast(bid as double)) * cast(size as double)) as cost "
        "from raw.option_trades group by venue",
    ),
    Question(
        "day", "bought and sold premium by underlying",
        "select underlying, "
        "sum(case when side = 1 then cast(premium_usd as double) end) as bought, "
        "sum(case when side = -1 then cast(premium_usd as double) end) as sold "
        "from curated.option_trades group by underlying order by bought desc nulls last, "
        "underlying limit 20",
        None,
    ),
    Question(
        "day", "off exchange by stock, by value",
        "select symbol, count(*) as n, sum(cast(value_usd as double)) as value "
        "from curated.equity_prints group by symbol order by value desc, symbol limit 20",
        "select symbol, count(*) as n, sum(cast(price as double) * cast(size as double)) as value "
        "from raw.equity_trades group by symbol order by value desc, symbol limit 20",
        pandas=off_exchange,
    ),
    Question(
        "day", "off exchange by facility and tape",
        "select facility, tape, count(*) as n, sum(cast(size as double)) as size "
        "from raw.equity_trades group by facility, tape",
        pandas=facilities,
    ),
    Question(
        "day", "large prints off exchange",
        "select symbol, trade_id, cast(price as double) as price, cast(size as double) as size "
        "from raw.equity_trades where size >= 50000 "
        "order by size desc, symbol, trade_id limit 50",
    ),
    Question(
        "day", "coins bought and sold",
        "select venue, pair, side, count(*) as n, sum(notional) as value "
        "from curated.crypto_trades group by venue, pair, side",
        "select venue, pair, side, count(*) as n, sum(price * size) as value "
        "from raw.crypto_trades group by venue, pair, side",
        pandas=coins,
    ),
    Question(
        "day", "how far books lean",
        "select venue, pair, count(*) as n, min(bid_size_5 / (bid_size_5 + ask_size_5)) as low, "
        "max(bid_size_5 / (bid_size_5 + ask_size_5)) as high "
        "from curated.book_tops group by venue, pair",
        "select venue, pair, count(*) as n, min(bid_size_5 / (bid_size_5 + ask_size_5)) as low, "
        "max(bid_size_5 / (bid_size_5 + ask_size_5)) as high "
        "from raw.book_tops group by venue, pair",
        pandas=lean,
    ),
    Question(
        "day", "levels that were taken away",
        "select venue, pair, book_side, count(*) as n, sum(prev_size) as size "
        "from raw.book_updates where size = 0 group by venue, pair, book_side",
    ),
    Question(
        "day", "chains by underlying",
        "select underlying, put_call, sum(cast(volume as double)) as volume, avg(iv) as iv "
        "from raw.option_chains group by underlying, put_call",
        pandas=chains,
    ),
)  # fmt: skip
