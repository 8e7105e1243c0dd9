"""The API answers every view in any form, and says in one sentence what it can't."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from tests.dashboards import client
from tests.desks import small_desk

TOPS = "/api/raw.book_tops?columns=update_id,best_bid,known_at&order=update_id"
ROWS = [(n, 61_000.0 + n) for n in range(25)]


def said(shown: TestClient, address: str) -> Any:
    answer = shown.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pairs(table: pa.Table) -> list[tuple[Any, ...]]:
    return [(row["update_id"], row["best_bid"]) for row in table.to_pylist()]


def test_json_and_its_lines_hold_every_row(shown: TestClient) -> None:
    rows = said(shown, TOPS)
    lines = shown.get(f"{TOPS}&format=jsonl").text.splitlines()

    assert [(row["update_id"], row["best_bid"]) for row in rows] == ROWS
    assert [json.loads(line) for line in lines] == rows
    assert rows[0]["known_at"].startswith("2024-03-05T11:59:30")


def test_csv_parquet_and_arrow_are_read_back_equal(shown: TestClient) -> None:
    csv = pyarrow.csv.read_csv(io.BytesIO(shown.get(f"{TOPS}&format=csv").content))
    parquet = pq.read_table(io.BytesIO(shown.get(f"{TOPS}&format=parquet").content))
    arrow = pa.ipc.open_stream(shown.get(f"{TOPS}&format=arrow").content).read_all()

    assert pairs(csv) == pairs(parquet) == pairs(arrow) == ROWS
    assert parquet.equals(arrow)


def test_a_sheet_is_read_back_equal_and_is_a_file_to_keep(shown: TestClient) -> None:
    answer = shown.get(f"{TOPS}&format=xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [tuple(row[:2]) for row in rows[1:]] == ROWS
    assert answer.headers["content-disposition"] == 'attachment; filename="raw.book_tops.xlsx"'


def test_an_answer_says_how_it_was_made(shown: TestClient) -> None:
    asked = "/api/raw.book_tops?update_id__lt=3&until=2024-03-05T11:59:45Z"
    parquet, arrow = (shown.get(f"{asked}&format={form}") for form in ("parquet", "arrow"))

    said = json.loads(pq.read_metadata(io.BytesIO(parquet.content)).metadata[b"leadline"])
    begun = json.loads(pa.ipc.open_stream(arrow.content).schema.metadata[b"leadline"])
    assert said["sql"].startswith("select * from raw.book_tops where")
    assert (said["binds"], said["n_rows"], said["is_whole"]) == ({"v0": "3"}, 3, True)
    assert begun == {key: said[key] for key in begun}
    assert arrow.headers["leadline-store-version"] == str(said["store_version"])
    assert arrow.headers["leadline-as-of"] == said["recorded_until"]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "parquet", "arrow", "xlsx"])
def test_the_same_question_has_the_same_bytes(shown: TestClient, form: str) -> None:
    asked = f"/api/raw.book_tops?until=2024-03-05T11:59:59Z&format={form}"

    assert shown.get(asked).content == shown.get(asked).content


def test_rows_may_be_left_as_they_come(shown: TestClient) -> None:
    answer = shown.get("/api/raw.book_tops?order=any&columns=update_id")

    assert answer.headers["leadline-order"] == "any"
    assert sorted(row["update_id"] for row in answer.json()) == list(range(25))


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("severity=high", ["new"]),
        ("severity__ne=high", ["old"]),
        ("score__gte=25&score__lt=62.5", ["old"]),
        ("score__in=25,62.5&order=score", ["old", "new"]),
        ("order=-score", ["new", "old"]),
        ("order=-notional_usd,score", ["new", "old"]),
        ("order=score&offset=1", ["new"]),
        ("order=score&limit=1", ["old"]),
        ("fired_at__gt=2024-03-04", ["new"]),
        ("fired_at__gt=2024-03-04T00:00Z&is_late=false", ["new"]),
        ("entity__eq=SPX&limit=0", []),
        ("notional_usd__null=true", ["old"]),
        ("notional_usd__null=false", ["new"]),
        ("entity=SPX' or '1'='1", []),
    ],
)
def test_a_column_filters_and_orders(shown: TestClient, asked: str, keys: list[str]) -> None:
    rows = said(shown, f"/api/alerts?{asked}")

    assert [row["alert_key"].split("|")[2] for row in rows] == keys


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ("/api/curated.alrts", 404, "there is no such view; did you mean 'curated.alerts'"),
        ("/api/curated.alerts; drop table x", 404, "there is no such view"),
        ("/api/alerts?severty=high", 422, "no column 'severty'; did you mean 'severity'"),
        ("/api/alerts?score__near=1", 422, "no column 'score__near'; did you mean"),
        ("/api/alerts?columns=entity,1 as x", 422, "no column '1 as x'"),
        ("/api/alerts?order=score desc", 422, "no column 'score desc'"),
        ("/api/alerts?score=high", 422, "score: 'high' is not a number"),
        ("/api/alerts?score__in=1,", 422, "score__in: '' is not a number"),
        ("/api/alerts?notional_usd__null=0", 422, "notional_usd__null: '0' is neither true nor"),
        ("/api/alerts?score=1&score=2", 422, "score: it stands there twice"),
        ("/api/alerts?columns=entity,entity", 422, "columns: 'entity' stands there twice"),
        ("/api/alerts?order=score,-score", 422, "order: 'score' stands there twice"),
        ("/api/raw.loads?datasets=x", 422, "datasets: Type VARCHAR with value 'x' can't be cast"),
        ("/api/alerts?as_of=2124-03-05", 422, "as_of: 2124-03-05 00:00:00Z is after"),
        ("/api/alerts?cursor=here", 422, "cursor: it is not whole"),
        ("/api/alerts?format=jsn", 422, "'jsn' is none of json"),
        ("/api/alerts?format=table", 422, "'table' is none of json"),
        ("/api/alerts?since=yesterday", 422, "since: 'yesterday' is no moment"),
        ("/api/alerts?until=2024-03-05T12:00:01Z", 422, "until: 2024-03-05 12:00:01Z is after"),
        ("/api/alerts?since=2024-03-06", 422, "span: 2024-03-06 00:00:00Z is not before"),
        ("/api/alerts?limit=-1", 422, "limit: '-1' is no count"),
        ("/api/alerts?limit=1;", 422, "limit: '1;' is no count"),
        ("/api/alerts?limit=1&limit=2", 422, "limit: it stands there twice"),
        ("/api/features.short_share", 503, "it holds no sessions; run leadline load sessions"),
        ("/nothing", 404, "GET /nothing: there is nothing here"),
    ],
)
def test_what_can_not_be_answered_is_said_in_one_sentence(
    shown: TestClient, asked: str, status: int, sentence: str
) -> None:
    answer = shown.get(asked)

    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert sentence in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_what_is_not_asked_for_twice_is_in_the_order_of_the_view(shown: TestClient) -> None:
    (row, *_) = said(shown, "/api/alerts?columns=severity,alert_key")

    assert list(row) == ["severity", "alert_key"]


def test_an_earlier_end_answers_as_it_was_known_then(shown: TestClient) -> None:
    rows = said(shown, "/api/alerts?until=2024-03-05")
    span = "since=2024-03-05T11:59:40Z&until=2024-03-05T11:59:45Z"
    answer = shown.get(f"/api/raw.book_tops?{span}&order=update_id")

    assert [row["severity"] for row in rows] == ["low"]
    assert answer.headers["leadline-until"] == "2024-03-05T11:59:45+00:00"
    assert [row["update_id"] for row in answer.json()] == [10, 11, 12, 13, 14]


def test_the_list_names_every_view_with_its_address(shown: TestClient) -> None:
    found = {each["view"]: each for each in said(shown, "/api")}

    assert found["reports.overview"]["address"] == "/api/alerts"
    assert found["curated.alerts"]["address"] == "/api/curated.alerts"
    assert found["raw.book_tops"]["what"].startswith("The top of order books")
    for each in list(found.values())[::10]:
        assert shown.get(f"{each['address']}?limit=0").status_code in (200, 503), each


def test_a_pinned_version_and_the_union_of_alerts_have_an_address(shown: TestClient) -> None:
    assert len(said(shown, "/api/curated.alerts_v1")) == 2
    assert said(shown, "/api/ops.views?view=options.oi_change&columns=version") == [{"version": 1}]


def test_the_description_page_loads_nothing_from_outside(shown: TestClient) -> None:
    import re

    for page in ("/docs", "/redoc"):
        text = shown.get(page).text
        assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text) == []
        for address in re.findall(r"""(?:src|href)=["'](/[^"']+)""", text):
            assert shown.get(address).status_code == 200, address


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_only_get_is_answered(shown: TestClient, method: str) -> None:
    answer = shown.request(method, "/api/alerts")

    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_a_question_that_takes_too_long_is_stopped_and_said(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.write(
        "sql/views/curated/slow.v1.sql",
        "-- what:    Never ready.\n-- grain:   one row\n-- status:  live\n\n"
        "select sum(hash(range)) as total  -- of very many\nfrom range(100_000_000_000)\n",
    )
    now = datetime.fromisoformat("2024-03-05T12:00Z")

    with client(desk.root / "store", now, desk.root, limit_s=0.3) as asking:
        answer = asking.get("/api/curated.slow")

    assert answer.status_code == 504
    assert answer.json() == {"error": "query: stopped after 0.3 s; ask for less"}


def test_a_view_with_a_route_answers_at_its_name_too_and_the_newest_alert_comes_first(
    shown: TestClient,
) -> None:
    routed, named = (said(shown, f"/api/{name}") for name in ("alerts", "reports.overview"))

    assert routed == named
    assert [row["alert_key"].split("|")[2] for row in named] == ["new", "old"]


def test_the_metrics_stand_beside_the_api(shown: TestClient) -> None:
    answer = shown.get("/metrics")

    assert answer.status_code == 200
    assert "\nleadline_up 1.0\n" in answer.text
