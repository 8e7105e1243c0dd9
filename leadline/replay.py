"""Asks an old alert again, as the loop asked for it: the same versions, parameters and rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from leadline import dropped
from leadline.catalog import DETECTOR, SEVERITY
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import QueryError
from leadline.params import read_literal
from leadline.quote import quoted
from leadline.warehouse import Warehouse

_NARROW = timedelta(microseconds=1)


@dataclass(frozen=True)
class Replay:
    """An alert as it was told, and as it is told now; None where it no longer fires."""

    told: Mapping[str, Any]
    again: Mapping[str, Any] | None
    is_same_text: bool  # of the detector and of all that it reads

    @property
    def differs(self) -> list[str]:
        """The columns in which they differ."""
        if self.again is None:
            return list(DETECTOR)
        return [name for name in (*DETECTOR, "severity") if self.told[name] != self.again[name]]


def replay(house: Warehouse, alert_key: str) -> Replay:
    """Ask an alert's detector again over the moment at which it fired.

    A QueryError says that no alert has this key, as where a rule fired on a row of a view, or that
    rows of its time are gone.
    """
    rows = house.ask("raw.alerts", BEGINNING, FOREVER).filter(f"alert_key = {quoted(alert_key)}")
    found = rows.filter("not is_gone").order("recorded_at").to_arrow_table().to_pylist()
    if not found:
        raise QueryError(f"{alert_key}: no alert has this key, so there is nothing to replay")
    told = found[0]
    pins = {told["detector"]: told["version"], **json.loads(told["inputs"])}
    params = {told["detector"]: _changed(house, told)}
    given = {name: values for name, values in params.items() if values}
    since, until = told["fired_at"], max(told["ticked_at"], told["fired_at"] + _NARROW)
    _need_rows(house, told)
    asked = house.ask(told["detector"], since, until, told["recorded_until"], pins, given)
    answer = asked.filter(f"alert_key = {quoted(alert_key)}")
    again = answer.project(f"*, {SEVERITY} as severity").to_arrow_table().to_pylist()
    fingerprint = house.pinned(pins, given).fingerprint(told["detector"]).fingerprint
    return Replay(told, again[0] if again else None, fingerprint == told["fingerprint"])


def _need_rows(house: Warehouse, told: Mapping[str, Any]) -> None:
    """Raise a QueryError where retention has taken out what an alert was made of."""
    floors = dropped.known(house.store).floors
    read = {
        name.removeprefix("raw.")
        for name in house.datasets(house.catalog.find(told["detector"]).stable)
    }
    for name in sorted(read & floors.keys()):
        if told["fired_at"] < floors[name]:
            raise QueryError(
                f"{told['alert_key']}: rows of {name} before {floors[name].date()} are gone, as "
                f"[retention] says, so it can't be replayed"
            )


def _changed(house: Warehouse, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that are no longer what they were when an alert fired."""
    view = house.catalog.find(told["detector"])
    (version,) = (
        each
        for each in house.bound
        if each.view.id == view.id and each.view.version == told["version"]
    )
    params: Mapping[str, str] = json.loads(told["params"])
    return {
        name: read_literal(text)
        for name, text in params.items()
        if version.params.get(name) != text
    }
