"""A part shows one answer or one sentence, and touches only what has changed."""

from zoneinfo import ZoneInfo

import panel as pn
import pyarrow as pa

from leadline.errors import QueryError
from panel_app.parts.part import ASKING, DOWN, UP, Look, Part


class Counted(Part):
    """Shows how many rows there are, and counts how often it does."""

    n_shown = 0

    def panes(self) -> list[object]:
        return [pn.Column()]

    def show(self, rows: pa.Table) -> str:
        self.n_shown += 1
        return f"<p>{rows.num_rows} in {self.look.zone}</p>"


ONE = pa.table({"n": [1]})


def test_it_says_that_it_asks_until_there_is_an_answer() -> None:
    part = Counted()

    before = part.markup.html
    part.take(ONE)
    assert (before, part.markup.html) == (ASKING, "<p>1 in UTC</p>")


def test_an_error_stands_in_its_place_until_there_is_an_answer() -> None:
    part = Counted()
    part.take(QueryError("query: <b> is no view; name one"))
    wrong, n_panes = part.markup.html, len(list(part.view))
    part.take(ONE)

    assert wrong == '<p class="error" role="alert">query: &lt;b&gt; is no view; name one</p>'
    assert (n_panes, len(list(part.view))) == (1, 2)


def test_no_rows_are_a_sentence_that_says_what_to_run() -> None:
    part = Counted("Run `leadline x`.")
    part.take(ONE)
    part.take(ONE.slice(0, 0))

    assert part.markup.html == '<p class="empty">Run <code>leadline x</code>.</p>'
    assert list(part.view) == [part.markup]


def test_the_same_answer_is_not_shown_twice_but_to_other_eyes() -> None:
    part = Counted()
    part.take(ONE)
    part.take(pa.table({"n": [1]}))
    first = part.n_shown
    part.look = Look(ZoneInfo("America/New_York"))
    part.take(ONE)

    assert (first, part.n_shown) == (1, 2)
    assert part.markup.html == "<p>1 in America/New_York</p>"


def test_who_is_used_to_red_for_up_gets_it() -> None:
    assert (Look().up, Look().down) == (UP, DOWN)
    assert (Look(is_up_red=True).up, Look(is_up_red=True).down) == (DOWN, UP)
