"""Questions over the whole span, of one stock and of the market, and joins of several datasets."""

from typing import Any

from benchmarks.asked.days import PREMIUM
from benchmarks.asked.frames import Frames
from benchmarks.asked.question import Question, Setting

_HOURS = "cast(size as double)"


def _by_session(rows: Any, **what: tuple[str, str]) -> Any:
    return rows.groupby("session_date").agg(**what).reset_index()


def premiums(frames: Frames, setting: Setting) -> Any:
    columns, own = ["session_date", "price", "size"], [("root", "=", setting.symbol)]
    rows = frames.read("option_trades", columns, own)
    rows["premium"] = rows["price"] * rows["size"] * 100
    return _by_session(rows, n=("premium", "size"), premium=("premium", "sum"))


def quiet(frames: Frames, setting: Setting) -> Any:
    columns = ["contract", "trade_id", "price", "size"]
    return frames.read("option_trades", columns, [("root", "=", setting.quiet)])


def off_exchange(frames: Frames, setting: Setting) -> Any:
    columns, own = ["session_date", "price", "size"], [("symbol", "=", setting.symbol)]
    rows = frames.read("equity_trades", columns, own)
    rows["value"] = rows["price"] * rows["size"]
    return _by_session(rows, n=("value", "size"), value=("value", "sum"))


def short(frames: Frames, setting: Setting) -> Any:
    columns = ["session_date", "short_volume", "total_volume"]
    rows = frames.read("short_volume", columns, [("symbol", "=", setting.symbol)])
    rows["share"] = rows.pop("short_volume") / rows.pop("total_volume")
    return rows


def closes(frames: Frames, setting: Setting) -> Any:
    own = [("symbol", "=", setting.symbol), ("bar", "=", "1d")]
    return frames.read("equity_bars", ["session_date", "close", "volume"], own)


def sessions(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("option_trades", ["session_date", "size"])
    return _by_session(rows, n=("size", "size"), size=("size", "sum"))


def holders(frames: Frames, setting: Setting) -> Any:
    rows = frames.read("holdings", ["cusip", "value_reported"])
    found = rows.groupby("cusip").agg(n=("cusip", "size"), value=("value_reported", "sum"))
    return found.reset_index().sort_values(["value", "cusip"], ascending=[False, True]).head(20)


def above_interest(frames: Frames, setting: Setting) -> Any:
    trades = frames.read("option_trades", ["contract", "size"])
    sizes = trades.groupby("contract").agg(size=("size", "sum")).reset_index()
    found = sizes.merge(frames.read("open_interest", ["contract", "open_interest"]), on="contract")
    found["ratio"] = found["size"] / found["open_interest"]
    order = ["ratio", "contract"]
    found = found.sort_values(order, ascending=[False, True]).head(50)
    return found[["contract", "size", "ratio"]]


def six(frames: Frames, setting: Setting) -> Any:
    found = premiums(frames, setting).rename(columns={"n": "n_prints"})
    own = off_exchange(frames, setting)[["session_date", "value"]]
    found = found.merge(own, on="session_date").merge(short(frames, setting), on="session_date")
    found = found.merge(closes(frames, setting)[["session_date", "close"]], on="session_date")
    forms = frames.read("insider_filings", ["filed_date"])
    forms = forms.groupby("filed_date").size().rename("n_forms").reset_index()
    coins = frames.read("crypto_trades", ["known_at", "price", "size"], [("pair", "=", "BTC-USDT")])
    coins["filed_date"] = coins["known_at"].dt.date
    coins["coins"] = coins["price"] * coins["size"]
    coins = coins.groupby("filed_date").agg(coins=("coins", "sum")).reset_index()
    found = found.merge(forms, left_on="session_date", right_on="filed_date")
    found = found.merge(coins, on="filed_date")
    columns = ["session_date", "n_prints", "premium", "value", "share", "close", "n_forms", "coins"]
    return found[columns]


def beside_bars(frames: Frames, setting: Setting) -> Any:
    import pandas as pd

    own = [("symbol", "=", setting.symbol)]
    prints = frames.read("equity_trades", ["known_at", "price", "size"], own)
    bars = frames.read("equity_bars", ["known_at", "close"], [*own, ("bar", "=", "1m")])
    found = pd.merge_asof(
        prints.sort_values("known_at"), bars.sort_values("known_at"), on="known_at"
    ).dropna()
    cost = ((found["price"] - found["close"]).abs() * found["size"]).sum()
    return pd.DataFrame({"n": [len(found)], "cost": [cost]})


def beside_bars_polars(frames: Frames, setting: Setting) -> Any:
    import polars as pl

    own = pl.col("symbol") == setting.symbol
    prints = frames.scan("equity_trades").filter(own).sort("known_at")
    bars = frames.scan("equity_bars").filter(own & (pl.col("bar") == "1m")).sort("known_at")
    price, close, size = (pl.col(name).cast(pl.Float64) for name in ("price", "close", "size"))
    found = prints.select("known_at", "price", "size").join_asof(
        bars.select("known_at", "close"), on="known_at"
    )
    found = found.filter(pl.col("close").is_not_null())
    return found.select(n=pl.len(), cost=((price - close).abs() * size).sum())


def sweeps_polars(frames: Frames, setting: Setting) -> Any:
    import polars as pl

    at, own = pl.col("traded_at"), "contract"
    rows = frames.scan("option_trades").filter(pl.col("root") == setting.symbol)
    rows = rows.sort("contract", "traded_at", "sequence")
    gap = at - at.shift(1).over(own) > pl.duration(milliseconds=100)
    premium = pl.col("price").cast(pl.Float64) * pl.col("size").cast(pl.Float64) * 100
    runs = rows.with_columns(run=gap.fill_null(True).cast(pl.Int64).cum_sum().over(own))
    found = runs.group_by("contract", "run").agg(
        n_prints=pl.len(), n_venues=pl.col("venue").n_unique(), premium=premium.sum()
    )
    kept = found.filter((pl.col("n_venues") > 1) & (pl.col("premium") >= 50_000))
    return kept.select("contract", "n_prints", "n_venues", "premium")


def sweeps(frames: Frames, setting: Setting) -> Any:
    columns = ["contract", "traded_at", "sequence", "venue", "price", "size"]
    rows = frames.read("option_trades", columns, [("root", "=", setting.symbol)])
    rows = rows.sort_values(["contract", "traded_at", "sequence"])
    gap = rows.groupby("contract")["traded_at"].diff().dt.total_seconds() * 1_000
    rows["run"] = (~(gap <= 100)).groupby(rows["contract"]).cumsum()
    rows["premium"] = rows["price"] * rows["size"] * 100
    found = rows.groupby(["contract", "run"]).agg(
        n_prints=("venue", "size"), n_venues=("venue", "nunique"), premium=("premium", "sum")
    )
    found = found[(found["n_venues"] > 1) & (found["premium"] >= 50_000)].reset_index()
    return found[["contract", "n_prints", "n_venues", "premium"]]


def exported(frames: Frames, setting: Setting) -> Any:
    columns = ["contract", "trade_id", "traded_at", "price", "size"]
    return frames.read("option_trades", columns, [("root", "=", setting.symbol)])


_SIX = """
with options as (
    select session_date, count(*) as n_prints, {premium} as premium
    from {trades} where {who} = '{symbol}' group by session_date
),

tape as (
    select session_date, sum(cast(price as double) * cast(size as double)) as value
    from {prints} where symbol = '{symbol}' group by session_date
),

shorts as (
    select session_date, cast(short_volume as double) / cast(total_volume as double) as share
    from {shorts} where symbol = '{symbol}'
),

bars as (
    select session_date, cast(close as double) as close
    from {bars} where symbol = '{symbol}' and bar = '1d'
),

forms as (
    select filed_date, count(*) as n_forms from raw.insider_filings group by filed_date
),

coins as (
    select cast(known_at as date) as on_date, sum(price * size) as coins
    from {coins} where pair = 'BTC-USDT' group by cast(known_at as date)
)

select
    options.session_date as session_date, options.n_prints as n_prints,
    options.premium as premium, tape.value as value, shorts.share as share, bars.close as close,
    forms.n_forms as n_forms, coins.coins as coins
from options
inner join tape on options.session_date = tape.session_date
inner join shorts on options.session_date = shorts.session_date
inner join bars on options.session_date = bars.session_date
inner join forms on options.session_date = forms.filed_date
inner join coins on options.session_date = coins.on_date
"""
_RAW = {
    "premium": PREMIUM, "trades": "raw.option_trades", "who": "root", "prints": "raw.equity_trades",
    "shorts": "raw.short_volume", "bars": "raw.equity_bars", "coins": "raw.crypto_trades",
}  # fmt: skip
_OURS = {
    "premium": "sum(cast(premium_usd as double))", "trades": "curated.option_trades",
    "who": "underlying", "prints": "curated.equity_prints", "shorts": "curated.short_volume",
    "bars": "curated.equity_bars", "coins": "curated.crypto_trades",
}  # fmt: skip


def _six(words: dict[str, str]) -> str:
    said = _SIX
    for name, word in words.items():
        said = said.replace(f"{{{name}}}", word)
    return said


_RUNS = """
with steps as (
    select
        contract, venue, traded_at, sequence, cast(price as double) * cast(size as double) * 100
        as premium,
        case when {gap} <= 100000 then 0 else 1 end as is_first
    from raw.option_trades where root = '{symbol}'
),

runs as (
    select *, sum(is_first) over (
        partition by contract order by traded_at, sequence
        rows between unbounded preceding and current row
    ) as run
    from steps
)

select contract, count(*) as n_prints, count(distinct venue) as n_venues, sum(premium) as premium
from runs group by contract, run having count(distinct venue) > 1 and sum(premium) >= 50000
"""
_LAG = "{lag}(traded_at) over (partition by contract order by traded_at, sequence{rows})"
_OUR_GAP = f"epoch_us(traded_at) - epoch_us({_LAG.format(lag='lag', rows='')})"
_MICRO, _WHOLE = (
    "toUnixTimestamp64Micro",
    " rows between unbounded preceding and unbounded following",
)
_ITS_GAP = (
    f"toUnixTimestamp64Micro(assumeNotNull(traded_at)) - lagInFrame("
    "toUnixTimestamp64Micro(assumeNotNull(traded_at)), 1, -1000000) over ("
    f"partition by contract order by traded_at, sequence{_WHOLE})"
)

SPANS = (
    Question(
        "span", "one stock's premium by session",
        "select session_date, count(*) as n, sum(cast(premium_usd as double)) as premium "
        "from curated.option_trades where underlying = '{symbol}' group by session_date",
        f"select session_date, count(*) as n, {PREMIUM} as premium from raw.option_trades "
        "where root = '{symbol}' group by session_date",
        pandas=premiums, is_day=False,
    ),
    Question(
        "span", "the same of what was told, unsifted",
        f"select session_date, count(*) as n, {PREMIUM} as premium from raw.option_trades "
        "where root = '{symbol}' group by session_date",
        pandas=premiums, is_day=False,
    ),
    Question(
        "span", "every print of a quiet stock",
        "select contract, trade_id, cast(price as double) as price, cast(size as double) as size "
        "from raw.option_trades where root = '{quiet}'",
        pandas=quiet, is_day=False,
    ),
    Question(
        "span", "one stock off exchange by session",
        "select session_date, count(*) as n, sum(cast(value_usd as double)) as value "
        "from curated.equity_prints where symbol = '{symbol}' group by session_date",
        "select session_date, count(*) as n, sum(cast(price as double) * cast(size as double)) "
        "as value from raw.equity_trades where symbol = '{symbol}' group by session_date",
        pandas=off_exchange, is_day=False,
    ),
    Question(
        "span", "one stock's share sold short",
        "select session_date, cast(short_volume as double) / cast(total_volume as double) as share "
        "from curated.short_volume where symbol = '{symbol}'",
        "select session_date, cast(short_volume as double) / cast(total_volume as double) as share "
        "from raw.short_volume where symbol = '{symbol}'",
        pandas=short, is_day=False,
    ),
    Question(
        "span", "one stock's closes",
        "select session_date, cast(close as double) as close, cast(volume as double) as volume "
        "from curated.equity_bars where symbol = '{symbol}' and bar = '1d'",
        "select session_date, cast(close as double) as close, cast(volume as double) as volume "
        "from raw.equity_bars where symbol = '{symbol}' and bar = '1d'",
        pandas=closes, is_day=False,
    ),
    Question(
        "span", "the whole market by session",
        "select session_date, count(*) as n, sum(cast(size as double)) as size "
        "from raw.option_trades group by session_date",
        pandas=sessions, is_day=False,
    ),
    Question(
        "span", "the securities that managers hold most of",
        "select cusip, count(*) as n, sum(cast(value_reported as double)) as value "
        "from raw.holdings group by cusip order by value desc, cusip limit 20",
        pandas=holders, is_day=False,
    ),
    Question(
        "join", "contracts that traded more than is open",
        "select trades.contract as contract, trades.size as size, "
        "trades.size / cast(open.open_interest as double) as ratio from (select contract, "
        "sum(cast(size as double)) as size from raw.option_trades group by contract) as trades "
        "inner join raw.open_interest as open on trades.contract = open.contract "
        "order by ratio desc, contract limit 50",
        pandas=above_interest,
    ),
    Question("join", "six families of one stock by session", _six(_OURS), _six(_RAW),
             pandas=six, is_day=False),
    Question(
        "join", "prints off exchange beside the minute before",
        "select count(*) as n, sum(abs(cast(prints.price as double) - cast(bars.close as double)) "
        "* cast(prints.size as double)) as cost from raw.equity_trades as prints "
        "asof inner join (select * from raw.equity_bars where bar = '1m') as bars "
        "on prints.symbol = bars.symbol and prints.known_at >= bars.known_at "
        "where prints.symbol = '{symbol}'",
        "select count(*) as n, sum(abs(cast(prints.price as double) - cast(bars.close as double)) "
        "* cast(prints.size as double)) as cost from (select assumeNotNull(symbol) as symbol, "
        "assumeNotNull(known_at) as known_at, price, size from raw.equity_trades "
        "where symbol = '{symbol}') as prints asof inner join (select assumeNotNull(symbol) as "
        "symbol, assumeNotNull(known_at) as known_at, close from raw.equity_bars "
        "where symbol = '{symbol}' and bar = '1m') as bars "
        "on prints.symbol = bars.symbol and prints.known_at >= bars.known_at",
        polars=beside_bars_polars, pandas=beside_bars,
    ),
    Question(
        "window", "runs of prints over several venues",
        _RUNS.replace("{gap}", _OUR_GAP), _RUNS.replace("{gap}", _ITS_GAP),
        polars=sweeps_polars, pandas=sweeps,
    ),
    Question(
        "export", "one stock's prints of a day as Parquet",
        "select contract, trade_id, traded_at, price, size from raw.option_trades "
        "where root = '{symbol}'",
        pandas=exported, form="parquet",
    ),
    Question(
        "export", "one stock's prints of the span as CSV",
        "select contract, trade_id, traded_at, price, size from raw.option_trades "
        "where root = '{symbol}'",
        pandas=exported, form="csv", is_day=False,
    ),
)  # fmt: skip
