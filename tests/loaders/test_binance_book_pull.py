"""Daily dumps of trades are fetched with their sums, and again where the archive is busy."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import stamina

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from loaders import binance_book
from tests.binance import Rerouted, of
from tests.stores import ask

NAME = "binance_book"
DAY = Span(datetime(2024, 12, 31, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
DUMP = "BTCUSDT-trades-2024-12-31"


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
