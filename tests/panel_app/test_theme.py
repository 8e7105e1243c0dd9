"""The frame has everything that it shows beside it."""

import re

import panel as pn

from panel_app import theme

OUTSIDE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z]""")


def test_no_file_of_the_frame_names_another_host() -> None:
    named = {
        path.name: OUTSIDE.findall(path.read_text().replace("// The theme", ""))
        for path in theme.ASSETS.iterdir()
    }

    assert {name: found for name, found in named.items() if found} == {}
    assert {"frame.html", "frame.css", "parts.css", "theme.js", "mark.svg"} <= set(named)


def test_every_colour_has_its_place_in_both_themes() -> None:
    sheet = (theme.ASSETS / "frame.css").read_text()
    light, dark = re.findall(r":root[^{]*\{([^}]*)\}", sheet)
    used = set(re.findall(r"var\((--[a-z]+)\)", (theme.ASSETS / "parts.css").read_text()))

    shared = {"--sans", "--mono", "--tone"}
    for colours in (light, dark):
        assert used - shared - set(re.findall(r"(--[a-z]+):", colours)) == set()


def test_the_page_that_is_open_is_marked() -> None:
    frame = theme.framed("/b", {"/": "A", "/b": "B & C"}, pn.Column(), pn.Column())

    links = frame._render_variables["links"]
    assert links == '<a href="/">A</a><a href="/b" aria-current=page>B &amp; C</a>'
