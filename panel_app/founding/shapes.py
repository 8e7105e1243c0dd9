"""What the founding routes share of shapes: moments without a zone, and the words of old."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

Moment = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$",
        description="New York's clock, to the second, without a zone.",
    ),
]
Sentiment = Literal["bullish", "bearish", "neutral"]
Symbol = Annotated[str, Path(description="AAPL, brk.b or BRK-B.", examples=["AAPL"])]
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many, the newest first.")]
Hours = Annotated[
    int, Query(ge=1, le=168, description="Back from the end of the newest day that is loaded.")
]
Usd = Annotated[float, Query(ge=0, allow_inf_nan=False, description="USD at least.")]
Number = Annotated[float, Query(allow_inf_nan=False, ge=-1e12, le=1e12)]


class Shape(BaseModel):
    """A row as clients of the founding system read it."""

    model_config = ConfigDict(extra="forbid")


def like(**example: Any) -> ConfigDict:
    """Return the settings of a shape that shows an example of itself."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})
