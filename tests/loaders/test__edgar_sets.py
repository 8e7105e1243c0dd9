"""A page of the SEC links its data sets; of each window the newest issue is fetched, once."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.store import Store
from loaders import _edgar, sec_insider_datasets
from loaders._edgar_sets import newest
from tests.edgar import SETS, Edgar
from tests.loaders.test_sec_insider_datasets import zipped
from tests.sites import answering
from tests.stores import ask

SPAN = Span(datetime(2023, 12, 1, tzinfo=UTC), datetime(2024, 1, 10, tzinfo=UTC))


def test_the_newest_issue_of_each_window_is_taken() -> None:
    links = re.findall(r'href="(\S+/(\S+?)_form13f(?:_(\d+))?\.zip)"', SETS.format("13f"))

    assert newest(links) == {
        date(2023, 12, 31): "/files/a/2023q4_form13f.zip",
        date(2025, 2, 28): "/files/b/01dec2024-28feb2025_form13f_1.zip",
    }


def test_a_window_without_a_day_is_none() -> None:
    assert newest([("/files/latest_form345.zip", "latest", "")]) == {}


def test_a_quarter_that_ended_in_the_span_is_fetched_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        answering(Edgar()) as site,
        Http("x", contact="me@example.org", folder=tmp_path, per_second=1_000) as http,
    ):
        monkeypatch.setattr(sec_insider_datasets, "PAGE", f"{site.url}/sets")
        monkeypatch.setattr(_edgar, "SITE", site.url)
        site.files["/sets"] = SETS.format("345").encode()
        path = zipped(tmp_path, "2023q4_form345.zip")
        site.files["/files/a/2023q4_form345.zip"] = path.read_bytes()
        for _ in range(2):
            list(over_network("sec_insider_datasets", sec_insider_datasets, store, SPAN, http))

        assert site.names == ["sets", "2023q4_form345.zip", "sets"]
    assert len(ask(store.place, "raw.insider_filings")) == 2


def test_a_page_that_links_none_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        answering(Edgar()) as site,
        Http("x", contact="me@example.org", folder=tmp_path, per_second=1_000) as http,
    ):
        monkeypatch.setattr(sec_insider_datasets, "PAGE", f"{site.url}/sets")
        site.files["/sets"] = b"<html>moved</html>"

        with pytest.raises(FeedError, match="it links no data set; look at it, then run again"):
            list(over_network("sec_insider_datasets", sec_insider_datasets, store, SPAN, http))
