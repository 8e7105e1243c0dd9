"""What tests of the engine begin with: a store, a small project, a catalog, a source."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import stamina

from leadline.bucket import Bucket
from leadline.catalog import Catalog
from leadline.http import Http
from leadline.store import Store
from tests.buckets import Front, service
from tests.catalogs import NAMES, TRADES, Made
from tests.desks import SmallDesk, small_desk
from tests.sites import Site, answering
from tests.stores import load_sessions, opened


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    with opened(place) as store:
        load_sessions(store)
        yield store


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project."""
    return small_desk(tmp_path / "desk")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Write files under sql/ and read them."""

    def written(texts: Mapping[str, str]) -> Catalog:
        for path, text in {"tables/trades": TRADES, "tables/names": NAMES, **texts}.items():
            target = tmp_path / "sql" / f"{path}.sql"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return Catalog(tmp_path)

    return written


@pytest.fixture
def source() -> Iterator[Site]:
    with answering(Site()) as source:
        yield source


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http(
        "deribit_trades", contact="me@example.org", folder=tmp_path, per_second=1_000
    ) as http:
        yield http


@pytest.fixture
def in_haste() -> Iterator[None]:
    with stamina.set_testing(True, attempts=5):
        yield


@pytest.fixture(scope="session")
def shared_front() -> Iterator[Front]:
    with service() as port, answering(Front(port)) as front:
        yield front


@pytest.fixture
def front(shared_front: Front) -> Front:
    shared_front.clear()
    return shared_front


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def shared_bucket(shared_front: Front, downloads: Path) -> Iterator[Bucket]:
    """Open one bucket for all, for that takes long."""
    with shared_front.opened(downloads) as bucket:
        yield bucket


@pytest.fixture
def bucket(front: Front, shared_bucket: Bucket, downloads: Path) -> Bucket:
    for folder in downloads.iterdir():
        shutil.rmtree(folder)
    shared_bucket.requests = shared_bucket.bytes = 0
    return shared_bucket
