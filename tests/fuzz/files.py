"""Every loader that reads files, over the messages that are kept of its source."""

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq

from leadline import project
from leadline.load import from_files, plan
from leadline.store import Store
from tests.desks import real_store
from tests.doors import ROOT, catalog, one_core
from tests.forms import NUMBER, document, submission, tagged
from tests.fuzz.parser import Inputs, Parser, Rows
from tests.lean import zipped
from tests.loaders.test_equity_bars_lean import COARSE, DAYS, MINUTES
from tests.loaders.test_holdings_csv import CIKS, TABLE
from tests.loaders.test_index_members import SPY
from tests.loaders.test_lean_tickers import GOOGL
from tests.loaders.test_securities_csv import OWN

MESSAGES = ROOT / "tests/loaders/messages"
DAY = "2026/05/2026-05-22.csv"
_13F = "01dec2024-28feb2025_form13f"
_345 = "2024q3_form345"
_SPX = "UnderlyingOptionsTradesCalcs_2018-01-08.csv"
_FORMER = "0000950123-09-012345.txt"

# What stands in a folder together: a path there, and the message that it is.
PLACED: Mapping[str, tuple[tuple[str | tuple[str, str], ...], ...]] = {
    "binance_book": (("btcusdt_20240808",), ("BINANCE.0", "BINANCE.http.0.0", "BINANCE.ws.1.0")),
    "binance_dumps": (
        (("spot/BTCUSDT-trades-2024-12-31.csv", "BTCUSDT-trades-2024-12-31.csv"),),
        (("futures/um/ETHUSDT-aggTrades-2024-12-31.csv", "ETHUSDT-aggTrades-2024-12-31.csv"),),
        tuple(f"BTCUSDT_T_DEPTH_2022-11-02_depth_{part}.csv" for part in ("snap", "update")),
    ),
    "bitfinex_book": (("BITFINEX.ws.1.0",),),
    "cboe_chains": (("SPX_20190426.csv", "SPX_20190527.csv"),),
    "cboe_vix": (("vix-daily.csv",),),
    "coinbase_book": (("level_books/COINBASE.0", "level_books/COINBASE.ws.28.0"),),
    "crypto_option_chains": (("2026-07-06.csv", "2026-07-07.csv"),),
    "databento_equities": (("xnas-basic-20250220.trades.dbn.zst",),),
    "databento_options": (("opra-pillar-20250220.trades.dbn.zst",),),
    "datashop_trades": ((_SPX,),),
    "deribit_book": (("level_books/DERIBIT.ws.1.0",),),
    "deribit_options": (
        ("DERIBIT.0", "DERIBIT.ws.1.0"), ("http_get_book_summary_by_currency.json",),
        ("http_get_instruments.json",), ("http_get_last_trades.json",), ("ws_trades.json",),
    ),
    "equity_bars_csv": (("AAPL_data.csv",),),
    "equity_bars_lean": (("ibm/20131008_trade.zip",),),
    "equity_bars_stooq": (("aapl_us_d.csv",),),
    "equity_bars_yahoo": (("GOOG.chart.json",),),
    "equity_ticks": (("ibm/20131008_quote.zip", "ibm/20131008_trade.zip"),),
    "finra_otc_weekly": (("weeklySummary_2026-07-20_T1.json",),),
    "finra_short_interest": (("consolidatedShortInterest_2026-09-15.json",),),
    "finra_short_volume": (("CNMSshvol20200102.txt",), ("FNRAshvol20200102.txt",)),
    "index_members": (("sp500_ticker_start_end.csv",),),
    "kraken_book": (
        ("level_books/KRAKEN.0", "level_books/KRAKEN.ws.48.0", "level_books/KRAKEN.ws.50.0"),
    ),
    "lean_equity_factors": ((("factor_files/aapl.csv", "aapl.csv"),),),
    "lean_option_bars": (("20140606_trade_american.zip",),),
    "lean_option_chains": (
        (("aapl/20140604.csv", "20140604.csv"),), (("aapl/20140609.csv", "20140609.csv"),),
    ),
    "massive_equity_bars": (
        (f"us_stocks_sip/day_aggs_v1/{DAY}",), (f"us_stocks_sip/minute_aggs_v1/{DAY}",),
    ),
    "massive_equity_days": (("grouped_2023-01-09.json",),),
    "massive_equity_quotes": (
        (f"us_stocks_sip/quotes_v1/{DAY}", f"us_stocks_sip/trades_v1/{DAY}"),
    ),
    "massive_equity_trades": ((f"us_stocks_sip/trades_v1/{DAY}",),),
    "massive_option_bars": (
        (f"us_options_opra/day_aggs_v1/{DAY}",), (f"us_options_opra/minute_aggs_v1/{DAY}",),
    ),
    "massive_option_quotes": (
        (f"us_options_opra/quotes_v1/{DAY}", f"us_options_opra/trades_v1/{DAY}"),
    ),
    "massive_option_trades": ((f"us_options_opra/trades_v1/{DAY}",),),
    "nasdaq_halts": (("tradehalts_01212022.xml",),),
    "nyse_halts": (("trade-halts_202403.csv",),),
    "openfigi": (("openfigi_20240302T120000_0.json",),),
    "sec_13f": (("0001234567-24-000002.txt",),),
    "sec_13f_datasets": (
        tuple(
            f"{_13F}/{name}.tsv"
            for name in ("COVERPAGE", "INFOTABLE", "OTHERMANAGER2", "SUBMISSION", "SUMMARYPAGE")
        ),
    ),
    "sec_13f_list": (("13flist2026q1.txt",),),
    "sec_13f_text": ((_FORMER,),),
    "sec_fails": (("cnsfails202206a.txt",),),
    "sec_index": (("form.20200318.idx",),),
    "sec_insider_datasets": (
        tuple(
            f"{_345}/{name}.tsv"
            for name in ("FOOTNOTES", "NONDERIV_TRANS", "REPORTINGOWNER", "SUBMISSION")
        ),
    ),
    "sec_submissions": (("CIK0001318605.json",),),
    "sec_tickers": (("company_tickers.json",),),
    "short_volume_by_venue": (("2 FNYX.txt",), ("3 BATS.txt",)),
    "tardis_files": (
        ("binance-futures_book_snapshot_5_2020-09-01_BTCUSDT.csv",),
        ("deribit_incremental_book_L2_2020-04-01_BTC-PERPETUAL.csv",),
        ("kraken_trades_2020-04-01_XBT-USD.csv",),
    ),
    "treasury_curves": (("treasury_curves.csv",),),
    "yahoo_chains": (
        (("2026-08-14/SPY.csv", "SPY.csv"), ("2026-08-14/meta.json", "meta.json")),
    ),
}  # fmt: skip


# Of a capture a message makes many rows or none, and a form of no submission is left out.
PASSES = ("_book", "deribit_options", "sec_insider_datasets")


def parsers() -> list[Parser]:
    """Return every loader that reads files."""
    feeds = project.feeds(ROOT)
    found = {name: _placed(own) for name, own in PLACED.items()}
    for name, sets in _made().items():
        found[name] = (*found.get(name, ()), *sets)
    return [
        Parser(
            f"loaders.{name}",
            found.get(name, ()),
            partial(_loaded, name, module),
            name.endswith(PASSES),
        )
        for name in sorted(feeds)
        if hasattr(module := project.feed(ROOT, name), "read")
    ]


def _placed(sets: tuple[tuple[str | tuple[str, str], ...], ...]) -> tuple[Inputs, ...]:
    return tuple(
        {
            path: (MESSAGES / message).read_bytes()
            for each in own
            for path, message in [each if isinstance(each, tuple) else (each, each)]
        }
        for own in sets
    )


def _made() -> Mapping[str, tuple[Inputs, ...]]:
    """Return what tests write by hand and keep in no file."""
    folder = Path(tempfile.mkdtemp(prefix="leadline-fuzz-"))
    days = zipped(folder / "a.zip", {"aapl": DAYS}).read_bytes()
    minutes = zipped(folder / "b.zip", {"20140606_aapl_minute_trade": MINUTES}).read_bytes()
    shutil.rmtree(folder)
    form = document()
    return {
        "equity_bars_lean": (
            {"daily/aapl.zip": days}, {"aapl/20140606_trade.zip": minutes},
            {"coarse/20140606.csv": COARSE.encode()},
        ),
        "holdings_csv": (
            {"2025Q4/Tiger_Global.csv": TABLE.encode(), "hedge_funds.csv": CIKS.encode()},
        ),
        "index_members": ({"spy/20201130.csv": SPY.encode()},),
        "lean_tickers": ({"map_files/googl.csv": GOOGL.encode()},),
        "lean_equity_factors": (
            {
                "factor_files/googl.csv": b"20140402,0.5,1,1135.1\n20501231,1,1,0\n",
                "map_files/googl.csv": GOOGL.encode(),
            },
        ),
        "planted_week": ({
                "7/venues.parquet": _parquet(
                    source_feed=["planted_week"], asset=["equity"], venue_code=["N"], venue=["N"],
                    name=["a"], valid_from=[date(2024, 3, 1)],
                    known_at=[datetime(2024, 3, 1, tzinfo=UTC)],
                )
            },
        ),
        "sec_ownership": (
            {f"{NUMBER}.txt": submission(form).encode()},
            {f"{NUMBER}.nc": tagged(form).encode()},
            {"form4.xml": form.encode()},
        ),
        "securities_csv": (
            {"securities.csv": OWN.encode()},
            {"cusip.parquet": _parquet(cusip=["30303M102"], ticker=["META"])},
        ),
    }  # fmt: skip


def _parquet(**columns: list[object]) -> bytes:
    held = BytesIO()
    pq.write_table(pa.table(columns), held)
    return held.getvalue()


@cache
def store() -> Store:
    """Open a store that knows all sessions; nothing is ever committed to it."""
    folder = Path(tempfile.mkdtemp(prefix="leadline-fuzz-"))
    atexit.register(shutil.rmtree, folder)
    opened = Store(str(real_store(folder / "store")), catalog().contracts, one_core())
    atexit.register(opened.close)
    return opened


def _loaded(name: str, module: ModuleType, given: Inputs) -> Rows:
    """Load files as a dry run does; nothing is committed."""
    with tempfile.TemporaryDirectory(prefix="leadline-fuzz-") as folder:
        for path, content in given.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        found = plan(name, module, [Path(folder)]).files
        loads = list(from_files(name, module, store(), found, dry_run=True))
    return Rows(sum(each.n_rows for each in loads), sum(each.n_rejected for each in loads))
