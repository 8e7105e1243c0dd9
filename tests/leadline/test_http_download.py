"""A download is whole or not there, and goes on where it broke off."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.http import Http, Refusal
from leadline.resume import Part
from tests.sites import BYTES, MARKS, SECRET, Answer, Site, rest

REFUSALS = (Refusal("Too Fast", "wait", True),)


def test_a_refusal_in_place_of_a_file_leaves_none_of_it(source: Site, http: Http) -> None:
    source.answers = [Answer(200, b"Too Fast", MARKS), Answer(200, BYTES, MARKS)]
    with pytest.raises(FeedError, match="Too Fast"):
        http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    found = http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    assert source.asked[1].headers["Range"] is None
    assert found is not None
    assert found.path.read_bytes() == BYTES


def test_the_words_of_a_refusal_deep_in_a_file_are_its_own(source: Site, http: Http) -> None:
    body = BYTES + b"Too Fast"
    source.answers = [Answer(200, body)]

    found = http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    assert found is not None
    assert found.path.read_bytes() == body


def test_a_404_is_no_file(source: Site, http: Http) -> None:
    source.answers = [Answer(404)]

    found = http.download(f"{source.url}/file.zip")

    assert found is None


def test_a_download_keeps_its_name_its_bytes_and_its_moment(source: Site, http: Http) -> None:
    source.answers = [Answer(body=BYTES, headers=MARKS)]

    found = http.download(f"{source.url}/days/2024-03-01.zip", key=SECRET)

    assert found is not None
    assert (found.path.name, found.path.read_bytes()) == ("2024-03-01.zip", BYTES)
    assert found.modified_at == datetime(2024, 3, 1, 15, tzinfo=UTC)
    assert found.url == f"{source.url}/days/2024-03-01.zip"
    assert source.asked[0].headers["Accept-Encoding"] == "identity"


def test_downloads_of_one_name_never_meet(source: Site, http: Http) -> None:
    source.answers = [Answer(body=b"one"), Answer(body=b"two")]

    one = http.download(f"{source.url}/1/trades.csv")
    two = http.download(f"{source.url}/2/trades.csv")

    assert one is not None
    assert two is not None
    assert (one.path.read_bytes(), two.path.read_bytes()) == (b"one", b"two")


def test_a_download_leaves_nothing_but_the_file(source: Site, http: Http, tmp_path: Path) -> None:
    source.answers = [Answer(body=BYTES, headers=MARKS)]

    found = http.download(f"{source.url}/file.zip")

    assert found is not None
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {
        found.path,
        tmp_path / "pace.sqlite",
    }


@pytest.mark.usefixtures("in_haste")
def test_a_broken_download_goes_on_where_it_broke(source: Site, http: Http) -> None:
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000), rest(1_000)]

    found = http.download(f"{source.url}/file.zip")

    first, second = source.asked
    assert (first.headers["Range"], first.headers["If-Range"]) == (None, None)
    assert (second.headers["Range"], second.headers["If-Range"]) == ("bytes=1000-", '"one"')
    assert found is not None
    assert found.path.read_bytes() == BYTES


def test_a_later_process_goes_on_where_the_first_broke(source: Site, tmp_path: Path) -> None:
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000), Answer(429), rest(1_000)]
    once = partial(Http, "deribit_trades", contact=None, folder=tmp_path, per_second=1_000, tries=1)

    with once() as http, pytest.raises(FeedError, match="429 Too Many Requests"):
        http.download(f"{source.url}/file.zip")
    with once() as http:
        found = http.download(f"{source.url}/file.zip")

    assert source.asked[2].headers["Range"] == "bytes=1000-"
    assert found is not None
    assert found.path.read_bytes() == BYTES


def test_a_download_that_grows_is_not_given_up(source: Site, tmp_path: Path) -> None:
    broken = [rest(start) for start in (1_000, 2_000, 3_000, 4_000)]
    for answer in broken:
        answer.breaks_after = 1_000
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000), *broken, rest(5_000)]

    with Http("sec_13f", contact=None, folder=tmp_path, per_second=1_000, tries=1) as http:
        found = http.download(f"{source.url}/file.zip")

    assert found is not None
    assert found.path.read_bytes() == BYTES


@pytest.mark.usefixtures("in_haste")
def test_a_source_that_never_resumes_and_always_breaks_is_given_up(
    source: Site, http: Http
) -> None:
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000)] * 10

    with pytest.raises(FeedError, match="after 5 tries") as caught:
        http.download(f"{source.url}/file.zip")

    assert (caught.value.exit_code, len(source.asked)) == (3, 10)


def test_no_turn_within_the_patience_is_worth_trying_again(source: Site, tmp_path: Path) -> None:
    source.answers = [Answer()]

    with Http("gdelt", contact=None, folder=tmp_path, per_second=0.1, patience_s=0.1) as http:
        http.text(source.url)
        with pytest.raises(FeedError, match="gdelt: no turn after 0 tries in 0 s at") as caught:
            http.text(source.url)

    assert caught.value.exit_code == 3


def test_a_file_that_another_downloads_is_worth_trying_again(source: Site, tmp_path: Path) -> None:
    source.answers = [Answer(body=BYTES)]

    with Http("sec_13f", contact=None, folder=tmp_path, patience_s=0.1) as http:
        found = http.download(f"{source.url}/file.zip", key=SECRET)
        assert found is not None
        with Part(found.path.parent, patience_s=0.1), pytest.raises(FeedError) as caught:
            http.download(f"{source.url}/file.zip", key=SECRET)

    said = "sec_13f: another download of 127.0.0.1/file.zip is under way; try again later"
    assert str(caught.value) == said
    assert (caught.value.exit_code, len(source.asked)) == (3, 1)
