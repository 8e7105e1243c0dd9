"""A source answers from a list, whole or broken off, and remembers what it was asked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from leadline.http import Http
from leadline.resume import Part, Piece, Taken
from tests.sites import BYTES, MARKS, Answer, rest


def stream(answer: Answer) -> Iterator[bytes]:
    yield answer.body[: answer.breaks_after]
    if answer.breaks_after is not None:
        raise httpx.RemoteProtocolError("peer closed connection")


class Source(httpx.MockTransport):
    url = "https://example.org"

    def __init__(self) -> None:
        super().__init__(self.answer)
        self.answers: list[Answer] = []
        self.asked: list[httpx.Request] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        headers = {"Content-Length": str(len(answer.body))} | answer.headers
        return httpx.Response(answer.status, headers=headers, content=stream(answer))


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def http(source: Source, tmp_path: Path) -> Iterator[Http]:
    client = httpx.Client(transport=source)
    with Http("sec_13f", contact=None, folder=tmp_path, per_second=1_000, client=client) as http:
        yield http


@pytest.mark.usefixtures("in_haste")
def test_last_modified_is_the_proof_where_the_etag_is_weak(source: Source, http: Http) -> None:
    weak = MARKS | {"ETag": 'W/"one"'}
    source.answers = [Answer(200, BYTES, weak, breaks_after=1_000), rest(1_000, ETag='W/"one"')]

    found = http.download(f"{source.url}/file.zip")

    assert source.asked[1].headers["If-Range"] == MARKS["Last-Modified"]
    assert found is not None
    assert found.path.read_bytes() == BYTES


@pytest.mark.usefixtures("in_haste")
def test_without_a_proof_a_broken_download_starts_over(source: Source, http: Http) -> None:
    source.answers = [Answer(200, BYTES, breaks_after=1_000), Answer(200, BYTES)]

    found = http.download(f"{source.url}/file.zip")

    assert source.asked[1].headers.get("Range") is None
    assert found is not None
    assert (found.path.read_bytes(), found.modified_at) == (BYTES, None)


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize(
    "answers",
    [
        [Answer(200, BYTES[::-1], MARKS | {"ETag": '"two"'})],
        [rest(1_000, BYTES[::-1], ETag='"two"'), Answer(200, BYTES[::-1], {"ETag": '"two"'})],
        [rest(900, BYTES[::-1]), Answer(200, BYTES[::-1], MARKS)],
        [Answer(416, b""), Answer(200, BYTES[::-1], MARKS)],
    ],
    ids=["a 200 to a range", "another ETag", "another range", "a 416"],
)
def test_a_file_that_changed_in_between_starts_over(
    source: Source, http: Http, answers: list[Answer]
) -> None:
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000), *answers]

    found = http.download(f"{source.url}/file.zip")

    assert found is not None
    assert found.path.read_bytes() == BYTES[::-1]
    assert source.asked[1].headers["Range"] == "bytes=1000-"
    assert all(asked.headers.get("Range") is None for asked in source.asked[2:])


@pytest.mark.usefixtures("in_haste")
def test_a_rest_that_is_cut_short_is_noticed(source: Source, http: Http) -> None:
    short = Answer(206, BYTES[1_000:1_500], MARKS | {"Content-Range": "bytes 1000-1499/10240"})
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000), short, rest(1_500)]

    found = http.download(f"{source.url}/file.zip")

    assert source.asked[2].headers["Range"] == "bytes=1500-"
    assert found is not None
    assert found.path.read_bytes() == BYTES


def test_a_part_has_one_writer(tmp_path: Path) -> None:
    folder = tmp_path / "part"

    with Part(folder, patience_s=0.1), pytest.raises(Taken), Part(folder, patience_s=0.1):
        pass


def test_a_part_is_free_once_its_writer_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "part"

    with Part(folder, patience_s=0.1) as first:
        first.keep(Piece([b"once"], '"one"', ""))
    with Part(folder, patience_s=0.1) as second:
        size = second.size()

    assert size == 4


def test_a_writer_that_leaves_in_time_is_waited_for(tmp_path: Path) -> None:
    first, second = (Part(tmp_path / "part", patience_s=10) for _ in range(2))

    with ThreadPoolExecutor() as threads:
        with first:
            entering = threads.submit(second.__enter__)
            with pytest.raises(TimeoutError):
                entering.result(timeout=0.05)
        entered = entering.result()
        second.__exit__()

    assert entered is second
