"""Alerts, each of which opens what explains it."""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from leadline.catalog import View
from leadline.home import Home
from panel_app import text
from panel_app.parts.part import Part

_PAGES = "/smart-money/dashboard"
Detectors = Callable[[str, int], View | None]


class Alerts(Part):
    """Alerts, newest first; a new one is put on top, and what is open stays open."""

    def __init__(self, detector: Detectors, store: Path | Home, empty: str) -> None:
        super().__init__(empty)
        self._detector, self._store = detector, store

    def show(self, rows: pa.Table) -> str:
        """Return one below the other."""
        return "".join(map(self._alert, rows.to_pylist()))

    def _alert(self, row: dict[str, Any]) -> str:
        facts = [
            escape(row["entity"]),
            f"{escape(row['detector'])} v{row['version']}",
            text.figure("", row["fired_at"], self.look.zone),
            f"score {row['score']:.0f}",
        ]
        if row["notional_usd"] is not None:
            facts.append(text.figure("notional_usd", row["notional_usd"]))
        if row["is_late"]:
            facts.append("<em>late</em>")
        side = row["direction"] or "unknown"
        return (
            f'<details class="alert" data-key="{escape(row["alert_key"])}"><summary>'
            f'<span class="pill {escape(row["severity"])}">'
            f'{escape(row["severity"])}</span><span class="headline">'
            f'<i class="side {escape(side)}" title="{escape(side)}"></i>{escape(row["headline"])}'
            f'</span><span class="facts">{" · ".join(facts)}</span></summary>'
            f'<div class="why">{self._why(row)}</div></details>'
        )

    def _why(self, row: dict[str, Any]) -> str:
        said = [
            f"<p><b>{name}</b> {text.sentence(row[column])}</p>"
            for name, column in (("Sees.", "what"), ("Misses.", "misses"), ("Noisy.", "noisy"))
            if row[column]
        ]
        numbers = {name: row[name] for name in ("confidence", "happened_at", "direction")}
        numbers |= json.loads(row["evidence"])
        pairs = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{text.figure(name, value, self.look.zone)}</dd></div>"
            for name, value in numbers.items()
        )
        said.append(f"<dl>{pairs}</dl>{_links(row)}")
        view = self._detector(row["detector"], row["version"])
        if view is None:
            said.append("<p>This project has that version of the detector no more.</p>")
        else:
            asked = text.command(view, row["alert_key"], row["ticked_at"], self._store)
            said.append(f'<h3>Ask for it again</h3><pre class="command">{asked}</pre>')
            said.append(
                f"<details><summary>SQL of {escape(view.id)} v{view.version}, fingerprint "
                f"{escape(row['fingerprint'])}</summary><pre>{escape(view.text)}</pre></details>"
            )
        return "".join(said)


def _links(row: dict[str, Any]) -> str:
    """Return where all about an alert is."""
    about = "whales?pair=" if ":" in row["entity"] else "symbol?symbol="
    links = "".join(
        f'<a href="{_PAGES}/{page}{quote(value, safe="")}">{words}</a>'
        for page, value, words in (
            ("alerts?alert=", row["alert_key"], "Evidence"),
            (about, row["entity"], escape(row["entity"])),
            ("detectors?detector=", row["detector"], escape(row["detector"])),
        )
    )
    return f'<p class="links">{links}</p>'
