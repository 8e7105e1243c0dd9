"""Binance's frames become books and trades as they are, or the load stops with a sentence."""

import asyncio
import gzip
import json
import re
import shutil
import zipfile
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from itertools import repeat
from pathlib import Path
from threading import Thread
from typing import Any, cast

import httpx
import pytest
import stamina
from websockets.asyncio.server import ServerConnection, serve

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Http, files
from leadline.load import from_files, over_network, plan
from leadline.publication import Loaded
from leadline.socket import Socket
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
    store.ledger.refresh()
    assert list(store.ledger.lines) == []
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


class Archive(HTTPServer):
    """Answers as data.binance.vision does; `says` comes before a file, with status and headers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Serving)
        self.files: dict[str, bytes] = {}
        self.says: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.asked: list[str] = []

    def holds(self, *lines: str, symbol: str = "BTCUSDT") -> str:
        """Publish a day's dump and the sum beside it; return the dump's name."""
        name, packed = f"{symbol}-trades-2024-12-31", BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{name}.csv", "".join(f"{line}\n" for line in lines))
        body = packed.getvalue()
        self.files[f"{name}.zip"] = body
        self.files[f"{name}.zip.CHECKSUM"] = f"{sha256(body).hexdigest()}  {name}.zip\n".encode()
        return f"{name}.zip"


class Serving(BaseHTTPRequestHandler):
    server: Archive

    def do_GET(self) -> None:
        folder, _, name = self.path.rpartition("/")
        assert folder == f"/data/spot/daily/trades/{name.partition('-')[0]}"
        self.server.asked.append(name)
        says, body = self.server.says.get(name), self.server.files.get(name)
        status, headers = says.pop(0) if says else (404 if body is None else 200, {})
        said = body if status == 200 and body is not None else b"<Error>NoSuchKey</Error>"
        self.send_response(status)
        for key, value in {"Content-Length": str(len(said)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive() as archive:
        thread = Thread(target=partial(archive.serve_forever, poll_interval=0.01))
        thread.start()
        yield archive
        archive.shutdown()
        thread.join()


def pulled(store: Store, archive: Archive, folder: Path) -> list[Loaded]:
    client = httpx.Client(transport=Rerouted(archive.server_port))
    with (
        stamina.set_testing(True, attempts=5),  # it does not wait
        Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http,
    ):
        return list(over_network(NAME, binance_book, store, DAY, http))


LINES = (
    "51175358,17.80180000,5.69000000,101.29224200,1735689599010,True,True",
    "51175359,17.80190000,1.00000000,17.80190000,1735689600010866,False,True",
)


def test_a_dump_is_trades_in_milliseconds_or_microseconds_without_a_header(
    store: Store, archive: Archive, tmp_path: Path
) -> None:
    archive.holds(*LINES)

    loads = pulled(store, archive, tmp_path)

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


def test_a_dump_that_is_not_there_yet_is_passed_over(
    store: Store, archive: Archive, tmp_path: Path
) -> None:
    archive.holds(LINES[0], symbol="ETHUSDT")

    loads = pulled(store, archive, tmp_path)

    assert [each.coverage for each in loads] == ["ETHUSDT-trades-2024-12-31.csv"]
    assert set(archive.asked) == {
        f"{symbol}-trades-2024-12-31.zip{end}"
        for symbol in ("BTCUSDT", "ETHUSDT")
        for end in ("", ".CHECKSUM")
    }


def test_a_dump_with_another_sum_loads_nothing_and_is_fetched_again(
    store: Store, archive: Archive, tmp_path: Path
) -> None:
    name = archive.holds(*LINES)
    right = archive.files[f"{name}.CHECKSUM"]
    archive.files[f"{name}.CHECKSUM"] = b"0" * 64 + f"  {name}\n".encode()

    with pytest.raises(FeedError, match=r"its CHECKSUM says 000000000000…; try again later"):
        pulled(store, archive, tmp_path)

    store.ledger.refresh()
    assert list(store.ledger.lines) == []
    archive.files[f"{name}.CHECKSUM"] = right
    (loaded,) = pulled(store, archive, tmp_path)
    assert loaded.n_rows == 2
    assert archive.asked.count(name) == 2


def test_a_busy_or_broken_archive_is_asked_again(
    store: Store, archive: Archive, tmp_path: Path
) -> None:
    name = archive.holds(*LINES)
    archive.says = {
        name: [(429, {"Retry-After": "1"}), (503, {})],
        f"{name}.CHECKSUM": [(500, {})],
    }

    (loaded,) = pulled(store, archive, tmp_path)

    assert (loaded.n_rows, archive.asked.count(name)) == (2, 3)
    assert archive.asked.count(f"{name}.CHECKSUM") == 2


def test_an_archive_that_asks_for_a_long_wait_is_left_for_later(
    store: Store, archive: Archive, tmp_path: Path
) -> None:
    archive.says = {f"{archive.holds(*LINES)}.CHECKSUM": [(429, {"Retry-After": "3600"})]}

    with pytest.raises(FeedError, match="429 Too Many Requests after 1 try") as told:
        pulled(store, archive, tmp_path)

    assert told.value.exit_code == 3
    assert len(archive.asked) == 1


def test_captures_in_usd_are_taken_where_they_are_named(store: Store, tmp_path: Path) -> None:
    path = changed(tmp_path, SPOT, "BTCUSDT", "BTCFDUSD")
    path = path.rename(tmp_path / "btcfdusd_20240808")

    found, passed = files([tmp_path], binance_book.FEED.knows, binance_book.FEED.parts)

    assert (list(found), passed) == ([], [str(path)])
    load(store, path)
    assert {row["pair"] for row in ask(store.place, "raw.crypto_trades")} == {"BTC-FDUSD"}


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


LOST = None


def listened(folder: Path, exchange: Exchange, *frames: Any) -> tuple[list[Any], FeedError | None]:
    """Send frames as the stream does, each once the answer before it has come, then stop.

    A number waits for so many questions, LOST closes the connection. Return what the loader
    yielded, and the error that it ended with.
    """
    batches: list[Any] = []
    left = deque(frames)

    async def stream(connection: ServerConnection) -> None:
        while left:
            if (frame := left.popleft()) is LOST:
                return await connection.close(1001, "")
            if isinstance(frame, int):
                while len(exchange.asked) < frame:
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.1)  # the answer is on its way
            else:
                await connection.send(json.dumps(frame))
                if frame is SHUTDOWN:
                    break
        await connection.wait_closed()

    async def until_the_end(socket: Socket) -> None:
        async for batch in binance_book.listen(socket):
            batches.append(batch)

    async def listen() -> None:
        client = httpx.Client(transport=Rerouted(exchange.server_port))
        with Http(NAME, contact=None, folder=folder, per_second=1_000, client=client) as http:
            async with serve(stream, "127.0.0.1", 0) as server:
                port = next(iter(server.sockets)).getsockname()[1]
                address = f"ws://127.0.0.1:{port}"
                socket = Socket(NAME, address, http, waits=lambda: repeat(0.0))
                listening = asyncio.create_task(until_the_end(socket))
                while left and not listening.done():
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.05)  # the last frame is on its way
                await socket.stop()
                await listening

    told = None
    thread = Thread(target=partial(exchange.serve_forever, poll_interval=0.01))
    thread.start()
    try:
        asyncio.run(listen())
    except FeedError as error:
        told = error
    finally:
        exchange.shutdown()
        thread.join()
        exchange.server_close()
    rows = [(name, row) for name, table in batches for row in table.to_pylist()]
    return rows, told


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
    assert (gaps_of(rows), told) == ([], None)


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


def after(first: int, last: int) -> Any:
    return {"data": DEPTH[2] | {"U": first, "u": last}}


@pytest.mark.parametrize("end", [LOST, SHUTDOWN], ids=["lost", "told"])
def test_a_connection_that_ends_is_a_gap_until_the_next_is_in_sync(
    tmp_path: Path, end: Any
) -> None:
    later = BEFORE | {"lastUpdateId": 50093239300}
    exchange = Exchange((200, {}, BEFORE), (200, {}, later))

    rows, told = listened(
        tmp_path, exchange, *DEPTH[:2], 1, DEPTH[2], end,
        after(50093239290, 50093239310), 2, after(50093239311, 50093239312),
    )  # fmt: skip

    assert told is None
    assert tops_of(rows) == [
        50093239218, 50093239224, 50093239230, 50093239300, 50093239310, 50093239312,
    ]  # fmt: skip
    assert gaps_of(rows) == [("disconnect", 50093239231, None, 0)]
    (gap,) = [row for name, row in rows if name == "feed_gaps"]
    known = [row["known_at"] for name, row in rows if name == "book_tops"]
    assert (gap["began_at"], gap["ended_at"], gap["known_at"]) == (known[2], known[4], known[4])


def test_a_loss_that_lasts_is_told_at_the_end(tmp_path: Path) -> None:
    rows, _ = listened(tmp_path, Exchange((200, {}, BEFORE)), *DEPTH[:2], 1, DEPTH[2], LOST)

    assert gaps_of(rows) == [("disconnect", 50093239231, None, 0)]
    (gap,) = [row for name, row in rows if name == "feed_gaps"]
    assert gap["ended_at"] is None
    assert gap["known_at"] > gap["began_at"]


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
