"""Daily dumps of trades are fetched with their sums, and again where the archive is busy."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

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
from tests.sites import Answer, Asked, Site, answering
from tests.stores import ask

NAME = "binance_book"
DAY = Span(datetime(2024, 12, 31, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
DUMP = "BTCUSDT-trades-2024-12-31"


class Archive(Site):
    """Answers as data.binance.vision does; `says` comes before a file."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.says: dict[str, list[Answer]] = {}

    def answer(self, asked: Asked) -> Answer:
        assert asked.path == f"/data/spot/daily/trades/{asked.name.partition('-')[0]}/{asked.name}"
        if says := self.says.get(asked.name):
            return says.pop(0)
        body = self.files.get(asked.name)
        return Answer(404, b"<Error>NoSuchKey</Error>") if body is None else Answer(200, body)

    def holds(self, *lines: str, symbol: str = "BTCUSDT") -> str:
        """Publish a day's dump and the sum beside it; return the dump's name."""
        name, packed = f"{symbol}-trades-2024-12-31", BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{name}.csv", "".join(f"{line}\n" for line in lines))
        body = packed.getvalue()
        self.files[f"{name}.zip"] = body
        self.files[f"{name}.zip.CHECKSUM"] = f"{sha256(body).hexdigest()}  {name}.zip\n".encode()
        return f"{name}.zip"


@pytest.fixture
def archive() -> Iterator[Archive]:
    with answering(Archive()) as archive:
        yield archive


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
    assert set(archive.names) == {
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
    assert archive.names.count(name) == 2


def test_a_busy_or_broken_archive_is_asked_again(
    store: Store, archive: Archive, tmp_path: Path
) -> None:
    name = archive.holds(*LINES)
    archive.says = {
        name: [Answer(429, b"", {"Retry-After": "1"}), Answer(503, b"")],
        f"{name}.CHECKSUM": [Answer(500, b"")],
    }

    (loaded,) = pulled(store, archive, tmp_path)

    assert (loaded.n_rows, archive.names.count(name)) == (2, 3)
    assert archive.names.count(f"{name}.CHECKSUM") == 2


def test_an_archive_that_asks_for_a_long_wait_is_left_for_later(
    store: Store, archive: Archive, tmp_path: Path
) -> None:
    archive.says = {
        f"{archive.holds(*LINES)}.CHECKSUM": [Answer(429, b"", {"Retry-After": "3600"})]
    }

    with pytest.raises(FeedError, match="429 Too Many Requests after 1 try") as told:
        pulled(store, archive, tmp_path)

    assert told.value.exit_code == 3
    assert len(archive.names) == 1
