"""SQL is told apart by its words, and is text."""

from panel_app.parts.source_text import highlighted


def test_words_strings_and_comments_are_marked() -> None:
    body = highlighted("select 'a<b' -- why\nfrom prints")

    assert '<span class="k">select</span>' in body
    assert "<span class=\"s\">'a&lt;b'</span>" in body
    assert '<span class="c">-- why' in body
