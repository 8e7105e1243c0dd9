"""A real server on this machine answers from a list, and remembers what it was asked."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import stamina

from leadline.errors import FeedError
from leadline.http import Http, Refusal
from leadline.resume import Part

SECRET = "s3cr3t-k3y"
BYTES = bytes(range(256)) * 40
MARKS = {"ETag": '"one"', "Last-Modified": "Fri, 01 Mar 2024 15:00:00 GMT"}


@dataclass
class Answer:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    breaks_after: int | None = None


@dataclass
class Asked:
    path: str
    headers: Message
    at_s: float


class Source(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Source

    def do_GET(self) -> None:
        self.server.asked.append(Asked(self.path, self.headers, time.monotonic()))
        answer = self.server.answers.pop(0)
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: answer.breaks_after])

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def source() -> Iterator[Source]:
    with Source() as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


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


def rest(start: int, body: bytes = BYTES, **headers: str) -> Answer:
    span = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
    return Answer(206, body[start:], MARKS | span | headers)


def test_the_user_agent_names_the_product_and_the_contact(source: Source, http: Http) -> None:
    source.answers = [Answer()]

    http.text(source.url)

    agent = source.asked[0].headers["User-Agent"]
    assert agent.startswith("leadline/")
    assert agent.endswith(" (me@example.org)")


def test_the_user_agent_without_a_contact_is_only_the_product(
    source: Source, tmp_path: Path
) -> None:
    source.answers = [Answer()]

    with Http("deribit_trades", contact=None, folder=tmp_path) as http:
        http.text(source.url)

    agent = source.asked[0].headers["User-Agent"]
    assert agent.startswith("leadline/")
    assert " " not in agent


def test_numbers_with_a_fraction_are_decimals(source: Source, http: Http) -> None:
    source.answers = [Answer(body=b'{"price": 0.1000, "size": 3}')]

    found = http.json(source.url)

    assert str(found) == str({"price": Decimal("0.1000"), "size": 3})


def test_a_query_joins_the_one_in_the_url_and_leaves_none_out(source: Source, http: Http) -> None:
    source.answers = [Answer()]

    http.json(f"{source.url}/trades?kind=option", count=1_000, is_new=True, page=None)

    assert source.asked[0].path == "/trades?kind=option&count=1000&is_new=true"


def test_requests_and_bytes_are_counted(source: Source, http: Http) -> None:
    source.answers = [Answer(body=b"12345"), Answer(body=b"678")]

    http.text(source.url)
    http.download(f"{source.url}/file")

    assert (http.requests, http.bytes) == (2, 8)


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_source_is_asked_again(source: Source, http: Http, status: int) -> None:
    source.answers = [Answer(status), Answer(status), Answer(body=b"done")]

    found = http.text(source.url)

    assert found == "done"
    assert len(source.asked) == 3


@pytest.mark.usefixtures("in_haste")
def test_a_truncated_body_is_asked_for_again(source: Source, http: Http) -> None:
    source.answers = [Answer(body=b"whole", breaks_after=2), Answer(body=b"whole")]

    found = http.text(source.url)

    assert found == "whole"


def test_the_wait_that_a_source_asks_for_in_seconds_is_kept(source: Source, http: Http) -> None:
    source.answers = [Answer(429, headers={"Retry-After": "1"}), Answer()]

    http.text(source.url)

    first, second = source.asked
    assert 1.0 <= second.at_s - first.at_s < 1.5


def test_the_wait_until_a_date_is_measured_by_the_clock_of_the_source(
    source: Source, http: Http
) -> None:
    date, until = "Fri, 01 Mar 2024 15:00:00 GMT", "Fri, 01 Mar 2024 15:00:01 GMT"
    source.answers = [Answer(503, headers={"Date": date, "Retry-After": until}), Answer()]

    http.text(source.url)

    first, second = source.asked
    assert 1.0 <= second.at_s - first.at_s < 1.5


def test_a_wait_longer_than_the_patience_is_not_begun(source: Source, http: Http) -> None:
    source.answers = [Answer(429, headers={"Retry-After": "3600"})]

    with pytest.raises(FeedError, match="429 Too Many Requests after 1 try in 0 s") as caught:
        http.text(source.url)

    assert caught.value.exit_code == 3


@pytest.mark.usefixtures("in_haste")
def test_after_the_last_try_the_sentence_says_to_try_again_later(
    source: Source, http: Http
) -> None:
    source.answers = [Answer(429)] * 5

    with pytest.raises(FeedError) as caught:
        http.text(f"{source.url}/trades", key=SECRET)

    said = "deribit_trades: 429 Too Many Requests after 5 tries in 0 s at 127.0.0.1"
    assert str(caught.value) == f"{said}; try again later"
    assert caught.value.exit_code == 3


@pytest.mark.usefixtures("in_haste")
def test_nobody_listening_is_worth_trying_again(http: Http) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(
        FeedError, match=r"refused after 5 tries in \d s at 127\.0\.0\.1; t"
    ) as caught:
        http.text(f"http://127.0.0.1:{port}/trades", key=SECRET)

    assert caught.value.exit_code == 3


def test_a_wrong_request_is_not_repeated(source: Source, http: Http) -> None:
    source.answers = [Answer(400, b"no\n such thing " + b"x" * 100)]

    with pytest.raises(FeedError) as caught:
        http.text(f"{source.url}/trades", kind="option")

    said = "deribit_trades: 400 Bad Request from 127.0.0.1/trades, which says"
    assert str(caught.value) == f"{said} 'no such thing {'x' * 66}'"
    assert (caught.value.exit_code, len(source.asked)) == (1, 1)


@pytest.mark.parametrize("status", [401, 403])
def test_a_block_is_no_absence(source: Source, http: Http, status: int) -> None:
    source.answers = [Answer(status, b"Request Rate Threshold Exceeded")]

    with pytest.raises(FeedError, match="the source refused, which is no absence") as caught:
        http.download(f"{source.url}/file.zip", absent=("AccessDenied",))

    assert (caught.value.exit_code, len(source.asked)) == (1, 1)


def test_a_403_with_the_mark_of_absence_is_no_file(source: Source, http: Http) -> None:
    source.answers = [Answer(403, b"<Error><Code>AccessDenied</Code></Error>")]

    found = http.download(f"{source.url}/file.zip", absent=("AccessDenied",))

    assert found is None


REFUSALS = (Refusal("Too Fast", "wait", True), Refusal("Unknown", "say who you are"))


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_the_mark_of_a_refusal_stops_at_once_whatever_the_status(
    source: Source, http: Http, status: int
) -> None:
    source.answers = [Answer(status, b"<title>Too Fast</title>")]

    with pytest.raises(FeedError) as caught:
        http.download(f"{source.url}/file.txt", absent=("Denied",), refusals=REFUSALS)

    assert str(caught.value) == "deribit_trades: 127.0.0.1 says 'Too Fast'; wait"
    assert (caught.value.exit_code, len(source.asked)) == (3, 1)


def test_a_refusal_says_whether_trying_again_helps(source: Source, http: Http) -> None:
    source.answers = [Answer(403, b"<title>Unknown</title>")]

    with pytest.raises(FeedError, match="says 'Unknown'; say who you are") as caught:
        http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    assert caught.value.exit_code == 1


def test_a_refusal_in_place_of_a_file_leaves_none_of_it(source: Source, http: Http) -> None:
    source.answers = [Answer(200, b"Too Fast", MARKS), Answer(200, BYTES, MARKS)]
    with pytest.raises(FeedError, match="Too Fast"):
        http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    found = http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    assert source.asked[1].headers["Range"] is None
    assert found is not None
    assert found.path.read_bytes() == BYTES


def test_the_words_of_a_refusal_deep_in_a_file_are_its_own(source: Source, http: Http) -> None:
    body = BYTES + b"Too Fast"
    source.answers = [Answer(200, body)]

    found = http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    assert found is not None
    assert found.path.read_bytes() == body


def test_a_404_is_no_file(source: Source, http: Http) -> None:
    source.answers = [Answer(404)]

    found = http.download(f"{source.url}/file.zip")

    assert found is None


def test_a_404_where_text_was_asked_stops(source: Source, http: Http) -> None:
    source.answers = [Answer(404, b"gone")]

    with pytest.raises(FeedError, match=r"404 Not Found from 127\.0\.0\.1/list, which says 'gone'"):
        http.text(f"{source.url}/list")


def test_what_is_no_json_stops(source: Source, http: Http) -> None:
    source.answers = [Answer(body=b"<html>maintenance</html>")]

    with pytest.raises(FeedError) as caught:
        http.json(f"{source.url}/trades", key=SECRET)

    said = "deribit_trades: no JSON from 127.0.0.1/trades, which says '<html>maintenance</html>'"
    assert str(caught.value) == said
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("status", [200, 400, 403])
def test_a_body_that_repeats_the_query_does_not_show_it(
    source: Source, http: Http, status: int
) -> None:
    source.answers = [Answer(status, b"no plan for /trades?key=" + SECRET.encode())]

    with pytest.raises(FeedError) as caught:
        http.json(f"{source.url}/trades?key={SECRET}")

    assert "no plan for /trades?key=…" in str(caught.value)


def test_a_redirect_does_not_show_the_query(source: Source, http: Http) -> None:
    source.answers = [
        Answer(302, headers={"Location": f"/other?key={SECRET}"}),
        Answer(400, SECRET.encode()),
    ]

    with pytest.raises(FeedError) as caught:
        http.json(source.url)

    assert SECRET not in str(caught.value)


def test_a_download_keeps_its_name_its_bytes_and_its_moment(source: Source, http: Http) -> None:
    source.answers = [Answer(body=BYTES, headers=MARKS)]

    found = http.download(f"{source.url}/days/2024-03-01.zip", key=SECRET)

    assert found is not None
    assert (found.path.name, found.path.read_bytes()) == ("2024-03-01.zip", BYTES)
    assert found.modified_at == datetime(2024, 3, 1, 15, tzinfo=UTC)
    assert found.url == f"{source.url}/days/2024-03-01.zip"
    assert source.asked[0].headers["Accept-Encoding"] == "identity"


def test_downloads_of_one_name_never_meet(source: Source, http: Http) -> None:
    source.answers = [Answer(body=b"one"), Answer(body=b"two")]

    one = http.download(f"{source.url}/1/trades.csv")
    two = http.download(f"{source.url}/2/trades.csv")

    assert one is not None
    assert two is not None
    assert (one.path.read_bytes(), two.path.read_bytes()) == (b"one", b"two")


def test_a_download_leaves_nothing_but_the_file(source: Source, http: Http, tmp_path: Path) -> None:
    source.answers = [Answer(body=BYTES, headers=MARKS)]

    found = http.download(f"{source.url}/file.zip")

    assert found is not None
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {
        found.path,
        tmp_path / "pace.sqlite",
    }


@pytest.mark.usefixtures("in_haste")
def test_a_broken_download_goes_on_where_it_broke(source: Source, http: Http) -> None:
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000), rest(1_000)]

    found = http.download(f"{source.url}/file.zip")

    first, second = source.asked
    assert (first.headers["Range"], first.headers["If-Range"]) == (None, None)
    assert (second.headers["Range"], second.headers["If-Range"]) == ("bytes=1000-", '"one"')
    assert found is not None
    assert found.path.read_bytes() == BYTES


def test_a_later_process_goes_on_where_the_first_broke(source: Source, tmp_path: Path) -> None:
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000), Answer(429), rest(1_000)]
    once = partial(Http, "deribit_trades", contact=None, folder=tmp_path, per_second=1_000, tries=1)

    with once() as http, pytest.raises(FeedError, match="429 Too Many Requests"):
        http.download(f"{source.url}/file.zip")
    with once() as http:
        found = http.download(f"{source.url}/file.zip")

    assert source.asked[2].headers["Range"] == "bytes=1000-"
    assert found is not None
    assert found.path.read_bytes() == BYTES


def test_a_download_that_grows_is_not_given_up(source: Source, tmp_path: Path) -> None:
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
    source: Source, http: Http
) -> None:
    source.answers = [Answer(200, BYTES, MARKS, breaks_after=1_000)] * 10

    with pytest.raises(FeedError, match="after 5 tries") as caught:
        http.download(f"{source.url}/file.zip")

    assert (caught.value.exit_code, len(source.asked)) == (3, 10)


def test_no_turn_within_the_patience_is_worth_trying_again(source: Source, tmp_path: Path) -> None:
    source.answers = [Answer()]

    with Http("gdelt", contact=None, folder=tmp_path, per_second=0.1, patience_s=0.1) as http:
        http.text(source.url)
        with pytest.raises(FeedError, match="gdelt: no turn after 0 tries in 0 s at") as caught:
            http.text(source.url)

    assert caught.value.exit_code == 3


def test_a_file_that_another_downloads_is_worth_trying_again(
    source: Source, tmp_path: Path
) -> None:
    source.answers = [Answer(body=BYTES)]

    with Http("sec_13f", contact=None, folder=tmp_path, patience_s=0.1) as http:
        found = http.download(f"{source.url}/file.zip", key=SECRET)
        assert found is not None
        with Part(found.path.parent, patience_s=0.1), pytest.raises(FeedError) as caught:
            http.download(f"{source.url}/file.zip", key=SECRET)

    said = "sec_13f: another download of 127.0.0.1/file.zip is under way; try again later"
    assert str(caught.value) == said
    assert (caught.value.exit_code, len(source.asked)) == (3, 1)
