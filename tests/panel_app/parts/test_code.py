"""SQL in the colours of its words."""

from panel_app.parts.code import difference, highlighted


def test_words_have_their_kinds_and_text_stays_text() -> None:
    found = highlighted("select 50_000 as n, '<b>' as word -- why")

    assert '<span class="k">select</span>' in found
    assert '<span class="mf">50_000</span>' in found
    assert "&lt;b&gt;" in found
    assert '<span class="c1">-- why</span>' in found


def test_a_diff_says_what_came_and_went() -> None:
    found = difference(["@@ -1 +1 @@", "-<old>", "+new", " same"])

    assert '<span class="gone">-&lt;old&gt;\n</span>' in found
    assert '<span class="come">+new\n</span>' in found
    assert '<span class=""> same\n</span>' in found
