"""Daily dumps of trades are fetched with their sums, and again where the archive is busy."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import stamina

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Http
from leadline.load import from_files, over_network, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import binance_dumps
from tests.binance import Rerouted, of
from tests.sites import Answer, Asked, Site, answering
from tests.stores import ask

NAME = "binance_dumps"
DAY = Span(datetime(2024, 12, 31, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
DUMP = "BTCUSDT-trades-2024-12-31"


class Archive(Site):
    """Answers as data.binance.vision and its listing do; `says` comes before a file."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.says: dict[str, list[Answer]] = {}

    def answer(self, asked: Asked) -> Answer:
        url = urlsplit(asked.path)
        if says := self.says.get(asked.name):
            return says.pop(0)
        if url.path == "/data.binance.vision":
            return self.listed(dict(parse_qsl(url.query)))
        body = self.files.get(url.path.removeprefix("/"))
        return Answer(404, b"<Error>NoSuchKey</Error>") if body is None else Answer(200, body)

    def listed(self, query: dict[str, str]) -> Answer:
        """List a folder as S3 does, two entries a page."""
        assert query["delimiter"] == "/"
        prefix, marker = query["prefix"], query.get("marker", "")
        inside = (name.removeprefix(prefix) for name in self.files if name.startswith(prefix))
        parts = (name.partition("/") for name in inside)
        entries = sorted({prefix + name + slash for name, slash, _ in parts})
        entries = [entry for entry in entries if entry > marker]
        said = "".join(
            f"<CommonPrefixes><Prefix>{entry}</Prefix></CommonPrefixes>"
            if entry.endswith("/")
            else f"<Contents><Key>{entry}</Key><Size>1</Size></Contents>"
            for entry in entries[:2]
        )
        more = str(len(entries) > 2).lower()
        told = f"<Prefix>{prefix}</Prefix><IsTruncated>{more}</IsTruncated>{said}"
        return Answer(200, f"<ListBucketResult>{told}</ListBucketResult>".encode())

    def n_asked(self, name: str) -> int:
        """Count how often a dump of spot was asked for, or the sum beside it."""
        path = f"/data/spot/daily/trades/BTCUSDT/{name}"
        return [asked.path for asked in self.asked].count(path)

    def holds(self, *lines: str, symbol: str = "BTCUSDT", market: str = "spot") -> str:
        """Publish a day's dump and the sum beside it; return the dump's name."""
        name, packed = f"{symbol}-trades-2024-12-31", BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{name}.csv", "".join(f"{line}\n" for line in lines))
        body = packed.getvalue()
        folder = f"data/{market}/daily/trades/{symbol}/"
        self.files[f"{folder}{name}.zip"] = body
        said = f"{sha256(body).hexdigest()}  {name}.zip\n".encode()
        self.files[f"{folder}{name}.zip.CHECKSUM"] = said
        return f"{name}.zip"

    def holds_all(self) -> None:
        """Publish an older dump of all that is asked for."""
        for market in ("spot", "futures/um"):
            for symbol in ("BTCUSDT", "ETHUSDT"):
                self.files[f"data/{market}/daily/trades/{symbol}/older.zip"] = b""


@pytest.fixture
def archive() -> Iterator[Archive]:
    with answering(Archive()) as archive:
        archive.holds_all()
        yield archive


@pytest.fixture
def http(archive: Archive, tmp_path: Path) -> Iterator[Http]:
    client = httpx.Client(transport=Rerouted(archive.server_port))
    with (
        stamina.set_testing(True, attempts=5),  # it does not wait
        Http(NAME, contact=None, folder=tmp_path, per_second=1_000, client=client) as http,
    ):
        yield http


def pulled(store: Store, http: Http) -> list[Loaded]:
    return list(over_network(NAME, binance_dumps, store, DAY, http))


LINES = (
    "51175358,17.80180000,5.69000000,101.29224200,1735689599010,True,True",
    "51175359,17.80190000,1.00000000,17.80190000,1735689600010866,False,True",
)


def test_a_days_dumps_of_spot_and_futures_are_loaded_under_their_markets(
    store: Store, archive: Archive, http: Http
) -> None:
    archive.holds(*LINES)
    archive.holds("7,17.8,5.69,101.2,1735689599010,true", market="futures/um")

    loads = pulled(store, http)

    told = sorted(ask(store.place, "raw.crypto_trades"), key=lambda row: row["trade_id"])
    assert [each.coverage for each in loads] == [f"spot/{DUMP}.csv", f"futures/um/{DUMP}.csv"]
    assert [of(row, "venue", "pair", "trade_id", "side") for row in told] == [
        ("binance_usdm", "BTC-USDT", 7, -1),
        ("binance", "BTC-USDT", 51175358, -1),
        ("binance", "BTC-USDT", 51175359, 1),
    ]


def test_a_dump_that_was_pulled_adds_nothing_from_a_file(
    store: Store, archive: Archive, http: Http, tmp_path: Path
) -> None:
    archive.holds(*LINES)
    pulled(store, http)
    path = tmp_path / f"{DUMP}.csv"
    path.write_text("".join(f"{line}\n" for line in LINES))

    again = from_files(NAME, binance_dumps, store, plan(NAME, binance_dumps, [path]).files)

    assert [(each.coverage, each.n_rows) for each in again] == [(f"spot/{DUMP}.csv", 0)]


def test_a_dump_that_is_not_there_yet_is_passed_over(
    store: Store, archive: Archive, http: Http
) -> None:
    archive.holds(LINES[0], symbol="ETHUSDT")

    loads = pulled(store, http)

    assert [each.coverage for each in loads] == ["spot/ETHUSDT-trades-2024-12-31.csv"]


def test_a_pair_that_the_archive_never_had_is_told_after_the_others_are_loaded(
    store: Store, archive: Archive, http: Http
) -> None:
    archive.files.clear()
    archive.holds(LINES[0], symbol="ETHUSDT")

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    assert str(told.value) == (
        "binance_dumps: data/spot/daily/trades/BTCUSDT/, data/futures/um/daily/trades/BTCUSDT/, "
        "data/futures/um/daily/trades/ETHUSDT/ is no folder of the archive, or its pair has no "
        "name here; mend PAIRS"
    )
    assert [row["pair"] for row in ask(store.place, "raw.crypto_trades")] == ["ETH-USDT"]


def test_all_pairs_are_those_of_the_listing_page_after_page(archive: Archive, http: Http) -> None:
    for symbol in ("ADAEUR", "BNBBTC", "ETHBTC", "SOLUSDT", "BTCUSDT_250328"):
        archive.holds(LINES[0], symbol=symbol)

    found = binance_dumps.symbols(http, "spot", "all")

    assert found == ["ADAEUR", "BNBBTC", "BTCUSDT", "ETHBTC", "ETHUSDT", "SOLUSDT"]
    assert archive.names == ["data.binance.vision"] * 4


def test_an_answer_that_is_no_listing_is_told(archive: Archive, http: Http) -> None:
    archive.says = {"data.binance.vision": [Answer(200, b"<html>")]}

    with pytest.raises(FeedError) as told:
        binance_dumps.symbols(http, "spot", "all")

    assert str(told.value) == (
        "binance_dumps: no listing of data/spot/daily/trades/: '<html>'; mend the loader"
    )


def test_a_dump_with_another_sum_loads_nothing_and_is_fetched_again(
    store: Store, archive: Archive, http: Http
) -> None:
    name = archive.holds(*LINES)
    said = f"data/spot/daily/trades/BTCUSDT/{name}.CHECKSUM"
    right, archive.files[said] = archive.files[said], b"0" * 64 + f"  {name}\n".encode()

    with pytest.raises(FeedError, match=r"its CHECKSUM says 000000000000…; try again later"):
        pulled(store, http)

    store.ledger.refresh()
    assert list(store.ledger.lines) == []
    archive.files[said] = right
    (loaded,) = pulled(store, http)
    assert loaded.n_rows == 2
    assert archive.n_asked(name) == 2


def test_a_busy_or_broken_archive_is_asked_again(
    store: Store, archive: Archive, http: Http
) -> None:
    name = archive.holds(*LINES)
    archive.says = {
        name: [Answer(429, b"", {"Retry-After": "1"}), Answer(503, b"")],
        f"{name}.CHECKSUM": [Answer(500, b"")],
    }

    (loaded,) = pulled(store, http)

    assert (loaded.n_rows, archive.n_asked(name)) == (2, 3)
    assert archive.n_asked(f"{name}.CHECKSUM") == 2


def test_an_archive_that_asks_for_a_long_wait_is_left_for_later(
    store: Store, archive: Archive, http: Http
) -> None:
    archive.says = {
        f"{archive.holds(*LINES)}.CHECKSUM": [Answer(429, b"", {"Retry-After": "3600"})]
    }

    with pytest.raises(FeedError, match="429 Too Many Requests after 1 try") as told:
        pulled(store, http)

    assert told.value.exit_code == 3
    assert len(archive.names) == 1
