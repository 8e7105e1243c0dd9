"""A panel's rows are taken along whole, as its page is set."""

import io

import pyarrow.parquet as pq
import pytest
from pyarrow import csv
from starlette.testclient import TestClient

AT = "/smart-money/dashboard/overview"


def test_all_rows_are_there_in_each_form(shown: TestClient) -> None:
    answers = {form: shown.get(f"{AT}/data.{form}") for form in ("csv", "parquet", "json", "arrow")}
    assert {answer.status_code for answer in answers.values()} == {200}

    table = csv.read_csv(io.BytesIO(answers["csv"].content))
    assert table["dataset"].to_pylist() == ["alerts", "book_tops"]
    assert pq.read_table(io.BytesIO(answers["parquet"].content))["n_rows"].to_pylist() == [2, 25]
    assert [row["dataset"] for row in answers["json"].json()] == ["alerts", "book_tops"]
    said = answers["csv"].headers["content-disposition"]
    assert said == 'attachment; filename="overview-data.csv"'


def test_a_stretch_that_is_shown_is_the_one_that_is_taken_along(shown: TestClient) -> None:
    now = shown.get(f"{AT}/book.json").json()
    before = shown.get(f"{AT}/book.json?at=2024-03-05T11:59:40Z").json()

    assert (len(now), len(before)) == (25, 10)


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("overveiw/data.csv", 404, "overveiw: there is no such page; did you mean 'overview'"),
        ("overview/dta.csv", 404, "dta: overview has no such panel; did you mean 'data'"),
        ("overview/data.doc", 404, "doc: it is none of "),
        ("overview/data.csv?at=noon", 422, "at: 'noon' is no moment"),
        ("overview/data.csv?att=2024", 422, "att: this page has no such setting; did you mean"),
    ],
)
def test_what_can_not_be_taken_along_is_one_sentence(
    shown: TestClient, address: str, status: int, sentence: str
) -> None:
    answer = shown.get(f"/smart-money/dashboard/{address}")

    assert answer.status_code == status
    assert answer.json()["error"].startswith(sentence)
