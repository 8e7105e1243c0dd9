"""Where a view's rows come from, in columns."""

from panel_app.lineage import lineage
from tests.doors import catalog


def test_no_arrow_points_left_and_each_name_stands_once() -> None:
    found = lineage(catalog(), "detectors.options_oi_change")
    columns = {node.name: node.column for node in found.nodes}

    assert len(columns) == len(found.nodes)
    assert columns["detectors.options_oi_change"] == 0
    assert columns["raw.open_interest"] < columns["features.oi_change"] < 0
    assert all(columns[read] < columns[reader] for read, reader in found.edges)
    assert len({(node.column, node.row) for node in found.nodes}) == len(found.nodes)


def test_readers_stand_at_the_right_and_the_clock_nowhere() -> None:
    columns = {node.name: node.column for node in lineage(catalog(), "curated.alerts").nodes}

    assert columns["reports.today"] == 1
    assert "ops.clock" not in columns
