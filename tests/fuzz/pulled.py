"""Loaders that ask over HTTP, over what their sources answer; nobody is asked."""

import gzip
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import httpx

from leadline import project
from leadline.clock import Span
from leadline.errors import LeadlineError
from leadline.http import Http
from leadline.load import over_network
from tests.alpaca import KEYS, bar
from tests.doors import ROOT
from tests.fuzz.files import MESSAGES, store
from tests.fuzz.heard import KEYS as MASSIVE
from tests.fuzz.heard import keys
from tests.fuzz.parser import Inputs, Parser, Rows
from tests.loaders.test__alpaca_stream import PRINT, QUOTE
from tests.loaders.test_sec_13f_list import MESSAGE as LIST

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Question:
    """When a loader asks for what, and what is answered to addresses that hold a word."""

    day: str
    answers: Mapping[str, str | bytes]
    until: str = ""
    now: str = ""
    symbols: tuple[str, ...] = ()
    wanted: tuple[Mapping[str, Any], ...] = ()
    is_short: bool = False  # what else is asked for has no answer here, which ends it

    @property
    def span(self) -> Span:
        """The span that is asked for, a day if nothing else is said."""
        since = _at(self.day)
        return Span(since, _at(self.until) if self.until else since.replace(hour=23))


def _at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _said(value: Any) -> bytes:
    return json.dumps(value).encode()


BAR = bar(_at("2024-03-01"))
TRADE = ["42000.1", "0.5", 1709304000.1234, "b", "m", "", 77]
DERIBIT = {
    "trade_seq": 1, "trade_id": "1", "timestamp": 1709304000000, "price": 0.05, "mark_price": 0.05,
    "iv": 55.5, "instrument_name": "BTC-29MAR24-60000-C", "amount": 1.0, "direction": "buy",
    "index_price": 60000.0, "tick_direction": 0, "contracts": 1.0,
}  # fmt: skip
FACT = {"end": "2023-10-20", "val": 15552752000, "filed": "2023-11-03", "form": "10-K"}
FIGI = {
    "figi": "BBG", "ticker": "AAPL", "name": "APPLE", "exchCode": "US",
    "securityType2": "Common Stock", "marketSector": "Equity",
}  # fmt: skip
ISSUER = {"ticker": "AAPL", "cik": "0001318605", "valid_to": None, "withdrawn_at": None}
CHAIN = (MESSAGES / "APRN.json").read_bytes().replace(b"APRN", b"SPY")
SUBMISSIONS = json.loads((MESSAGES / "CIK0001318605.json").read_bytes())
SUBMISSIONS["filings"]["files"] = []
S3 = (
    b'<?xml version="1.0"?><ListBucketResult><Name>data.binance.vision</Name><Prefix>data/spot/'
    b"</Prefix><IsTruncated>false</IsTruncated><Contents><Key>data/spot/x.zip</Key><Size>1</Size>"
    b"</Contents></ListBucketResult>"
)
QUESTIONS = {
    "bitfinex_book": Question(
        "2024-03-01",
        {"/hist": _said([[1, 1709304000000, 0.5, 42000.1], [2, 1709304001000, -1, 42000]])},
    ),
    "binance_dumps": Question("2024-03-01", {"prefix=": S3}, is_short=True),
    "cboe_chains": Question("2020-01-01", {"_SPX": "_SPX.json"}, until="2100-01-01", is_short=True),
    "deribit_options": Question(
        "2024-03-01", {"last_trades": _said({"result": {"trades": [DERIBIT], "has_more": False}})}
    ),
    "equity_bars_alpaca": Question(
        "2024-03-01",
        {"/v2/stocks": _said({"bars": {"AAPL": [BAR]}, "next_page_token": None})},
        now="2024-03-05", symbols=("AAPL",),
    ),
    "equity_bars_stooq": Question(
        "2024-06-01", {"stooq": "aapl_us_d.csv"}, until="2024-07-01", now="2024-08-05",
        symbols=("AAPL",),
    ),
    "equity_bars_yahoo": Question(
        "2017-11-03", {"/chart/": "GOOG.chart.json"}, until="2017-11-04", now="2017-11-05",
        symbols=("GOOG",), is_short=True,
    ),
    "equity_trades_alpaca": Question(
        "2024-03-12",
        {
            "/stocks/trades": _said({"trades": {"AAPL": [PRINT]}, "next_page_token": None}),
            "/stocks/quotes": _said({"quotes": {"AAPL": [QUOTE]}, "next_page_token": None}),
        },
        until="2024-03-12T04:30", now="2024-03-15", symbols=("AAPL",),
    ),
    "finra_otc_weekly": Question(
        "2026-08-10", {"weeklySummary": "weeklySummary_2026-07-20_T1.json"}
    ),
    "finra_short_interest": Question(
        "2026-09-24",
        {
            "/partitions/": _said({"availablePartitions": [{"partitions": ["2026-09-15"]}]}),
            "/data/": "consolidatedShortInterest_2026-09-15.json",
        },
    ),
    "finra_short_volume": Question("2020-01-02", {"CNMSshvol": "CNMSshvol20200102.txt"}),
    "kraken_book": Question(
        "2024-03-01",
        {"/Trades": _said({"error": [], "result": {"XXBTZUSD": [TRADE], "last": "1"}})},
    ),
    "massive_equity_days": Question(
        "2023-01-09", {"grouped": "grouped_2023-01-09.json"}, now="2023-01-12"
    ),
    "nasdaq_halts": Question(
        "2022-01-21", {"rss.aspx": "tradehalts_01212022.xml"}, now="2022-01-24"
    ),
    "nyse_halts": Question(
        "2024-03-12", {"trade-halts": "trade-halts_202403.csv"}, now="2024-03-14"
    ),
    "openfigi": Question(
        "2024-03-01", {"openfigi": _said([{"data": [FIGI]}])}, now="2024-03-02",
        wanted=({"cusip": "037833100", "n_holdings": 5},),
    ),
    "sec_13f_list": Question(
        "2026-01-01",
        {"official-list": b'<a href="/a/13flist2026q1.txt">text</a>', ".txt": LIST.read_bytes()},
        until="2026-12-01",
    ),
    "sec_facts": Question(
        "2024-03-01",
        {"companyconcept": _said({"units": {"shares": [FACT]}})},
        wanted=(ISSUER,), symbols=("AAPL",),
    ),
    "sec_index": Question("2020-03-18", {".idx": "form.20200318.idx"}, now="2020-03-19"),
    "sec_submissions": Question(
        "2024-03-01", {"submissions": _said(SUBMISSIONS)}, wanted=(ISSUER,), symbols=("AAPL",),
        now="2024-03-02",
    ),
    "sec_tickers": Question(
        "2024-03-01", {"company_tickers": "company_tickers.json"}, now="2024-03-02"
    ),
    "yahoo_chains": Question(
        "2018-05-11", {"getcrumb": b"abc", "/options/SPY": CHAIN}, until="2100-01-01",
        now="2018-05-11T14:00", is_short=True,
    ),
}  # fmt: skip


def parsers() -> list[Parser]:
    """Return every loader that asks a source of its own over HTTP, and what HTTP says itself."""
    return [
        Parser(f"pull.{name}", (_inputs(each),), partial(_pulled, name, each))
        for name, each in QUESTIONS.items()
    ] + [Parser("http.headers", ({"headers": HEADERS},), _headers)]


def _inputs(question: Question) -> Inputs:
    return {
        word: (MESSAGES / said).read_bytes() if isinstance(said, str) else said
        for word, said in question.answers.items()
    }


def _pulled(name: str, question: Question, given: Inputs) -> Rows | None:
    module: Any = project.feed(ROOT, name)
    if question.now and "now" in module.pull.__code__.co_varnames:
        pull = partial(module.pull, now=lambda: _at(question.now))
        module = cast(ModuleType, SimpleNamespace(FEED=module.FEED, pull=pull))
    n_rows = n_aside = 0
    with (
        tempfile.TemporaryDirectory(prefix="leadline-fuzz-") as folder,
        keys({**KEYS, **MASSIVE}),
        _http(name, Path(folder), given) as http,
    ):
        http.symbols, http.wanted = question.symbols, lambda: list(map(dict, question.wanted))
        try:
            for each in over_network(name, module, store(), question.span, http, dry_run=True):
                n_rows, n_aside = n_rows + each.n_rows, n_aside + each.n_rejected
        except LeadlineError:
            if not question.is_short:
                raise
            return None
    return Rows(n_rows, n_aside)


class _Answering(httpx.MockTransport):
    """Answers an address by the word that it holds, once or twice; then there is nothing."""

    def __init__(self, given: Inputs, headers: Headers = ()) -> None:
        self._given, self._times = given, dict.fromkeys(given, 0)
        self._headers = list(headers)
        super().__init__(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        for word, content in self._given.items():
            if word in str(request.url) and self._times[word] < 50:
                self._times[word] += 1
                return httpx.Response(200, stream=httpx.ByteStream(content), headers=self._headers)
        return httpx.Response(404)


def _http(name: str, folder: Path, given: Inputs, headers: Headers = ()) -> Http:
    client = httpx.Client(transport=_Answering(given, headers))
    said = {"contact": "a@example.com", "per_second": 1e6, "tries": 1, "patience_s": 1}
    return Http(name, folder=folder, client=client, **cast(Any, said))


PACKED = gzip.compress(b"{}", mtime=0)
HEADERS = b"""\
Last-Modified: Fri, 01 Mar 2024 15:00:00 GMT
ETag: "one"
Content-Range: bytes 0-9/10
Retry-After: 120
Date: Fri, 01 Mar 2024 15:00:00 GMT
Content-Type: application/json; charset=utf-8
Content-Encoding: gzip
Location: http://example.com/there
"""


def _headers(given: Inputs) -> None:
    """Fetch a file and a text, from a source whose headers say this."""
    lines = given["headers"].replace(b"\r", b"").split(b"\n")
    pairs = [(name.strip(), value.strip()) for name, _, value in (x.partition(b":") for x in lines)]
    # What is no name of a header ends a connection before anybody reads it.
    told = [(name, value) for name, value in pairs if re.fullmatch(rb"[A-Za-z-]+", name)]
    answers = {"/a": PACKED, "/b": PACKED}
    with (
        tempfile.TemporaryDirectory(prefix="leadline-fuzz-") as folder,
        _http("sec_tickers", Path(folder), answers, told) as http,
    ):
        http.download("https://example.com/a")
        http.json("https://example.com/b")
