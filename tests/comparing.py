"""A small project with models that were fitted, and labels of what they scored."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.desks import SmallDesk, at, small_desk
from tests.doors import ROOT

LABELLED = """\
-- kind:       event
-- partition:  month
-- what:       Labelled scores of a test.
-- grain:      one row per model, entity, session and label
-- key:        model, entity, session_date, label

create table labelled (
    model text not null,  -- its file
    entity text not null,  -- a symbol
    session_date date not null,  -- the session
    score double not null,  -- larger is odder
    label text not null,  -- what counts
    horizon text,  -- in which
    is_true boolean not null  -- whether it came to be
);
"""
MODEL_LABELS = """\
-- what:    Labelled scores of a test.
-- grain:   one row per model, entity, session and label
-- status:  live
-- needs:   0s

select model, entity, session_date, score, label, horizon, is_true, known_at
from raw.labelled
"""


def comparing_desk(root: Path, rows: Sequence[Mapping[str, Any]]) -> SmallDesk:
    """Lay out the small project with models that were fitted, and what came of their scores."""
    desk = small_desk(root)
    for name in ("tables/model_fits", "views/curated/model_roles.v1"):
        desk.write(f"sql/{name}.sql", (ROOT / f"sql/{name}.sql").read_text())
    desk.write("sql/tables/labelled.sql", LABELLED)
    desk.write("sql/views/backtest/model_labels.v1.sql", MODEL_LABELS)
    fitted = [
        {
            "model": model, "fit_id": model, "fitted_for": at("01 00:00").date(),
            "trained_until": at("01 00:00"), "n_rows": 1_000, "feature_view": "features.priced",
            "feature_fingerprint": "f", "seed": 1, "settings": "{}", "known_at": at("01 00:00"),
        }
        for model in ("forest", "lof", "net")
    ]  # fmt: skip
    desk.load("model_fits", fitted, "fits")
    desk.load("labelled", rows, "labels")
    for model in ("forest", "lof", "net"):
        desk.write(f"models/{model}.py", "")
    return desk
