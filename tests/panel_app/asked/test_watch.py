"""Every question of the page names views that are there and settings that it has."""

from panel_app.asked import watch
from tests.questions import questions, strangers, unfilled


def test_it_asks_views_that_are_there() -> None:
    assert len(questions(watch)) > 2
    assert strangers(watch) == {}


def test_what_is_filled_in_is_a_setting_of_the_page() -> None:
    assert unfilled(watch, "watch") == {}
