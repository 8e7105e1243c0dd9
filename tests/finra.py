"""FINRA's query API on this machine: it filters, pages and counts as the real one says it does."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.sites import Answer, Asked, Site, as_json

Rows = Sequence[Mapping[str, Any]]


class Finra(Site):
    """Answers from its rows, after what stands in `answers`; no page is longer than `page`."""

    def __init__(self, **datasets: Rows) -> None:
        super().__init__()
        self.datasets = {name: list(rows) for name, rows in datasets.items()}
        self.page = 5_000

    @property
    def bodies(self) -> list[Any]:
        """What was posted, in order."""
        return [json.loads(asked.body) for asked in self.asked if asked.body]

    def answer(self, asked: Asked) -> Answer:
        if self.answers:
            return self.answers.pop(0)
        rows = self.datasets[asked.name]
        if asked.path.startswith("/partitions/"):
            days = sorted({str(row["settlementDate"]) for row in rows})
            return as_json(200, {"availablePartitions": [{"partitions": [day]} for day in days]})
        if not asked.body:
            return Answer(400, b"filters go as a body")
        question = json.loads(asked.body)
        for wanted in question["compareFilters"]:
            assert wanted["compareType"] == "EQUAL"
            rows = [row for row in rows if row[wanted["fieldName"]] == wanted["fieldValue"]]
        if not rows:
            return Answer(204, b"")
        rows.sort(key=lambda row: [str(row.get(name)) for name in question["sortFields"]])
        begin = question["offset"]
        page = rows[begin : begin + min(self.page, question["limit"])]
        headers = {"Record_Total": str(len(rows)), "Record_Max_Limit": str(self.page)}
        return as_json(200, page, **headers)
