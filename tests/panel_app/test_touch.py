"""What a hand does in the page comes as a message; what is shown changes in place."""

from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from panel.models.esm import DataEvent
from panel.models.reactive_html import DOMEvent

from panel_app.touch import Markup, Touch, between


def test_a_message_of_the_page_is_heard() -> None:
    heard: list[Any] = []
    touch: Any = Touch
    touch = touch()
    touch.listen(heard.append)
    data, dom = cast(Any, DataEvent), cast(Any, DOMEvent)

    touch._process_event(data(model=None, data={"set": {"symbol": "AAPL"}}))
    touch._process_event(dom(model=None, node="x", data={}))
    assert heard == [{"set": {"symbol": "AAPL"}}]


def test_both_are_plain_scripts_that_load_nothing() -> None:
    for component in (Touch, Markup):
        script = component._esm.read_text()
        assert "export function render({ model })" in script
        assert "import " not in script


@given(st.text("ab<>", max_size=12), st.text("ab<>", max_size=12))
@settings(max_examples=200, deadline=None)
def test_what_is_sent_turns_the_one_into_the_other(old: str, fresh: str) -> None:
    begin, end, text = between(old, fresh)

    assert old[:begin] + text + old[end:] == fresh


def test_of_a_row_that_is_new_only_that_row_is_sent() -> None:
    rows = [f"<tr>{n}</tr>" for n in range(100)]

    begin, end, text = between("".join(rows), "".join(["<tr>new</tr>", *rows]))
    assert len(text) == len("<tr>new</tr>")
    assert begin == end


def test_what_browsers_count_otherwise_is_sent_whole() -> None:
    assert between("a", "a\N{ROCKET}b") == (0, -1, "a\N{ROCKET}b")
    assert between("\N{ROCKET}", "b") == (0, -1, "b")


def test_pieces_are_sent_once_the_browser_has_drawn_what_they_fit_into() -> None:
    markup = Markup("<p>a</p>")
    markup.html = "<p>b</p>"
    before = markup.first, markup.splice
    data = cast(Any, DataEvent)
    markup._process_event(data(model=None, data="drawn"))
    markup.html = "<p>c</p>"

    assert before == ("<p>b</p>", [])
    assert (markup.html, markup.first, markup.splice) == ("<p>c</p>", "<p>b</p>", [1, 3, 4, "c"])
