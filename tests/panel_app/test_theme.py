"""The frame has everything that it shows beside it."""

import re

import panel as pn

from panel_app import theme
from panel_app.answers import Answers
from panel_app.dashboard import found
from panel_app.paced import Paced

OUTSIDE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z]""")


def test_no_file_of_the_frame_names_another_host() -> None:
    named = {
        path.name: OUTSIDE.findall(re.sub(r"^\s*//.*", "", path.read_text(), flags=re.MULTILINE))
        for path in theme.ASSETS.iterdir()
    }

    assert {name: found for name, found in named.items() if found} == {}
    assert {"frame.html", "frame.css", "parts.css", "pages.css", "theme.js", "mark.svg"} <= set(
        named
    )


def test_every_colour_has_its_place_in_both_themes() -> None:
    sheet = (theme.ASSETS / "frame.css").read_text()
    light, dark, _ = re.findall(r":root[^{]*\{([^}]*)\}", sheet)
    sheets = "".join((theme.ASSETS / name).read_text() for name in ("parts.css", "pages.css"))
    used = set(re.findall(r"var\((--[a-z]+)\)", sheets))

    shared = {"--sans", "--mono", "--tone", "--up", "--down"}
    for colours in (light, dark):
        assert used - shared - set(re.findall(r"(--[a-z]+):", colours)) == set()


def test_the_page_that_is_open_is_marked_and_each_has_its_key(answers: Answers) -> None:
    pages = list(found().values())
    desk = pages[0].desk(Paced(answers), {"tz": "ny"})
    frame = theme.framed(pages[0], pages, desk, pn.Column())

    said = frame._render_variables
    first = f'<a href="{pages[0].address}" aria-current=page data-letter="o"'
    assert said["links"].startswith(first)
    assert said["links"].count("aria-current") == 1
    assert "<kbd>g</kbd> <kbd>o</kbd></dt><dd>Overview</dd>" in said["keys"]
    assert '<option value="ny" selected>New York</option>' in said["common"]


def test_a_sentence_stands_among_the_links_alone() -> None:
    pages = list(found().values())

    said = theme.alone(pages, "flwo: there is no such page")
    assert '<p class="banner" role="alert">flwo: there is no such page</p>' in said
    assert said.count("data-letter") == len(pages)
