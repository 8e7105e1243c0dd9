"""What the buttons of the rule editor do: check, try, save, switch off and on."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from leadline import rule_file
from leadline.errors import LeadlineError
from panel_app import text
from panel_app.alert_acts import hand_of
from panel_app.desk import Desk
from panel_app.parts.rule_editor import DAYS, RuleEditor, mistakes_said, preview_said

Said = Mapping[str, Any]
_ASKING = '<p class="asking" role="status">Asking…</p>'


def act_on_rules(desk: Desk, editor: RuleEditor, root: Path) -> None:
    """Hear the buttons of an editor."""
    hand = hand_of(desk)

    def mistakes(said: Said) -> list[str]:
        return hand.mistakes(_name(said), _text(said))

    def check(said: Said) -> str:
        return mistakes_said(mistakes(said))

    def preview(said: Said) -> str:
        if found := mistakes(said):
            return mistakes_said(found)
        days = int(DAYS.get(str(said.get("days")), "7").split()[0])
        _, told = hand.preview(_name(said), _text(said), days)
        return preview_said(told, days)

    def save(said: Said) -> str:
        if found := mistakes(said):
            return mistakes_said(found)
        with desk.seat.doing("save rule", _name(said)) as act:
            act.details["rule"] = _text(said)
            rule_file.save(root, _name(said), _text(said), str(said.get("mark", "")))
        opened(_name(said))
        return _done(f"rules/{_name(said)}.toml is saved; leadline live reads it at once.")

    def switch(*, is_on: bool) -> Callable[[Said], str]:
        def do(said: Said) -> str:
            name = desk.settings["edit"]
            with desk.seat.doing(f"rule {'on' if is_on else 'off'}", name):
                rule_file.switch(root, name, str(said.get("mark", "")), is_on=is_on)
            opened(name)
            return _done(f"{name} is {'on again' if is_on else 'off; what is open of it ends'}.")

        return do

    def opened(name: str) -> None:
        desk.settings.set("edit", name)
        desk.put(editor.markup, editor.form(name))
        desk.touch_settings(edit=name)

    def saying(do: Callable[[Said], str]) -> Any:
        async def act(said: Said) -> None:
            desk.put(editor.said, _ASKING)
            try:
                told = await asyncio.to_thread(do, said)
            except LeadlineError as error:
                told = f'<p class="error" role="alert">{text.sentence(error)}</p>'
            desk.put(editor.said, told)

        return act

    for name, do in {
        "check": check, "preview": preview, "save": save, "disable": switch(is_on=False),
        "enable": switch(is_on=True),
    }.items():  # fmt: skip
        desk.on(name, saying(do))


def _name(said: Said) -> str:
    return str(said.get("name", "")).strip() or "new_rule"


def _text(said: Said) -> str:
    return str(said.get("rule", ""))


def _done(sentence: str) -> str:
    return f'<p class="verdict good" role="status">● {text.sentence(sentence)}</p>'
