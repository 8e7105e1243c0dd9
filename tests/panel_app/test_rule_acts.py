"""The buttons of the editor check, try, save and switch a rule."""

import asyncio
from pathlib import Path
from typing import Any

from panel_app.dashboard import found
from panel_app.paced import Paced
from panel_app.parts.rule_editor import RuleEditor
from panel_app.rule_acts import act_on_rules
from tests.dashboards import answering

GOOD = 'of = "options.sweep"\n'


def test_a_rule_goes_from_a_text_to_a_file(tmp_path: Path) -> None:
    with answering(tmp_path / "store") as answers:
        desk = found()["alerts"].desk(Paced(answers), {})
        editor = RuleEditor(tmp_path)
        act_on_rules(desk, editor, tmp_path)

        def press(does: str, **said: Any) -> str:
            asyncio.run(desk._heard[does]({"do": does, "name": "big", **said}))
            return editor.said.html

        assert "which is no view" in press("save", rule='of = "options.swep"')
        assert "<li>" in press("preview", rule="of = 3")
        assert not (tmp_path / "rules").exists()
        assert "Nothing is wrong" in press("check", rule=GOOD)
        assert "<b>0</b> alerts" in press("preview", rule=GOOD, days="1")
        assert "is saved" in press("save", rule=GOOD, mark="")
        assert (tmp_path / "rules/big.toml").read_text() == GOOD
        assert desk.settings["edit"] == "big"
        assert "there is such a rule already" in press("save", rule=GOOD, mark="")
        mark = editor.markup.html.split('name="mark" value="')[1].split('"')[0]
        assert "is off" in press("disable", mark=mark)
        assert not (tmp_path / "rules/big.toml").exists()
        assert ">Enable</button>" in editor.markup.html
        assert "is on again" in press("enable", mark=mark)
