"""A state has a sign and a word, and a sentence its room."""

import pyarrow as pa

from panel_app.parts.states import States, state


def test_a_state_is_told_by_sign_and_word() -> None:
    assert state("STALE") == '<span class="standing bad"><i>✕</i>STALE</span>'
    assert state("<new>") == '<span class="standing calm"><i>○</i>&lt;new&gt;</span>'


def test_only_the_column_state_is_one() -> None:
    part = States("none", key=("feed",), long=("reason",))
    body = part.show(pa.table({"feed": ["LIVE"], "state": ["LIVE"], "reason": ["it comes"]}))

    assert body.count('class="standing good"') == 1
    assert '<td data-long="" class="">it comes</td>' in body
