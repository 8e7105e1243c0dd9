"""leadline models, on a store with labelled scores of three."""

import json

import pytest

from tests.comparing import comparing_desk
from tests.desks import SmallDesk, run
from tests.doors import ROOT
from tests.leadline.test_compare import labelled


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """`forest` is trusted, `lof` runs beside it."""
    desk = comparing_desk(tmp_path_factory.mktemp("models") / "desk", labelled())
    for name in ("tables/model_scores", "views/ops/score_drift.v1", "views/reports/models.v1"):
        desk.write(f"sql/{name}.sql", (ROOT / f"sql/{name}.sql").read_text())
    desk.write("leadline.toml", '[models.lof]\nrole = "challenger"\n')
    desk.write("models/new.py", "")
    return desk


def test_a_better_challenger_is_proposed_and_nothing_is_changed(desk: SmallDesk) -> None:
    before = (desk.root / "leadline.toml").read_text()

    ended = run(
        desk.root, "models", "compare", "forest", "lof", "--rate", "0.05", "--format", "json"
    )

    assert [row["role"] for row in json.loads(ended.out)] == ["champion", "challenger"]
    assert ended.err.splitlines()[1:] == [
        "to trust it, write in leadline.toml (nothing was changed):",
        "[models.lof]", 'role = "champion"', "[models.forest]", 'role = "challenger"',
    ]  # fmt: skip
    assert (desk.root / "leadline.toml").read_text() == before


def test_where_chance_does_as_much_the_roles_stay(desk: SmallDesk) -> None:
    ended = run(desk.root, "models", "compare", "forest", "net", "--label", "sigma_2")

    assert ended.code == 0
    assert ended.err.endswith("that is no more than chance does; leave the roles as they are\n")


def test_list_tells_roles_and_which_models_have_no_fit(desk: SmallDesk) -> None:
    ended = run(desk.root, "models", "list", "--format", "json")

    assert {row["model"]: row["role"] for row in json.loads(ended.out)} == {
        "forest": "champion", "lof": "challenger", "net": "champion",
    }  # fmt: skip
    assert ended.err == "without a fit: new; leadline refresh NAME fits one that learns\n"


def test_an_unknown_model_ends_it_in_a_sentence(desk: SmallDesk) -> None:
    ended = run(desk.root, "models", "compare", "forest", "nett")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "nett: no such model was fitted; did you mean 'net'\n"
