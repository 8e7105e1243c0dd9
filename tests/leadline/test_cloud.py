"""A folder of a bucket is used as one of this machine is, with few requests."""

from contextlib import suppress
from pathlib import Path

from leadline.cloud import Cloud
from leadline.home import Home
from tests.clouds import Fault, Service, buckets, refusal, service

__all__ = ["buckets", "service"]


def put(home: Home, name: str, body: bytes) -> None:
    path = home.desk() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    home.publish(name)


def test_a_file_is_put_once_and_need_not_be_fetched(service: Service) -> None:
    home = service.home() / "prints"
    put(home, "known_date=2024-03-01/part.parquet", b"rows")
    home.publish("known_date=2024-03-01/part.parquet")

    assert isinstance(home, Cloud)
    address = f"{home}/known_date=2024-03-01/part.parquet"
    assert home._at.read(address, 0, 4) == b"rows"
    assert service.counted() == {"PUT": 1}
    assert [found.size for found in home.found()] == [4]


def test_a_put_that_breaks_off_leaves_nothing_at_the_desk(service: Service) -> None:
    home = service.home() / "prints"
    service.faults = [Fault(refusal(403, "AccessDenied"), "PUT")]

    with suppress(Exception):
        put(home, "part.parquet", b"rows")

    assert list(home.desk().iterdir()) == []
    assert service.keys() == []


def test_a_part_that_is_dropped_is_nowhere(service: Service) -> None:
    home = service.home() / "prints"
    (home.desk()).mkdir(parents=True)
    (home.desk() / "a.parquet").write_bytes(b"staged")
    put(home, "b.parquet", b"put")

    home.drop("a.parquet")
    home.drop("b.parquet")

    assert (list(home.desk().iterdir()), service.keys()) == ([], [])


def test_one_listing_says_what_lies_in_many_folders_and_what_was_put_since(
    service: Service,
) -> None:
    store = service.home()
    one, other = (store / "_kept" / view / "print" for view in ("one", "other"))
    one.write("1.parquet", lambda path: path.write_bytes(b"one"))

    first = [each.listing(None) for each in (one, other)]
    one.write("2.parquet", lambda path: path.write_bytes(b"two"))
    second = [one.listing(["1.parquet"]), other.listing([])]

    assert first == [(["1.parquet"], ["1.parquet"]), ([], [])]
    assert second == [(["1.parquet", "2.parquet"], ["1.parquet", "2.parquet"]), None]
    assert service.counted()["LIST"] == 1


def test_its_own_things_lie_on_this_machine(service: Service, tmp_path: Path) -> None:
    home = service.home()

    assert home.own.is_relative_to(tmp_path / "own")
    assert home.own != service.home("desk/other").own


def test_whoever_looks_sees_whether_there_is_a_store(service: Service) -> None:
    home = service.home()
    before = home.is_there(), home.has_folder("loads"), home.has_file("loads/a")
    put(home, "loads/a", b"1")

    assert before == (False, False, False)
    assert (home.is_there(), home.has_folder("loads"), home.has_file("loads/a")) == (
        True, True, True,
    )  # fmt: skip
    with home.local("loads/a") as path:
        assert path.read_bytes() == b"1"
    assert not path.exists()
