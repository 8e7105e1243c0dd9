"""What is asked of a source, how often, and what its answers are taken for."""

import gzip
import json
import socket
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.http import Http, Refusal
from tests.sites import SECRET, Answer, Site


def test_the_user_agent_names_the_product_and_the_contact(source: Site, http: Http) -> None:
    source.answers = [Answer()]

    http.text(source.url)

    agent = source.asked[0].headers["User-Agent"]
    assert agent.startswith("leadline/")
    assert agent.endswith(" (me@example.org)")


def test_the_user_agent_without_a_contact_is_only_the_product(source: Site, tmp_path: Path) -> None:
    source.answers = [Answer()]

    with Http("deribit_trades", contact=None, folder=tmp_path) as http:
        http.text(source.url)

    agent = source.asked[0].headers["User-Agent"]
    assert agent.startswith("leadline/")
    assert " " not in agent


def test_numbers_with_a_fraction_are_decimals(source: Site, http: Http) -> None:
    source.answers = [Answer(body=b'{"price": 0.1000, "size": 3}')]

    found = http.json(source.url)

    assert str(found) == str({"price": Decimal("0.1000"), "size": 3})


@pytest.mark.parametrize("packing", ["identity", "gzip"])
def test_an_answer_larger_than_any_real_one_is_refused(
    source: Site, tmp_path: Path, packing: str
) -> None:
    body = b"[" + b" " * (3 << 20)
    packed = body if packing == "identity" else gzip.compress(body)
    source.answers = [Answer(body=packed, headers={"Content-Encoding": packing})]

    with (
        Http("deribit_trades", contact=None, folder=tmp_path, most=(2 << 20, 1)) as http,
        pytest.raises(FeedError, match=r"deribit_trades: over 2 MiB from 127\.0\.0\.1/, and no"),
    ):
        http.json(f"{source.url}/")


def test_a_file_larger_than_any_real_one_is_not_taken(source: Site, tmp_path: Path) -> None:
    source.answers = [Answer(body=b" " * (3 << 20))]

    with (
        Http("deribit_trades", contact=None, folder=tmp_path, most=(1, 2 << 20)) as http,
        pytest.raises(FeedError, match=r"127\.0\.0\.1/file: over 2 MiB; look at what it sends"),
    ):
        http.download(f"{source.url}/file")


def test_a_query_joins_the_one_in_the_url_and_leaves_none_out(source: Site, http: Http) -> None:
    source.answers = [Answer()]

    http.json(f"{source.url}/trades?kind=option", count=1_000, is_new=True, page=None)

    assert source.asked[0].path == "/trades?kind=option&count=1000&is_new=true"


def test_hosts_of_one_source_share_its_pace(source: Site, tmp_path: Path) -> None:
    source.answers = [Answer(), Answer()]
    other = source.url.replace("127.0.0.1", "localhost")

    with Http(
        "sec_13f", contact=None, folder=tmp_path, per_second=0.1, source="sec.gov", patience_s=0.1
    ) as http:
        http.text(source.url)
        with pytest.raises(FeedError, match="no turn after 0 tries"):
            http.text(other)

    assert len(source.asked) == 1


def test_a_refusal_with_a_rest_keeps_others_of_the_source_away(
    source: Site, http: Http, tmp_path: Path
) -> None:
    source.answers = [Answer(403, b"too fast")]
    rest = Refusal("too fast", "wait", True, timedelta(minutes=10))
    with pytest.raises(FeedError, match="says 'too fast'; wait"):
        http.download(f"{source.url}/file", refusals=(rest,))

    with (
        Http("another", contact=None, folder=tmp_path) as other,
        pytest.raises(FeedError, match="said 'too fast' and is left alone until 2") as told,
    ):
        other.text(source.url)

    assert (told.value.exit_code, len(source.asked)) == (3, 1)


def test_requests_and_bytes_are_counted(source: Site, http: Http) -> None:
    source.answers = [Answer(body=b"12345"), Answer(body=b"678")]

    http.text(source.url)
    http.download(f"{source.url}/file")

    assert (http.requests, http.bytes) == (2, 8)


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_source_is_asked_again(source: Site, http: Http, status: int) -> None:
    source.answers = [Answer(status), Answer(status), Answer(body=b"done")]

    found = http.text(source.url)

    assert found == "done"
    assert len(source.asked) == 3


@pytest.mark.usefixtures("in_haste")
def test_a_truncated_body_is_asked_for_again(source: Site, http: Http) -> None:
    source.answers = [Answer(body=b"whole", breaks_after=2), Answer(body=b"whole")]

    found = http.text(source.url)

    assert found == "whole"


def test_the_wait_that_a_source_asks_for_in_seconds_is_kept(source: Site, http: Http) -> None:
    source.answers = [Answer(429, headers={"Retry-After": "1"}), Answer()]

    http.text(source.url)

    first, second = source.asked
    assert 1.0 <= second.at_s - first.at_s < 1.5


def test_the_wait_until_a_date_is_measured_by_the_clock_of_the_source(
    source: Site, http: Http
) -> None:
    date, until = "Fri, 01 Mar 2024 15:00:00 GMT", "Fri, 01 Mar 2024 15:00:01 GMT"
    source.answers = [Answer(503, headers={"Date": date, "Retry-After": until}), Answer()]

    http.text(source.url)

    first, second = source.asked
    assert 1.0 <= second.at_s - first.at_s < 1.5


def test_a_wait_longer_than_the_patience_is_not_begun(source: Site, http: Http) -> None:
    source.answers = [Answer(429, headers={"Retry-After": "3600"})]

    with pytest.raises(FeedError, match="429 Too Many Requests after 1 try in 0 s") as caught:
        http.text(source.url)

    assert caught.value.exit_code == 3


@pytest.mark.usefixtures("in_haste")
def test_after_the_last_try_the_sentence_says_to_try_again_later(source: Site, http: Http) -> None:
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


def test_a_wrong_request_is_not_repeated(source: Site, http: Http) -> None:
    source.answers = [Answer(400, b"no\n such thing " + b"x" * 100)]

    with pytest.raises(FeedError) as caught:
        http.text(f"{source.url}/trades", kind="option")

    said = "deribit_trades: 400 Bad Request from 127.0.0.1/trades, which says"
    assert str(caught.value) == f"{said} 'no such thing {'x' * 66}'"
    assert (caught.value.exit_code, len(source.asked)) == (1, 1)


@pytest.mark.parametrize("status", [401, 403])
def test_a_block_is_no_absence(source: Site, http: Http, status: int) -> None:
    source.answers = [Answer(status, b"Request Rate Threshold Exceeded")]

    with pytest.raises(FeedError, match="the source refused, which is no absence") as caught:
        http.download(f"{source.url}/file.zip", absent=("AccessDenied",))

    assert (caught.value.exit_code, len(source.asked)) == (1, 1)


def test_a_403_with_the_mark_of_absence_is_no_file(source: Site, http: Http) -> None:
    source.answers = [Answer(403, b"<Error><Code>AccessDenied</Code></Error>")]

    found = http.download(f"{source.url}/file.zip", absent=("AccessDenied",))

    assert found is None


REFUSALS = (Refusal("Too Fast", "wait", True), Refusal("Unknown", "say who you are"))


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_the_mark_of_a_refusal_stops_at_once_whatever_the_status(
    source: Site, http: Http, status: int
) -> None:
    source.answers = [Answer(status, b"<title>Too Fast</title>")]

    with pytest.raises(FeedError) as caught:
        http.download(f"{source.url}/file.txt", absent=("Denied",), refusals=REFUSALS)

    assert str(caught.value) == "deribit_trades: 127.0.0.1 says 'Too Fast'; wait"
    assert (caught.value.exit_code, len(source.asked)) == (3, 1)


def test_a_refusal_says_whether_trying_again_helps(source: Site, http: Http) -> None:
    source.answers = [Answer(403, b"<title>Unknown</title>")]

    with pytest.raises(FeedError, match="says 'Unknown'; say who you are") as caught:
        http.download(f"{source.url}/file.txt", refusals=REFUSALS)

    assert caught.value.exit_code == 1


def test_a_404_where_text_was_asked_stops(source: Site, http: Http) -> None:
    source.answers = [Answer(404, b"gone")]

    with pytest.raises(FeedError, match=r"404 Not Found from 127\.0\.0\.1/list, which says 'gone'"):
        http.text(f"{source.url}/list")


def test_what_is_no_json_stops(source: Site, http: Http) -> None:
    source.answers = [Answer(body=b"<html>maintenance</html>")]

    with pytest.raises(FeedError) as caught:
        http.json(f"{source.url}/trades", key=SECRET)

    said = "deribit_trades: no JSON from 127.0.0.1/trades, which says '<html>maintenance</html>'"
    assert str(caught.value) == said
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("status", [200, 400, 403])
def test_a_body_that_repeats_the_query_does_not_show_it(
    source: Site, http: Http, status: int
) -> None:
    source.answers = [Answer(status, b"no plan for /trades?key=" + SECRET.encode())]

    with pytest.raises(FeedError) as caught:
        http.json(f"{source.url}/trades?key={SECRET}")

    assert "no plan for /trades?key=…" in str(caught.value)


def test_a_redirect_does_not_show_the_query(source: Site, http: Http) -> None:
    source.answers = [
        Answer(302, headers={"Location": f"/other?key={SECRET}"}),
        Answer(400, SECRET.encode()),
    ]

    with pytest.raises(FeedError) as caught:
        http.json(source.url)

    assert SECRET not in str(caught.value)


def test_keys_are_headers_that_no_redirect_takes_elsewhere(source: Site, http: Http) -> None:
    source.answers = [
        Answer(body=b"{}"), Answer(302, SECRET.encode(), {"Location": "/other"}), Answer(),
    ]  # fmt: skip

    http.keys = {"X-Key": SECRET, "Authorization": f"Bearer {SECRET}"}
    http.json(source.url)
    with pytest.raises(FeedError, match=r"302 Found from .* says '…'") as caught:
        http.download(f"{source.url}/file")

    first, second = source.asked
    assert first.headers["X-Key"] == SECRET
    assert second.headers["Authorization"] == f"Bearer {SECRET}"
    assert SECRET not in str(caught.value)


def test_a_body_is_sent_as_json_and_its_answer_comes_with_its_headers(
    source: Site, http: Http
) -> None:
    source.answers = [Answer(body=b'[{"shares": 0.50}]', headers={"Record-Total": "1"})]

    found = http.post(f"{source.url}/data", {"limit": 5_000, "offset": 0})

    (asked,) = source.asked
    assert json.loads(asked.body) == {"limit": 5_000, "offset": 0}
    assert asked.headers["Content-Type"] == asked.headers["Accept"] == "application/json"
    assert str(found.said) == str([{"shares": Decimal("0.50")}])
    assert found.headers["record-total"] == "1"


@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_answer_to_a_body_says_nothing(source: Site, http: Http, status: int) -> None:
    source.answers = [Answer(status, b"")]

    assert http.post(source.url, {}).said is None


@pytest.mark.usefixtures("in_haste")
def test_a_body_is_sent_again_whole_where_the_source_is_busy(source: Site, http: Http) -> None:
    source.answers = [Answer(503), Answer(body=b"[", breaks_after=1), Answer(body=b"[]")]

    with pytest.raises(FeedError, match="no JSON"):
        http.post(source.url, {"offset": 1})
    found = http.post(source.url, {"offset": 2})

    assert found.said == []
    assert [json.loads(asked.body)["offset"] for asked in source.asked] == [1, 1, 2]


def test_a_body_is_not_lost_on_another_way(source: Site, http: Http) -> None:
    source.answers = [Answer(302, headers={"Location": "/other"})]

    with pytest.raises(FeedError, match=r"302 Found from 127\.0\.0\.1/data"):
        http.post(f"{source.url}/data", {})

    assert len(source.asked) == 1
