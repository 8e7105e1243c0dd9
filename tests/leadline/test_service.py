"""Requests are sent again while it helps; then one sentence says what now."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from leadline.errors import AwayError, MissingError, StoreError
from leadline.service import Service
from tests import clouds
from tests.clouds import BUCKET, Fault, cut, lost, refusal


@pytest.fixture(scope="module")
def far() -> Iterator[clouds.Service]:
    with clouds.running() as running:
        yield running


@pytest.fixture
def service(far: clouds.Service) -> Iterator[Service]:
    far.clear()
    service = Service(BUCKET, far.access())
    yield service
    service.close()


def test_objects_are_put_read_in_part_listed_and_deleted(
    far: clouds.Service, service: Service, tmp_path: Path
) -> None:
    path = tmp_path / "part"
    path.write_bytes(b"0123456789")
    service.upload("a/x", path)
    service.put("a/y", b"why")
    service.delete("a/y")
    service.delete("a/z")

    assert (service.get("a/x", 2, 5), service.fetch("a/x")) == (b"234", b"0123456789")
    assert (service.size("a/x"), service.size("a/y")) == (10, None)
    assert [found.name for found in service.list("a/")] == ["a/x"]
    assert service.sent == 13
    assert service.requests == len(far.asked)


def test_the_first_of_two_puts_wins(service: Service) -> None:
    service.put("log", b"mine", is_first=True)

    with pytest.raises(FileExistsError):
        service.put("log", b"yours", is_first=True)

    assert service.fetch("log") == b"mine"


@pytest.mark.parametrize(
    "act",
    [refusal(503, "SlowDown"), refusal(500, "InternalError"), lost, cut],
    ids=["busy", "broken", "lost", "cut"],
)
def test_what_passes_is_not_told(far: clouds.Service, service: Service, act: object) -> None:
    service.put("x", b"0123456789")
    far.faults = [Fault(act, "GET")]  # type: ignore[arg-type]

    assert service.fetch("x") == b"0123456789"
    assert far.faults[0].struck == 1


def test_what_does_not_pass_is_worth_another_run(far: clouds.Service) -> None:
    far.clear()
    far.faults = [Fault(refusal(503, "SlowDown"), times=99)]
    service = Service(BUCKET, far.access(), tries=2)

    with pytest.raises(AwayError, match=r"busy or away, 503 SlowDown; run this again$") as error:
        service.fetch("x")

    assert (error.value.exit_code, len(far.asked)) == (3, 2)
    service.close()


def test_a_port_at_which_nobody_listens_is_told(far: clouds.Service) -> None:
    nobody = Service(BUCKET, replace(far.access(), endpoint="http://127.0.0.1:9"), tries=1)

    with pytest.raises(AwayError, match="no answer, "):
        nobody.put("x", b"")

    nobody.close()


def test_a_bucket_that_is_not_there_is_told(far: clouds.Service) -> None:
    far.clear()
    other = Service("nowhere", far.access())

    with pytest.raises(StoreError, match="has no bucket 'nowhere'; make it, or name another"):
        list(other.list(""))

    other.close()


def test_a_file_that_is_shorter_than_the_log_says_is_told(service: Service) -> None:
    service.put("x", b"0123456789")

    for start, end in ((5, 20), (10, 20)):
        with pytest.raises(StoreError, match=r"x: it is .*; run leadline store verify$"):
            service.get("x", start, end)


def test_without_the_extra_it_says_what_to_install(
    far: clouds.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)

    with pytest.raises(MissingError) as error:
        Service(BUCKET, far.access())

    assert str(error.value) == (
        "store: a bucket is read with s3fs, which is not here; pip install 'leadline[s3]'"
    )
