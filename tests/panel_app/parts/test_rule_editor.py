"""A rule stands in the editor as in its file, and a preview is told by day and key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from leadline import rule_file
from leadline.life import Step
from leadline.preview import Preview
from panel_app.parts.rule_editor import RuleEditor, mistakes_said, preview_said

BEGAN = datetime(2024, 3, 1, tzinfo=UTC)


def test_the_form_holds_the_chosen_rule(tmp_path: Path) -> None:
    saved = rule_file.save(tmp_path, "big", 'where = "1 < 2"\n', "")
    editor = RuleEditor(tmp_path)

    assert "where = &quot;1 &lt; 2&quot;" in editor.form("big")
    assert f'name="mark" value="{saved.mark}"' in editor.form("big")
    assert ">Disable</button>" in editor.form("big")
    assert "<code>rules/</code>" in editor.form("")
    assert "&lt;i&gt;: no such rule" in editor.form("<i>")


def test_settings_that_can_not_be_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "leadline.toml").write_text("[rules")

    assert 'class="error"' in RuleEditor(tmp_path).form("")


def test_rules_of_the_settings_are_edited_there(tmp_path: Path) -> None:
    (tmp_path / "leadline.toml").write_text('[rules.high]\nof = "prices.high"\n')
    body = RuleEditor(tmp_path).form("high")

    assert "of = &quot;prices.high&quot;" in body
    assert "is edited there" in body
    assert "Disable" not in body


def test_a_preview_says_how_often_on_which_day_and_of_what() -> None:
    steps = [
        Step("big", "<T>", "fired", BEGAN + timedelta(hours=n), BEGAN, 1, "high", f"sold {n}")
        for n in (1, 2, 30)
    ]
    body = preview_said(Preview(BEGAN, BEGAN + timedelta(days=7), steps), 7)

    assert "<b>3</b> alerts" in body
    assert "<b>0.4</b> a day" in body
    assert '<dt>2024-03-01</dt><dd><i style="width:100%"></i>2</dd>' in body
    assert body.count("<td>&lt;T&gt;</td>") == 2
    assert "sold 1" in body


def test_mistakes_are_lines() -> None:
    assert mistakes_said(["a <b", "c"]).count("<li>") == 2
    assert "Nothing is wrong" in mistakes_said([])
