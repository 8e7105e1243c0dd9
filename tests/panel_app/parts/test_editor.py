"""The editor of SQL; what it does is tried in a browser."""

from panel_app.parts.editor import editor


def test_it_begins_as_it_is_told() -> None:
    made = editor(sql="select 1", binds="n=1", runs=False)

    assert (made.sql, made.binds, made.runs, made.running, made.mark) == (
        "select 1", "n=1", False, False, 0,
    )  # fmt: skip
