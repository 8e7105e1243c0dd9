"""A replay is told as the same, as another, or as none."""

from typing import Any

import pytest

from leadline.catalog import DETECTOR
from leadline.replay import Replay
from panel_app.parts.evidence import replay_said

TOLD: dict[str, Any] = dict.fromkeys([*DETECTOR, "severity"], "x")


@pytest.mark.parametrize(
    ("again", "is_same_text", "said"),
    [
        (TOLD, True, "It fires again, the same.</p>"),
        (TOLD, False, "the same. The text of its views is no longer what it was."),
        (None, True, "It does not fire again."),
        ({**TOLD, "score": "<y>"}, True, "<td>x</td><td>&lt;y&gt;</td>"),
    ],
)
def test_a_replay_is_told(again: dict[str, Any] | None, is_same_text: bool, said: str) -> None:
    assert said in replay_said(Replay(TOLD, again, is_same_text))
