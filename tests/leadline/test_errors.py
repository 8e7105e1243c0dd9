"""Errors say what to do, and how the process ends."""

from leadline.errors import FeedError, LeadlineError, nearest


def test_an_error_ends_with_1_and_with_3_where_trying_again_may_help() -> None:
    told, later = LeadlineError("here: this; that"), FeedError("there: that", try_again=True)

    assert (told.exit_code, later.exit_code) == (1, 3)
    assert str(told) == "here: this; that"


def test_the_nearest_name_is_offered_only_where_one_is_near() -> None:
    known = ["store", "contact"]

    assert nearest("stroe", known) == "; did you mean 'store'"
    assert nearest("zebra", known) == ""
