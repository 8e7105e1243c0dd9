"""What a page can be set to. Each setting stands in the page's address, and fills `$name`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from leadline import clock
from leadline.errors import ConfigError, QueryError, nearest

_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9./:_-]{0,31}")
_TIMES = {"k": 1e3, "m": 1e6, "b": 1e9, "": 1.0}
_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)\s*([kmb]?)", re.IGNORECASE)


@dataclass(frozen=True)
class Control:
    """A line of text; each other kind says what its text may be.

    `default` is what a page shows while its address does not say otherwise.
    """

    name: str
    label: str
    default: str = ""
    hint: str = ""  # what stands in it while it is empty

    def binds(self, said: str) -> dict[str, Any]:
        """Return what a setting fills in; one that can't be is a ConfigError."""
        return {self.name: said or None}

    def html(self, said: str) -> str:
        """Return it as a field of a form."""
        return self._field(
            f'<input type="text" autocomplete="off" spellcheck="false" {self._set} '
            f'placeholder="{escape(self.hint)}" value="{escape(said)}">'
        )

    @property
    def _set(self) -> str:
        return f'name="{self.name}" data-set="{self.name}"'

    def _field(self, body: str) -> str:
        return f'<label class="field {self.name}"><span>{escape(self.label)}</span>{body}</label>'

    def _wrong(self, said: str, wants: str) -> ConfigError:
        return ConfigError(f"{self.name}: '{said}' {wants}")


@dataclass(frozen=True)
class Choice(Control):
    """One of a few; the empty one is all of them, and fills in null."""

    options: Mapping[str, str] = field(default_factory=dict)

    def binds(self, said: str) -> dict[str, Any]:
        """Return the chosen one."""
        if said not in self.options:
            some = ", ".join(each or "nothing" for each in self.options)
            near = nearest(said, list(self.options))
            raise self._wrong(said, f"is none of {some}{near}")
        return {self.name: said or None}

    def html(self, said: str) -> str:
        """Return it as a list to choose from."""
        options = "".join(
            f'<option value="{escape(value)}"{" selected" if value == said else ""}>'
            f"{escape(label)}</option>"
            for value, label in self.options.items()
        )
        return self._field(f"<select {self._set}>{options}</select>")


@dataclass(frozen=True)
class Switch(Control):
    """On or off: `1` or nothing; fills in a boolean."""

    def binds(self, said: str) -> dict[str, Any]:
        """Return whether it is on."""
        if said not in ("", "0", "1"):
            raise self._wrong(said, "is neither 1 nor 0")
        return {self.name: said == "1"}

    def html(self, said: str) -> str:
        """Return it as a box to tick."""
        ticked = " checked" if said == "1" else ""
        return self._field(f'<input type="checkbox" {self._set} value="1"{ticked}>')


@dataclass(frozen=True)
class Number(Control):
    """An amount, as `250000` or `250k`; fills in a double, or null."""

    least: float = float("-inf")

    def binds(self, said: str) -> dict[str, Any]:
        """Return the amount."""
        if not said:
            return {self.name: None}
        found = _AMOUNT.fullmatch(said.strip().replace(",", ""))
        if not found:
            raise self._wrong(said, "is no number; write it as 250000 or 250k")
        value = float(found[1]) * _TIMES[found[2].lower()]
        if value < self.least:
            raise self._wrong(said, f"is below {self.least:g}")
        return {self.name: value}


@dataclass(frozen=True)
class Symbol(Control):
    """One symbol or pair, in capitals."""

    def binds(self, said: str) -> dict[str, Any]:
        """Return the symbol."""
        return {self.name: _symbol(self, said) if said else None}


@dataclass(frozen=True)
class Pair(Control):
    """One pair, also with its venue before it; fills in `$name` and `$name_venue`, or nulls."""

    hint: str = "BTC-USDT"

    def binds(self, said: str) -> dict[str, Any]:
        """Return the pair, and the venue where it is said."""
        venue, _, pair = said.strip().rpartition(":")
        found = _symbol(self, pair) if said else None
        return {self.name: found, f"{self.name}_venue": venue.lower() or None}


@dataclass(frozen=True)
class Symbols(Control):
    """Some to be shown alone, and some to be left out: `AAPL, -TSLA`.

    Fills in `$name` and `$not_name`: lists, or null where none is named.
    """

    hint: str = "AAPL, -TSLA"

    def binds(self, said: str) -> dict[str, Any]:
        """Return both lists."""
        words = [word for word in re.split(r"[,\s]+", said) if word]
        only = [_symbol(self, word) for word in words if not word.startswith("-")]
        but = [_symbol(self, word[1:]) for word in words if word.startswith("-")]
        return {self.name: only or None, f"not_{self.name}": but or None}


@dataclass(frozen=True)
class Day(Control):
    """A day, as 2024-03-15; fills in a date, or null."""

    def binds(self, said: str) -> dict[str, Any]:
        """Return the day."""
        try:
            return {self.name: date.fromisoformat(said.strip()) if said else None}
        except ValueError:
            raise self._wrong(said, "is no day; write it as 2024-03-15") from None


@dataclass(frozen=True)
class Moment(Control):
    """A moment, in UTC unless it says otherwise; fills in a timestamp, or null."""

    def binds(self, said: str) -> dict[str, Any]:
        """Return the moment."""
        try:
            return {self.name: clock.moment(said.strip()) if said else None}
        except QueryError as error:
            raise ConfigError(f"{self.name}: {error}") from error


def _symbol(control: Control, word: str) -> str:
    found = word.strip().upper()
    if not _SYMBOL.fullmatch(found):
        raise control._wrong(word, "is no symbol; write it as AAPL or BTC-USDT")
    return found


class Settings:
    """What a page is set to: the address's words, held against what the page has."""

    def __init__(self, controls: Sequence[Control], said: Mapping[str, str]) -> None:
        self.controls = {control.name: control for control in controls}
        self.faults: dict[str, str] = {}  # name: the sentence that says what is wrong
        self._said: dict[str, str] = {}
        for name, value in said.items():
            self.set(name, value)

    def set(self, name: str, value: str) -> None:
        """Set one; what it can't be is a fault, and it stays what it was."""
        self.faults.pop(name, None)
        control = self.controls.get(name)
        if control is None:
            near = nearest(name, list(self.controls))
            self.faults[name] = f"{name}: this page has no such setting{near}"
            return
        try:
            control.binds(value)
        except ConfigError as error:
            shown = self[name]
            self.faults[name] = f"{error}; shown is {shown or 'all'}"
            return
        self._said[name] = value

    def __getitem__(self, name: str) -> str:
        """Return what one is set to, as text."""
        return self._said.get(name, self.controls[name].default)

    @property
    def binds(self) -> dict[str, Any]:
        """What the settings fill in."""
        found: dict[str, Any] = {}
        for name, control in self.controls.items():
            found |= control.binds(self[name])
        return found

    def html(self, names: Sequence[str]) -> str:
        """Return some of them as fields of a form."""
        return "".join(self.controls[name].html(self[name]) for name in names)
