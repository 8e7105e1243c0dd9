"""Views are files: found by walking, ordered by what they read, named by their versions."""

from datetime import timedelta
from pathlib import Path

import pytest

from leadline.catalog import DETECTOR, Catalog, time_column
from leadline.errors import ViewError
from leadline.span import Needs
from tests.catalogs import Made, detector, view
from tests.desks import HIGH, measured_desk


def test_the_path_is_the_name_and_the_version(made: Made) -> None:
    (found,) = made({"views/features/volume.v1": view()}).all()

    assert (found.stable, found.pinned) == ("features.volume", "features.volume_v1")
    assert (found.id, found.version) == ("features.volume", 1)


def test_a_detector_has_an_id_of_its_family_and_name(made: Made) -> None:
    (found,) = made({"detectors/options/sweep.v1": detector()}).all()

    assert (found.id, found.stable) == ("options.sweep", "detectors.options_sweep")
    assert found.is_detector


def test_an_id_that_is_the_name_of_a_view_is_told(made: Made, tmp_path: Path) -> None:
    with pytest.raises(ViewError) as told:
        made({"detectors/scores/index.v1": detector(), "views/scores/index.v1": view()})

    path, other = tmp_path / "sql/detectors/scores", tmp_path / "sql/views/scores"
    assert str(told.value) == (
        f"{path / 'index.v1.sql'}: 'scores.index' is the name of {other / 'index.v1.sql'}; "
        "rename one"
    )


def test_a_check_is_named_by_its_dataset_and_is_told_how_often_and_how_bad(made: Made) -> None:
    keys = ("what", "grain", "status", "every", "severity")
    text = view(keys=keys, every="1d", severity="low")
    (found,) = made({"checks/prints/gaps.v1": text}).all()

    assert (found.id, found.stable) == ("prints.gaps", "checks.prints_gaps")
    assert found.is_check


def test_a_check_without_its_severity_is_told(made: Made) -> None:
    with pytest.raises(ViewError, match=r"gaps\.v1\.sql:1: the header has no 'every'"):
        made({"checks/prints/gaps.v1": view()})


def test_how_it_is_shared_is_one_word(made: Made) -> None:
    keys = ("what", "grain", "status", "shared")
    with pytest.raises(ViewError, match=r"a\.v1\.sql:4: shared is 'seldom'; it takes never"):
        made({"views/features/a.v1": view(keys=keys, shared="seldom")})


def test_what_the_last_select_says_of_its_columns_is_kept(made: Made) -> None:
    sql = "with a as (\n    select 1 as b  -- inside\n)\n\nselect\n    b as c,  -- dollars\n    d\n"
    (found,) = made({"views/features/a.v1": view(sql + "from a")}).all()

    assert found.comments == {"c": "dollars"}


@pytest.mark.parametrize("name", ["sweep", "sweep.v0", "Sweep.v1", "sweep.1", "sweep.v1.old"])
def test_a_file_whose_name_is_no_name_and_version_is_told(
    name: str, made: Made, tmp_path: Path
) -> None:
    with pytest.raises(ViewError) as told:
        made({f"views/features/{name}": view()})

    path = tmp_path / "sql/views/features" / f"{name}.sql"
    assert str(told.value) == f"{path}: its name is no name.vN.sql; rename it"


@pytest.mark.parametrize("name", ["views/lost.v1", "views/a/b/lost.v1", "detectors/lost.v1"])
def test_a_file_that_lies_elsewhere_is_told(name: str, made: Made, tmp_path: Path) -> None:
    with pytest.raises(ViewError) as told:
        made({name: view()})

    kind = name.partition("/")[0]
    path = tmp_path / "sql" / f"{name}.sql"
    assert str(told.value) == f"{path}: a view lies one folder below sql/{kind}; move it"


def test_a_later_version_says_what_the_one_before_did_wrong(made: Made, tmp_path: Path) -> None:
    with pytest.raises(ViewError) as told:
        made({"views/features/volume.v3": view()})

    path = tmp_path / "sql/views/features/volume.v3.sql"
    assert str(told.value) == f"{path}:1: the header has no 'changed'; say what v2 did wrong"


def test_a_status_is_one_of_three_words(made: Made, tmp_path: Path) -> None:
    with pytest.raises(ViewError) as told:
        made({"views/features/volume.v1": view(status="alive")})

    path = tmp_path / "sql/views/features/volume.v1.sql"
    assert str(told.value) == f"{path}:3: status is 'alive'; it takes draft, live or retired"


@pytest.mark.parametrize("key", ["rule", "what", "grain", "status", "every", "needs", "misses"])
def test_a_detector_says_all_that_a_reader_must_know(key: str, made: Made, tmp_path: Path) -> None:
    with pytest.raises(ViewError) as told:
        made({"detectors/options/sweep.v1": detector(**{key: ""})})

    path = tmp_path / "sql/detectors/options/sweep.v1.sql"
    assert str(told.value) == f"{path}:1: the header has no '{key}'; say it"


def test_a_statement_that_cannot_be_parsed_is_told_with_its_line(
    made: Made, tmp_path: Path
) -> None:
    with pytest.raises(ViewError) as told:
        made({"views/features/volume.v1": view("select 1 as one\nform raw.trades")})

    path = tmp_path / "sql/views/features/volume.v1.sql"
    assert str(told.value) == f'{path}:6: syntax error at or near "form"; mend the statement'


def test_an_input_may_have_a_need_of_its_own(made: Made) -> None:
    catalog = made(
        {
            "views/features/volume.v1": view("from raw.trades", needs="0s"),
            "views/features/ratio.v1": view(
                "from raw.trades, features.volume", needs="90s, 20 sessions of features.volume"
            ),
        }
    )

    reads = dict(catalog.reads("features.ratio", {}))

    assert reads["raw.trades"] == Needs(time=timedelta(seconds=90))
    assert reads["features.volume"] == Needs(sessions=20)


def test_a_need_of_what_is_not_read_is_told_with_its_line(made: Made, tmp_path: Path) -> None:
    catalog = made(
        {"views/features/volume.v1": view("from raw.trades", needs="0s, 9s of raw.trade")}
    )

    with pytest.raises(ViewError) as told:
        catalog.reads("features.volume", {})

    path = tmp_path / "sql/views/features/volume.v1.sql"
    said = "needs names 'raw.trade', which it does not read; did you mean 'raw.trades'"
    assert str(told.value) == f"{path}:4: {said}"


def test_a_need_that_cannot_be_read_is_told_with_its_line(made: Made, tmp_path: Path) -> None:
    catalog = made({"views/features/volume.v1": view("from raw.trades", needs="20 days")})

    with pytest.raises(ViewError) as told:
        catalog.reads("features.volume", {})

    path = tmp_path / "sql/views/features/volume.v1.sql"
    said = "needs is '20 days'; it takes 90s, 20 sessions, 20 sessions CMES or all"
    assert str(told.value) == f"{path}:4: {said}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raw.trade", "it reads 'raw.trade', which is no view; did you mean 'raw.trades'"),
        ("curated.prints_v1",
         "it reads 'curated.prints_v1', which is no view; did you mean 'curated.prints'"),
    ],
)  # fmt: skip
def test_a_name_that_no_view_may_read_is_told(
    name: str, said: str, made: Made, tmp_path: Path
) -> None:
    views = {"views/curated/prints.v1": view(), "views/features/volume.v1": view(f"from {name}")}

    with pytest.raises(ViewError) as told:
        made(views)

    assert str(told.value) == f"{tmp_path / 'sql/views/features/volume.v1.sql'}: {said}"


def test_a_circle_of_views_is_told_as_it_runs(made: Made, tmp_path: Path) -> None:
    views = {"views/a/one.v1": view("from b.two"), "views/b/two.v1": view("from a.one")}
    catalog = made(views)

    with pytest.raises(ViewError) as told:
        catalog.bind()

    circle = "a.one_v1 reads b.two_v1 reads a.one_v1"
    assert str(told.value) == f"{tmp_path / 'sql/views/a/one.v1.sql'}: {circle}; break the circle"


def test_a_view_may_not_read_itself(made: Made) -> None:
    catalog = made({"views/a/one.v1": view("from a.one")})

    with pytest.raises(ViewError, match=r"a\.one_v1 reads a\.one_v1; break the circle"):
        catalog.bind()


@pytest.mark.parametrize(
    ("statuses", "version"),
    [
        (["live", "live", "draft"], 2),
        (["draft", "draft"], 2),
        (["live", "retired"], 1),
        (["retired", "draft"], 2),
        (["retired", "retired"], 2),
    ],
)
def test_a_stable_name_is_the_highest_live_version_or_else_the_highest_draft(
    statuses: list[str], version: int, made: Made
) -> None:
    catalog = made(
        {
            f"views/features/volume.v{n}": view(status=status, changed="all" if n > 1 else "")
            for n, status in enumerate(statuses, start=1)
        }
    )

    assert catalog.in_force("features.volume").version == version


def test_version_10_is_higher_than_version_9(made: Made) -> None:
    views = {f"views/features/volume.v{n}": view(changed="all") for n in (9, 10)}

    assert made(views).in_force("features.volume").version == 10


@pytest.mark.parametrize("name", ["detectors.options_sweep", "options.sweep"])
def test_a_pin_by_id_or_name_binds_another_version(name: str, made: Made) -> None:
    v2 = detector(changed="all")
    catalog = made({"detectors/options/sweep.v1": detector(), "detectors/options/sweep.v2": v2})

    found = catalog.in_force("detectors.options_sweep", {name: 1})

    assert found.version == 1


def test_a_pin_to_a_version_that_is_not_there_is_told(made: Made) -> None:
    v2 = view(changed="all")
    catalog = made({"views/features/volume.v1": view(), "views/features/volume.v2": v2})

    with pytest.raises(ViewError) as told:
        catalog.in_force("features.volume", {"features.volume": 3})

    assert str(told.value) == "features.volume: it has no version 3; it has 1, 2"


@pytest.mark.parametrize(
    "name", ["detectors.options_sweep", "detectors.options_sweep_v1", "options.sweep"]
)
def test_a_view_is_found_by_every_name_it_has(name: str, made: Made) -> None:
    catalog = made({"detectors/options/sweep.v1": detector()})

    assert catalog.find(name).id == "options.sweep"


def test_an_unknown_view_is_told_with_the_nearest(made: Made) -> None:
    catalog = made({"detectors/options/sweep.v1": detector()})

    with pytest.raises(ViewError) as told:
        catalog.find("options.swepe")

    said = "options.swepe: no such view; did you mean 'options.sweep'; leadline views lists them"
    assert str(told.value) == said


def test_every_view_is_bound_after_what_it_reads(made: Made) -> None:
    catalog = made(
        {
            "views/a/last.v1": view("from b.middle"),
            "views/b/middle.v1": view("from c.first"),
            "views/c/first.v1": view("from raw.trades"),
        }
    )

    assert [bound.view.stable for bound in catalog.bind()] == ["c.first", "b.middle", "a.last"]


def test_inputs_are_the_versions_of_all_levels(made: Made) -> None:
    catalog = made(
        {
            "views/a/last.v1": view("from b.middle"),
            "views/b/middle.v1": view("from c.first"),
            "views/c/first.v1": view("from raw.trades"),
            "views/c/first.v2": view("from raw.trades", changed="all"),
        }
    )

    inputs = {bound.view.pinned: bound.inputs for bound in catalog.bind()}

    assert inputs["a.last_v1"] == {"b.middle": 1, "c.first": 2}


def test_only_live_detectors_are_in_the_union_of_alerts(made: Made) -> None:
    catalog = made(
        {
            "detectors/options/sweep.v1": detector(),
            "detectors/options/block.v1": detector(status="draft"),
            "views/features/volume.v1": view(),
        }
    )

    assert [found.id for found in catalog.all_live()] == ["options.sweep"]


def test_a_view_over_nothing_but_state_is_state(made: Made) -> None:
    catalog = made(
        {
            "views/curated/names.v1": view("from raw.names"),
            "views/curated/both.v1": view("from curated.names, raw.trades"),
        }
    )

    found = {name: catalog.is_state(name) for name in ("curated.names", "curated.both")}

    assert found == {"curated.names": True, "curated.both": False}


def test_what_a_view_reads_is_needed_as_far_back_as_it_says(made: Made) -> None:
    catalog = made({"views/features/volume.v1": view("from raw.trades", needs="20 sessions")})

    assert catalog.reads("features.volume", {}) == [("raw.trades", Needs(sessions=20))]


@pytest.mark.parametrize(
    ("columns", "cut"),
    [(list(DETECTOR), "fired_at"), (["known_at", "price"], "known_at"), (["price"], None)],
)
def test_a_span_cuts_detectors_by_fired_at_and_other_views_by_known_at(
    columns: list[str], cut: str | None
) -> None:
    assert time_column(columns) == cut


def test_a_view_of_all_alerts_is_made_after_every_live_detector(tmp_path: Path) -> None:
    desk = measured_desk(tmp_path)

    bound = {each.view.stable: each for each in Catalog(desk.root).bind()}

    order = list(bound)
    assert order.index("detectors.prices_high") < order.index("backtest.matches")
    assert bound["backtest.curve"].inputs == {
        "backtest.alerts": 1, "backtest.matches": 1, "curated.followed": 1,
        "detectors.prices_high": 1,
    }  # fmt: skip


def test_a_detector_that_reads_all_alerts_reads_itself(tmp_path: Path) -> None:
    desk = measured_desk(tmp_path)
    text = HIGH.replace("from curated.followed as prints", "from detectors.all_live as prints")
    desk.write("sql/detectors/prices/high.v1.sql", text)

    with pytest.raises(ViewError, match=r"detectors\.prices_high_v1; break the circle"):
        Catalog(desk.root).bind()


def test_all_alerts_are_events_where_a_detector_reads_events(tmp_path: Path) -> None:
    catalog = Catalog(measured_desk(tmp_path).root)

    assert not catalog.is_state("detectors.all_live")
    assert not catalog.is_state("backtest.curve")
