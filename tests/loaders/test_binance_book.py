"""Binance's frames become books and trades as they are, or the load stops with a sentence."""

import asyncio
import gzip
import json
import re
import shutil
import zipfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import httpx
import pytest
from websockets.asyncio.server import ServerConnection, serve

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Http, files
from leadline.http import Download
from leadline.load import from_files, over_network, plan
from leadline.publication import Loaded
from leadline.socket import opened as connected
from leadline.store import Store
from loaders import binance_book
from tests.stores import ask, opened

NAME = "binance_book"
MESSAGES = Path(__file__).parent / "messages"
SPOT, NEXT = MESSAGES / "btcusdt_20240808", MESSAGES / "btcusdt_20240809"
FUTURES = MESSAGES / "ethusdt_20240808"
SPLIT = [MESSAGES / name for name in ("BINANCE.0", "BINANCE.http.0.0", "BINANCE.ws.1.0")]
DAY = Span(datetime(2024, 12, 31, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
DUMP = "BTCUSDT-trades-2024-12-31"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store") as store:
        yield store


def load(store: Store, *paths: Path) -> list[Loaded]:
    return list(from_files(NAME, binance_book, store, plan(NAME, binance_book, list(paths)).files))


def rows(store: Store, dataset: str, *paths: Path) -> list[dict[str, Any]]:
    """Load files and return what they brought of a dataset, in the capture's order."""
    load(store, *paths)
    found = ask(store.place, f"raw.{dataset}")
    return sorted(found, key=lambda row: (row["known_at"], row["sequence"]))


def refusal(store: Store, *paths: Path) -> str:
    with pytest.raises(FeedError) as told:
        load(store, *paths)
    assert [ask(store.place, f"raw.{dataset}") for dataset in binance_book.FEED.writes] == [[]] * 4
    return str(told.value)


def changed(folder: Path, source: Path, old: str, new: str) -> Path:
    """Write a recorded message with one thing changed."""
    text = source.read_text()
    assert old in text
    (folder / source.name).write_text(text.replace(old, new))
    return folder / source.name


def of(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_held_messages_follow_the_snapshot_and_are_known_when_it_came(store: Store) -> None:
    tops = rows(store, "book_tops", SPOT)

    told = [of(row, "update_id", "epoch", "best_bid", "bid_size", "ask_size") for row in tops]
    assert told == [
        (50093239218, "50093239218", 61837.63, 3.78826, 1.54698),
        (50093239224, "50093239218", 61837.63, 3.5, 1.6052),
        (50093239230, "50093239218", 61837.63, 3.5, 1.6052),
    ]
    came_at = datetime(2024, 8, 8, 23, 54, 14, 206652, tzinfo=UTC)
    assert [row["known_at"] for row in tops[:2]] == [came_at, came_at]


def test_a_changed_level_is_a_row_with_the_size_before(store: Store) -> None:
    updates = rows(store, "book_updates", SPOT)

    told = [of(row, "is_snapshot", "book_side", "price", "size", "prev_size") for row in updates]
    assert told == [
        (True, 1, 61837.63, 3.78826, 0),
        (True, 1, 61837.62, 0.617, 0),
        (True, -1, 61837.64, 1.54698, 0),
        (True, -1, 61838.04, 0.32332, 0),
        (False, 1, 61837.63, 3.5, 3.78826),
        (False, -1, 61837.64, 1.6052, 1.54698),
        (False, -1, 61838.04, 0, 0.32332),
    ]
    assert len({row["sequence"] for row in updates}) == len(updates)


def test_a_trade_is_the_takers(store: Store) -> None:
    told = rows(store, "crypto_trades", SPOT)

    names = ("venue", "pair", "trade_id", "is_aggregate", "price", "size", "side")
    assert [of(row, *names) for row in told] == [
        ("binance", "BTC-USDT", 3735683259, False, 61837.63, 0.02, -1),
        ("binance", "BTC-USDT", 3735683260, False, 61837.64, 0.001, 1),
    ]
    assert told[0]["known_at"] == datetime(2024, 8, 8, 23, 54, 14, 87896, tzinfo=UTC)
    assert told[0]["traded_at"] == datetime(2024, 8, 8, 23, 54, 15, 342000, tzinfo=UTC)


def test_futures_are_a_venue_of_their_own_and_chain_by_pu(store: Store) -> None:
    tops = rows(store, "book_tops", FUTURES)
    trades = ask(store.place, "raw.crypto_trades")

    assert [of(row, "venue", "pair", "update_id") for row in tops] == [
        ("binance_usdm", "ETH-USDT", 5123107852948),
        ("binance_usdm", "ETH-USDT", 5123107853000),
        ("binance_usdm", "ETH-USDT", 5123107853200),
    ]
    assert [of(row, "venue", "side") for row in trades] == [("binance_usdm", 1)]


def test_a_recorders_files_are_one_capture_and_the_exchange_names_its_pairs(store: Store) -> None:
    tops = rows(store, "book_tops", *SPLIT)
    trades = ask(store.place, "raw.crypto_trades")

    assert [of(row, "pair", "update_id", "ask_size") for row in tops] == [
        ("NKN-XYZ", 499869752, 100.0),
        ("NKN-XYZ", 499869754, 10968.0),
    ]
    assert tops[0]["known_at"] == datetime(2021, 10, 12, 0, 28, 32, 320639, tzinfo=UTC)
    assert [of(row, "pair", "trade_id", "is_aggregate") for row in trades] == [
        ("NKN-XYZ", 15683430, True)
    ]


def test_a_book_goes_on_in_the_next_file_of_its_stream(store: Store) -> None:
    loads = load(store, SPOT, NEXT)

    last = max(ask(store.place, "raw.book_tops"), key=lambda row: row["known_at"])
    assert [each.coverage for each in loads] == [f"messages/{each.name}" for each in (SPOT, NEXT)]
    assert of(last, "epoch", "update_id") == ("50093239218", 50093239240)
    assert ask(store.place, "raw.feed_gaps") == []


def test_a_file_without_a_snapshot_is_refused_whole(store: Store) -> None:
    assert refusal(store, NEXT) == (
        f"{NEXT}: the book of binance:BTC-USDT has no snapshot; "
        f"load it together with the file before it"
    )


def test_a_missing_message_is_a_gap_that_lasts_and_the_rest_is_no_book(
    store: Store, tmp_path: Path
) -> None:
    path = changed(tmp_path, SPOT, '"U":50093239225', '"U":50093239226')

    (gap,) = rows(store, "feed_gaps", path)

    assert of(gap, "venue", "pair", "channel", "reason") == ("binance", "BTC-USDT", "book", "gap")
    assert of(gap, "expected_id", "found_id", "n_dropped") == (50093239225, 50093239226, 1)
    assert gap["began_at"] == datetime(2024, 8, 8, 23, 54, 14, 137307, tzinfo=UTC)
    assert gap["ended_at"] is None
    assert len(ask(store.place, "raw.book_tops")) == 2


def test_a_gap_is_told_once_while_it_lasts(store: Store, tmp_path: Path) -> None:
    path = changed(tmp_path, SPOT, '"U":50093239225', '"U":50093239226')
    after = shutil.copy(NEXT, tmp_path)

    assert len(rows(store, "feed_gaps", path, Path(after))) == 1


def test_a_snapshot_older_than_the_stream_is_a_gap(store: Store, tmp_path: Path) -> None:
    path = changed(tmp_path, SPOT, '"lastUpdateId":50093239218', '"lastUpdateId":50093239100')

    (gap,) = rows(store, "feed_gaps", path)

    assert of(gap, "reason", "expected_id", "found_id", "n_dropped") == (
        "snapshot_too_old", 50093239101, 50093239189, 3,
    )  # fmt: skip
    assert ask(store.place, "raw.book_updates") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"e":"trade"', '"e":"blockTrade"', "3: an event that it does not know, blockTrade"),
        ('"s":"BTCUSDT","t"', '"s":"BTCXYZ","t"', "3: a symbol whose quote asset it does not know"),
        ('"T":1723161255342,', "", "3: no 'T' in it"),
        ('"m":true,"M":true}}', '"m":true,"M":tr', "3: Expecting value"),
        ('"E":1723161255408,', '"E":1723161255408,"ps":"X",', "4: a book of coin-margined futures"),
        ("1723161254238000000 {", "yesterday {", "8: no line of a recorder"),
    ],
)
def test_what_it_does_not_know_stops(
    store: Store, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = changed(tmp_path, SPOT, old, new)

    assert refusal(store, path).startswith(f"{path}:{said}")


def test_a_snapshot_without_a_symbol_needs_a_capture_of_one_pair(
    store: Store, tmp_path: Path
) -> None:
    line = SPOT.read_text().splitlines()[0].replace("BTCUSDT", "ETHUSDT") + "\n"
    (tmp_path / SPOT.name).write_text(line + SPOT.read_text())

    said = refusal(store, tmp_path / SPOT.name)

    assert "a snapshot names no symbol, and the capture holds not just one" in said


@dataclass
class Answers:
    """What the archive answers, by the end of the address; all else is a 404."""

    files: dict[str, Path]
    asked: list[str] = field(default_factory=list)

    def download(self, url: str) -> Download | None:
        self.asked.append(url)
        path = self.files.get(url.rpartition("/")[2])
        return Download(path, url, None) if path else None


def dump(folder: Path, *lines: str) -> Answers:
    """Write a day's dump as the archive does, and the sum beside it."""
    path = folder / f"{DUMP}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{DUMP}.csv", "".join(f"{line}\n" for line in lines))
    told = folder / f"{path.name}.CHECKSUM"
    told.write_text(f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    return Answers({path.name: path, told.name: told})


def pulled(store: Store, answers: Answers) -> list[Loaded]:
    return list(over_network(NAME, binance_book, store, DAY, cast(Http, answers)))


def test_a_dump_is_trades_in_milliseconds_or_microseconds_without_a_header(
    store: Store, tmp_path: Path
) -> None:
    answers = dump(
        tmp_path,
        "51175358,17.80180000,5.69000000,101.29224200,1735689599010,True,True",
        "51175359,17.80190000,1.00000000,17.80190000,1735689600010866,False,True",
    )

    loads = pulled(store, answers)

    told = sorted(ask(store.place, "raw.crypto_trades"), key=lambda row: row["trade_id"])
    assert [each.coverage for each in loads] == [f"{DUMP}.csv"]
    assert [of(row, "pair", "trade_id", "price", "size", "side") for row in told] == [
        ("BTC-USDT", 51175358, 17.8018, 5.69, -1),
        ("BTC-USDT", 51175359, 17.8019, 1.0, 1),
    ]
    assert [row["known_at"] for row in told] == [
        datetime(2024, 12, 31, 23, 59, 59, 10_000, tzinfo=UTC),
        datetime(2025, 1, 1, 0, 0, 0, 10_866, tzinfo=UTC),
    ]


def test_a_dump_that_is_not_there_yet_is_passed_over(store: Store, tmp_path: Path) -> None:
    answers = Answers({})

    assert pulled(store, answers) == []
    assert {url.rpartition("/")[2] for url in answers.asked} == {
        f"{symbol}-trades-2024-12-31.zip{end}"
        for symbol in ("BTCUSDT", "ETHUSDT")
        for end in ("", ".CHECKSUM")
    }


def test_a_dump_with_another_sum_loads_nothing_and_is_fetched_again(
    store: Store, tmp_path: Path
) -> None:
    answers = dump(tmp_path, "1,17.8,5.69,101.2,1735689599010,True,True")
    (tmp_path / f"{DUMP}.zip.CHECKSUM").write_text("0" * 64 + f"  {DUMP}.zip\n")

    with pytest.raises(FeedError, match=r"its CHECKSUM says 000000000000…; try again later"):
        pulled(store, answers)

    assert ask(store.place, "raw.crypto_trades") == []
    assert not (tmp_path / f"{DUMP}.zip").exists()


FRAMES = SPOT.read_text().splitlines()
DEPTH = [json.loads(line.partition(" ")[2]) for line in FRAMES if '"depthUpdate"' in line]
TRADE = json.loads(FRAMES[2].partition(" ")[2])
BEFORE = json.loads(FRAMES[4].partition(" ")[2])
SHUTDOWN = json.loads(FRAMES[-1].partition(" ")[2])


class Exchange(HTTPServer):
    """Answers each question for a snapshot from a list: a status, headers and what it says."""

    def __init__(self, *answers: tuple[int, dict[str, str], Any]) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers, self.asked = list(answers), list[str]()


class Answering(BaseHTTPRequestHandler):
    server: Exchange

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, said = self.server.answers.pop(0)
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Rerouted(httpx.HTTPTransport):
    """Takes every request to a server of this machine."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)


def listened(folder: Path, exchange: Exchange, *frames: Any) -> tuple[list[Any], FeedError]:
    """Send frames as the stream does, each once the answer before it has come, then close.

    Return what the loader yielded, and the sentence with which it ended.
    """
    batches: list[Any] = []

    async def stream(connection: ServerConnection) -> None:
        for frame in frames:
            if isinstance(frame, int):
                while len(exchange.asked) < frame:
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.1)  # the answer is on its way
            else:
                await connection.send(json.dumps(frame))
        await connection.close(1001, "")

    async def listen() -> None:
        client = httpx.Client(transport=Rerouted(exchange.server_port))
        with Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http:
            async with serve(stream, "127.0.0.1", 0) as server:
                port = next(iter(server.sockets)).getsockname()[1]
                async with connected(NAME, f"ws://127.0.0.1:{port}", http) as socket:
                    async for batch in binance_book.listen(socket):
                        batches.append(batch)

    thread = Thread(target=partial(exchange.serve_forever, poll_interval=0.01))
    thread.start()
    try:
        with pytest.raises(FeedError) as told:
            asyncio.run(listen())
    finally:
        exchange.shutdown()
        thread.join()
        exchange.server_close()
    rows = [(name, row) for name, table in batches for row in table.to_pylist()]
    return rows, told.value


def tops_of(rows: list[Any]) -> list[int]:
    return [row["update_id"] for name, row in rows if name == "book_tops"]


def gaps_of(rows: list[Any]) -> list[tuple[Any, ...]]:
    names = ("reason", "expected_id", "found_id", "n_dropped")
    return [of(row, *names) for name, row in rows if name == "feed_gaps"]


def test_a_stream_is_bridged_by_the_snapshot_that_it_asks_for(tmp_path: Path) -> None:
    exchange = Exchange((200, {}, BEFORE))

    rows, told = listened(tmp_path, exchange, *DEPTH[:2], TRADE, 1, DEPTH[2])

    assert exchange.asked == ["/api/v3/depth?symbol=BTCUSDT&limit=5000"]
    assert tops_of(rows) == [50093239218, 50093239224, 50093239230]
    assert [row["trade_id"] for name, row in rows if name == "crypto_trades"] == [3735683259]
    assert str(told) == "binance_book: the source closed the connection; listen again"
    assert (gaps_of(rows), told.exit_code) == ([], 3)


def test_a_snapshot_older_than_what_is_held_is_asked_for_again(tmp_path: Path) -> None:
    old = BEFORE | {"lastUpdateId": 50093239100}
    exchange = Exchange((200, {}, old), (200, {}, BEFORE))

    rows, _ = listened(tmp_path, exchange, DEPTH[0], 1, DEPTH[1], 2, DEPTH[2])

    assert tops_of(rows) == [50093239218, 50093239224, 50093239230]
    assert gaps_of(rows) == [("snapshot_too_old", 50093239101, 50093239189, 1)]


def test_a_dropped_message_is_a_gap_until_the_next_snapshot(tmp_path: Path) -> None:
    after = BEFORE | {"lastUpdateId": 50093239240}
    exchange = Exchange((200, {}, BEFORE), (200, {}, after))
    lost, late = ({"data": DEPTH[2] | {"U": first, "u": last}} for first, last in
                  ((50093239232, 50093239239), (50093239240, 50093239245)))  # fmt: skip

    rows, _ = listened(tmp_path, exchange, *DEPTH[:2], 1, DEPTH[2], lost, 2, late)

    assert tops_of(rows) == [
        50093239218, 50093239224, 50093239230, 50093239240, 50093239245,
    ]  # fmt: skip
    assert gaps_of(rows) == [("gap", 50093239231, 50093239232, 1)]


def test_a_shutdown_that_is_told_ends_it_with_all_that_came(tmp_path: Path) -> None:
    exchange = Exchange((200, {}, BEFORE))

    rows, told = listened(tmp_path, exchange, *DEPTH[:2], 1, DEPTH[2], SHUTDOWN, TRADE)

    assert tops_of(rows) == [50093239218, 50093239224, 50093239230]
    assert str(told) == "binance_book: the source is shutting down; listen again"


def test_a_busy_exchange_is_waited_for_as_long_as_it_says(tmp_path: Path) -> None:
    exchange = Exchange((429, {"Retry-After": "0"}, {"code": -1003}), (200, {}, BEFORE))

    rows, _ = listened(tmp_path, exchange, *DEPTH[:2], 2, DEPTH[2])

    assert len(tops_of(rows)) == 3


@pytest.mark.parametrize(
    ("status", "said", "sentence"),
    [
        (400, {"code": -1121, "msg": "Invalid symbol."}, "400 Bad Request.*Invalid symbol"),
        (418, {"code": -1003, "msg": "Banned."}, "418 I'm a Teapot.*Banned"),
    ],
)
def test_a_refusal_of_the_exchange_ends_it(
    tmp_path: Path, status: int, said: Any, sentence: str
) -> None:
    rows, told = listened(tmp_path, Exchange((status, {}, said)), DEPTH[0], 1, DEPTH[1])

    assert tops_of(rows) == []
    assert re.search(sentence, str(told))


# -- captures of the exchange itself --


@pytest.fixture(scope="module")
def captures(real: Path) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the rows of every capture, by file and dataset, as one run reads them."""
    folders = [real / "crypto_binance_hftbacktest", real / "crypto_ws_cryptofeed"]
    found, _ = files(folders, binance_book.FEED.knows, binance_book.FEED.parts)
    told: dict[str, dict[str, list[dict[str, Any]]]] = {}
    wanted = ("venue", "pair", "update_id", "best_bid", "best_ask", "bid_size", "ask_size")
    for dataset, extract in binance_book.read(found):
        assert not isinstance(extract, list)
        table = cast(Any, extract).rows
        if dataset == "book_tops":
            table = table.select([*wanted, "epoch"])
        held = table.slice(0, 0) if dataset == "book_updates" else table
        told.setdefault(cast(Any, extract).file.name, {})[dataset] = held.to_pylist()
    return told


@pytest.mark.real
def test_no_capture_has_a_gap_not_even_over_midnight(
    captures: dict[str, dict[str, list[dict[str, Any]]]],
) -> None:
    assert [name for name, told in captures.items() if "feed_gaps" in told] == []
    epochs = {
        row["epoch"]
        for name in ("spot/btcusdt_20240808", "spot/btcusdt_20240809")
        for row in captures[name]["book_tops"]
    }
    assert epochs == {"50093239218"}


@pytest.mark.real
def test_captures_hold_as_many_trades_and_messages_as_are_known(
    captures: dict[str, dict[str, list[dict[str, Any]]]],
) -> None:
    trades = {name: len(told["crypto_trades"]) for name, told in captures.items()}
    tops = {name: len(told["book_tops"]) for name, told in captures.items()}

    assert trades == {
        "2021-04-04/BINANCE-ee25be.0": 1_910,
        "2021-07-22/BINANCE_FUTURES.ws.1.0": 91,
        "2021-10-12/BINANCE.ws.1.0": 2,
        "spot/btcusdt_20240808": 9_757,
        "spot/btcusdt_20240809": 10_147,
        "usdm/btcusdt_20240808": 21_313,
    }
    # Snapshots come on top of the depth messages, and what they hold already is left out.
    assert tops == {
        "2021-04-04/BINANCE-ee25be.0": 2_688 + 3 - 32,
        "2021-07-22/BINANCE_FUTURES.ws.1.0": 764 + 4 - 15,
        "2021-10-12/BINANCE.ws.1.0": 177 + 4 - 5,
        "spot/btcusdt_20240808": 3_451 + 1 - 2,
        "spot/btcusdt_20240809": 3_044,
        "usdm/btcusdt_20240808": 6_551 + 1 - 4,
    }


def told_by_ticker(real: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the best prices that the exchange itself says in a capture."""
    folder = "crypto_binance_hftbacktest" if name[0] in "su" else "crypto_ws_cryptofeed"
    path = real / folder / name
    packed = path.with_name(f"{path.name}.gz")
    body = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    for line in re.findall(rb'\{"stream":"\w+@bookTicker".*', body):
        yield json.loads(line)["data"]


@pytest.mark.real
def test_the_best_prices_and_sizes_are_those_of_the_exchanges_own_ticker(
    real: Path, captures: dict[str, dict[str, list[dict[str, Any]]]]
) -> None:
    """The last ticker up to the id at which a message ends tells the same top."""
    seen: Counter[tuple[str, bool]] = Counter()
    for name, told in captures.items():
        tickers: dict[str, list[tuple[int, tuple[float, ...]]]] = {}
        for ticker in told_by_ticker(real, name):
            best = tuple(float(ticker[key]) for key in "bBaA")
            tickers.setdefault(ticker["s"], []).append((ticker["u"], best))
        for row in told["book_tops"]:
            said = tickers.get(row["pair"].replace("-", ""), [])
            place = bisect_right(said, row["update_id"], key=lambda ticker: ticker[0])
            if 0 < place < len(said):
                best = of(row, "best_bid", "bid_size", "best_ask", "ask_size")
                seen[name, best == said[place - 1][1]] += 1

    # A best level that is taken away and put back at once never reaches the ticker.
    assert seen == {
        ("2021-07-22/BINANCE_FUTURES.ws.1.0", True): 721,
        ("2021-10-12/BINANCE.ws.1.0", True): 141,
        ("spot/btcusdt_20240808", True): 3_450,
        ("spot/btcusdt_20240809", True): 3_040,
        ("spot/btcusdt_20240809", False): 2,
        ("usdm/btcusdt_20240808", True): 6_546,
    }
