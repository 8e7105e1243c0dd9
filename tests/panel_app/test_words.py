"""What the editor completes."""

from starlette.testclient import TestClient

from panel_app.words import AT


def test_every_view_is_there_with_its_columns_and_what_they_mean(shown: TestClient) -> None:
    answer = shown.get(AT)
    said = answer.json()
    overview = said["views"]["reports.overview"]
    columns = {name: note for name, _, note in overview["columns"]}

    assert overview["what"].startswith("Alerts that stand")
    assert columns["misses"] == "what it can't see"
    assert {"raw.alerts", "ops.clock", "detectors.all_live"} <= said["views"].keys()
    assert "reports.overview_v1" not in said["views"]
    assert {"count", "date_diff"} <= set(said["functions"])


def test_a_browser_that_has_them_is_sent_nothing(shown: TestClient) -> None:
    tag = shown.get(AT).headers["etag"]
    again = shown.get(AT, headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
