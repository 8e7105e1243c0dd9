"""What a hand does in the page comes as a message; what is shown changes in place."""

from typing import Any, cast

from panel.models.esm import DataEvent
from panel.models.reactive_html import DOMEvent

from panel_app.touch import Markup, Touch


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
