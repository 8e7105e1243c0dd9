"""Tabs are links, of which one is the part that is shown."""

from panel_app.parts.tabs import tabs


def test_the_shown_part_is_the_current_one() -> None:
    body = tabs("Parts", "/page", "show", "two", {"one": "One", "two": "<Two>"}).html

    assert '<a href="/page?show=one">One</a>' in body
    assert '<a href="/page?show=two" aria-current=page>&lt;Two&gt;</a>' in body
