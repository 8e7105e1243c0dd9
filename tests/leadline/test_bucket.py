"""A bucket's objects are each listed once, and downloaded whole, whatever comes between."""

import re
import sys
from hashlib import md5
from pathlib import Path

import pytest

from leadline.bucket import Bucket, region
from leadline.errors import ConfigError, FeedError
from tests.buckets import Front, cut, error, on
from tests.sites import Answer

KEY = "trades_v1/2026/05/2026-05-22.csv.gz"
GET = f"/flatfiles/{KEY}"
BODY = bytes(range(256)) * 10_000  # more than a connection holds on its way
OTHER = BODY[::-1]


def fetched(bucket: Bucket, key: str = KEY) -> bytes:
    """Return what a listed object is once it has arrived."""
    (found,) = bucket.list(key)
    with bucket.fetched(found) as (_, download):
        return download.path.read_bytes()


def etag(body: bytes) -> str:
    return md5(body).hexdigest()


@pytest.mark.usefixtures("in_haste")
def test_a_thousand_objects_are_listed_once_each_in_their_order(
    front: Front, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "300")
    keys = [f"days/{n:04d}.gz" for n in range(1_000)]
    for key in reversed(keys):
        front.put(key, key.encode())
    front.faults = [on("continuation-token", lambda _: error(503, "SlowDown"))]

    found = list(bucket.list("days/"))

    assert [each.key for each in found] == keys
    assert (found[7].size, found[7].etag) == (12, etag(b"days/0007.gz"))
    assert (len(front.asked), bucket.requests) == (5, 5)  # 4 pages, one of them twice


def test_a_listing_begins_behind_a_key_and_ends_with_its_prefix(
    front: Front, bucket: Bucket
) -> None:
    for key in ("a/1", "a/2", "a/3", "b/1"):
        front.put(key, b"x")

    assert [each.key for each in bucket.list("a/", after="a/1")] == ["a/2", "a/3"]
    assert list(bucket.list("c/")) == []


def test_an_object_arrives_with_its_name_its_version_and_its_moment(
    front: Front, bucket: Bucket
) -> None:
    front.put(KEY, BODY)
    (listed,) = bucket.list(KEY)

    with bucket.fetched(listed) as (found, download):
        body = download.path.read_bytes()

    assert body == BODY
    assert download.path.name.endswith("-2026-05-22.csv.gz")
    assert download.url == f"{front.url}/flatfiles/{KEY}"
    assert (found.etag, found.size) == (etag(BODY), len(BODY))
    assert download.modified_at == listed.modified_at.replace(microsecond=0)
    assert bucket.bytes == len(BODY)


def test_only_the_path_names_the_bucket_and_no_sums_are_asked_for(
    front: Front, bucket: Bucket
) -> None:
    front.put(KEY, BODY)

    fetched(bucket)

    assert all(asked.path.startswith("/flatfiles") for asked in front.asked)
    names = {name.lower() for asked in front.asked for name in asked.headers}
    assert not [name for name in names if "checksum" in name]


@pytest.mark.usefixtures("in_haste")
def test_a_broken_download_goes_on_where_it_broke(front: Front, bucket: Bucket) -> None:
    front.put(KEY, BODY)
    front.faults = [on(GET, cut(2_000_000)), on(GET, lambda _: error(503, "SlowDown"))]
    (found,) = bucket.list(KEY)

    with bucket.fetched(found) as (_, download):
        body = download.path.read_bytes()

    assert body == BODY
    first, busy, last = front.gets
    assert first.headers["Range"] is None
    assert busy.headers["Range"] == last.headers["Range"]
    assert 0 < int(last.headers["Range"].removeprefix("bytes=").rstrip("-")) <= 2_000_000
    assert last.headers["If-Match"] == f'"{etag(BODY)}"'


@pytest.mark.usefixtures("in_haste")
def test_an_object_that_changed_between_two_ranges_starts_over(
    front: Front, bucket: Bucket
) -> None:
    front.put(KEY, BODY)

    def changed(said: Answer) -> Answer:
        front.put(KEY, OTHER)
        return cut(2_000_000)(said)

    front.faults = [on(GET, changed)]
    (listed,) = bucket.list(KEY)

    with bucket.fetched(listed) as (found, download):
        body = download.path.read_bytes()

    assert body == OTHER
    assert (listed.etag, found.etag) == (etag(BODY), etag(OTHER))
    assert [asked.headers["Range"] is None for asked in front.gets] == [True, False, True]


@pytest.mark.usefixtures("in_haste")
def test_a_service_that_ignores_if_match_mixes_no_two_versions(
    front: Front, bucket: Bucket
) -> None:
    front.put(KEY, BODY)
    rest = {"ETag": '"two"', "Content-Range": f"bytes 1048576-{len(BODY) - 1}/{len(BODY)}"}
    front.faults = [
        on(GET, cut(2_000_000)),
        on(GET, lambda said: Answer(206, OTHER[1_048_576:], rest)),
    ]
    (found,) = bucket.list(KEY)

    with bucket.fetched(found) as (_, download):
        body = download.path.read_bytes()

    assert body == BODY


def test_a_later_process_goes_on_where_the_first_broke(front: Front, tmp_path: Path) -> None:
    front.put(KEY, BODY)
    front.faults = [on(GET, cut(2_000_000)), on(GET, lambda _: error(503))]

    with front.opened(tmp_path, tries=1) as bucket, pytest.raises(FeedError, match="503 after 1"):
        fetched(bucket)
    with front.opened(tmp_path) as bucket:
        body = fetched(bucket)

    assert body == BODY
    assert front.gets[-1].headers["Range"] is not None


def test_a_file_goes_once_it_was_used_and_stays_where_that_broke_off(
    front: Front, bucket: Bucket, downloads: Path
) -> None:
    front.put(KEY, BODY)
    (found,) = bucket.list(KEY)

    with pytest.raises(ValueError, match="no room"), bucket.fetched(found):
        raise ValueError("no room")
    with bucket.fetched(found):
        pass

    assert len(front.gets) == 1
    assert [path for path in downloads.rglob("*") if path.is_file()] == []


def test_a_file_that_was_held_in_vain_is_not_taken_for_another_version(
    front: Front, bucket: Bucket
) -> None:
    front.put(KEY, BODY)
    (found,) = bucket.list(KEY)
    with pytest.raises(ValueError, match="no room"), bucket.fetched(found):
        raise ValueError("no room")
    front.put(KEY, OTHER)

    assert fetched(bucket) == OTHER


def test_an_object_that_another_downloads_is_worth_trying_again(
    front: Front, bucket: Bucket, downloads: Path
) -> None:
    front.put(KEY, BODY)
    (found,) = bucket.list(KEY)

    with (
        bucket.fetched(found),
        front.opened(downloads, patience_s=0.1) as other,
        pytest.raises(FeedError) as caught,
        other.fetched(found),
    ):
        pass

    assert str(caught.value).endswith(f"/{KEY} is under way; try again later")
    assert caught.value.exit_code == 3


REFUSALS = [
    (error(403, "AccessDenied"), f"refuses {KEY}, 403 AccessDenied; these keys may not read it", 1),
    (error(403), f"refuses {KEY}, 403; these keys may not read it", 1),
    (
        error(403, "InvalidAccessKeyId"),
        "does not know these keys, 403 InvalidAccessKeyId; "
        "look at LEADLINE_MASSIVE_KEY_ID and LEADLINE_MASSIVE_SECRET",
        1,
    ),
    (
        error(403, "RequestTimeTooSkewed"),
        "finds the clock of this machine wrong, 403 RequestTimeTooSkewed; set it",
        1,
    ),
    (error(404, "NoSuchKey"), f"has no {KEY} any more; run this again", 3),
    (error(404, "NoSuchBucket"), "has no bucket 'flatfiles'; look at buckets in leadline.toml", 1),
]


@pytest.mark.parametrize(("answer", "said", "code"), REFUSALS)
def test_a_refusal_is_one_sentence_and_is_not_repeated(
    front: Front, bucket: Bucket, answer: Answer, said: str, code: int
) -> None:
    front.put(KEY, BODY)
    (found,) = bucket.list(KEY)
    front.faults = [on(GET, lambda _: answer)]

    with pytest.raises(FeedError) as caught, bucket.fetched(found):
        pass

    host = front.url.removeprefix("http://")
    assert str(caught.value) == f"massive_option_trades: {host} {said}"
    assert (caught.value.exit_code, len(front.gets)) == (code, 1)


def test_another_refusal_is_told_without_the_keys(front: Front, bucket: Bucket) -> None:
    message = "Unsupported header,\n signed with AKEYID and aSecretKey"
    front.faults = [on("list", lambda _: error(400, "InvalidArgument", message))]

    with pytest.raises(FeedError) as caught:
        list(bucket.list("days/"))

    host = front.url.removeprefix("http://")
    assert str(caught.value) == (
        f"massive_option_trades: 400 InvalidArgument from {host} for days/, "
        f"which says 'Unsupported header, signed with … and …'"
    )


def test_a_page_that_is_no_listing_is_no_empty_bucket(front: Front, bucket: Bucket) -> None:
    front.faults = [on("list", lambda _: Answer(200, b"<html>log in first</html>"))]

    with pytest.raises(FeedError, match="/flatfiles answers, but with no listing"):
        list(bucket.list("days/"))


@pytest.mark.usefixtures("in_haste")
def test_a_service_that_nobody_reaches_is_worth_trying_again(front: Front, tmp_path: Path) -> None:
    place = front.place(endpoint="https://127.0.0.1:9", host="127.0.0.1:9")

    with (
        Bucket("massive_option_trades", place, folder=tmp_path) as bucket,
        pytest.raises(FeedError) as caught,
    ):
        list(bucket.list("days/"))

    said = str(caught.value)
    assert said.startswith("massive_option_trades: no answer, Cannot connect to host 127.0.0.1:9")
    assert re.search(r" after 5 tries in \d+ s at 127\.0\.0\.1:9; try again later$", said)
    assert caught.value.exit_code == 3


@pytest.mark.usefixtures("in_haste")
def test_a_service_that_stays_busy_is_left_for_later(front: Front, bucket: Bucket) -> None:
    front.faults = [on("list", lambda _: error(503, "SlowDown"))] * 5

    with pytest.raises(
        FeedError, match=r"503 SlowDown after 5 tries in \d+ s at .*; try again later"
    ):
        list(bucket.list("days/"))


def test_without_the_library_the_sentence_says_what_to_install(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)

    with pytest.raises(FeedError) as caught:
        front.opened(tmp_path)

    assert str(caught.value) == (
        "massive_option_trades: its bucket is read with s3fs, which is not here; "
        "pip install 'leadline[s3]'"
    )


def test_an_address_that_is_none_is_told(front: Front, tmp_path: Path) -> None:
    place = front.place(endpoint="https://a..b", host="a..b")

    with pytest.raises(ConfigError, match=r"^massive: https://a\.\.b/flatfiles can't be opened"):
        Bucket("massive", place, folder=tmp_path)


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("files.massive.com", "us-east-1"),
        ("s3.us-west-004.backblazeb2.com", "us-west-004"),
        ("s3-eu-west-1.amazonaws.com:443", "eu-west-1"),
        ("s3.amazonaws.com", "us-east-1"),
    ],
)
def test_a_request_is_signed_for_the_region_that_its_host_names(host: str, named: str) -> None:
    assert region(host) == named
