"""What nobody knows is said with the nearest name, and nothing else is."""

import pyarrow as pa

from panel_app.parts.misnamed import Misnamed


def test_each_unknown_name_has_its_sentence() -> None:
    part = Misnamed()
    part.take(
        pa.table(
            {
                "setting": ["detector", "rule"], "said": ["options.swep", "<x>"],
                "known": [["options.sweep"], [None]],
            }
        )
    )  # fmt: skip

    assert "did you mean &#x27;options.sweep&#x27;" in part.markup.html
    assert "&lt;x&gt;&#x27;; clear it to see all" in part.markup.html
    part.take(pa.table({"setting": [], "said": [], "known": []}))
    assert part.markup.html == ""
