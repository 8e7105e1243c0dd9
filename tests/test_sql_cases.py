import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leadline.clock import BEGINNING, stamp
from leadline.errors import LeadlineError
from tests.doors import ROOT
from tests.sql_cases import read_cases
from tests.sql_desk import House
from tests.sql_rows import Mismatch
from tests.sql_runs import run

DETECTOR = "detectors/prices/rise.v1.sql"
SHARE = "views/features/short_share.v1.sql"
TAKEN = (
    "tables/alerts.sql", "tables/loads.sql", "tables/rejected.sql", "tables/sessions.sql",
    "tables/short_volume.sql", "views/curated/sessions.v1.sql",
    "views/curated/short_volume.v1.sql", "views/curated/us_sessions.v1.sql",
    SHARE,
)  # fmt: skip
RUNS = ("", "reversed", "truncated", "cut")

PRINTS = """-- kind:       event
-- partition:  day
-- what:       Prints of one price.
-- grain:      one row per print
-- key:        trade_id

create table prints (
    trade_id text not null,  -- the venue's
    traded_at timestamptz not null,  -- when it was matched
    price double  -- USD
);
"""
HEAD = """-- rule:    T1
-- what:    A print above another.
-- grain:   one row per print
-- status:  draft
-- every:   1d
-- needs:   {needs}
-- misses:  what is equal
-- noisy:   never

with prints as (
    select *, {rises} as is_rise
    from raw.prints
    window in_order as (order by {order})
)

select
    'A' as entity,
    'underlying' as entity_type,
    traded_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    cast(50 as double) as score,
    cast(1 as double) as confidence,
    cast(null as double) as notional_usd,
    'rise' as headline,
    to_json(struct_pack(trade_id := trade_id, price := price)) as evidence,
    {key} as alert_key
from prints
where is_rise and known_at < (select clock.until from ops.clock as clock)
"""
ABOVE_THE_LAST = "price > lag(price) over in_order"
BELOW_THE_NEXT = "price < lead(price) over in_order"
CASE = """-- case: a rise fires
-- given: raw.prints
select *
from (
    values
    ('a', 10, '2024-03-01 15:00:00Z'),
    ('b', 12, '2024-03-01 15:00:30Z'),
    ('c', 11, '2024-03-01 15:01:00Z'),
    ('d', 13, '2024-03-01 15:01:30Z')
) as given (trade_id, price, traded_at);
-- expect: alert_key
"""
AFTER_RISES = CASE + "values ('b'), ('d');\n"
BEFORE_RISES = CASE + "values ('a'), ('c');\n"


class Project:
    """What the engine needs of this project's sql, one view, and one dataset and detector more."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._house: House | None = None  # building one takes most of a test's time
        for name in TAKEN:
            (root / "sql" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "sql" / name, root / "sql" / name)
        (root / "sql" / "tables" / "prints.sql").write_text(PRINTS)

    def detect(
        self,
        rises: str = ABOVE_THE_LAST,
        needs: str = "90s",
        order: str = "traded_at",
        key: str = "trade_id",
    ) -> "Project":
        path = self.root / "sql" / DETECTOR
        path.parent.mkdir(parents=True)
        path.write_text(HEAD.format(rises=rises, needs=needs, order=order, key=key))
        self._house = None
        return self

    def run(self, text: str, kind: str = "", place: str = DETECTOR) -> None:
        path = self.root / "tests" / "sql" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self._house = self._house or House(self.root)
        for case in read_cases(path):
            run(case, kind, self._house)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize("kind", RUNS)
def test_a_true_case_of_an_honest_detector_passes_every_run(project: Project, kind: str) -> None:
    project.detect().run(AFTER_RISES, kind)


@pytest.mark.parametrize("kind", ["", "reversed"])
def test_a_wrong_expectation_prints_its_place_and_the_rows_of_both_sides(
    project: Project, kind: str
) -> None:
    project.detect()

    with pytest.raises(Mismatch) as failed:
        project.run(CASE + "values ('b'), ('c');\n", kind)

    said = str(failed.value)
    assert f"{DETECTOR}:1: a rise fires" in said
    assert "expected, not answered: 1\n    alert_key = 'c'" in said
    assert "answered, not expected: 1\n    alert_key = 'd'" in said


@pytest.mark.parametrize("wanted", ["values ('b'), ('b'), ('d');", "values ('d');"])
def test_rows_are_counted(project: Project, wanted: str) -> None:
    project.detect()

    with pytest.raises(Mismatch):
        project.run(CASE + wanted)


def test_expecting_nothing_fails_where_something_is_answered(project: Project) -> None:
    project.detect()

    with pytest.raises(Mismatch, match="answered, not expected: 2"):
        project.run(CASE.replace("expect: alert_key", "expect: nothing"))


def test_json_is_compared_as_what_it_says(project: Project) -> None:
    project.detect()
    given = CASE.replace("alert_key", "evidence")

    project.run(
        given + """values ('{"price": 12, "trade_id": "b"}'), ('{"trade_id":"d","price":13.0}');"""
    )

    with pytest.raises(Mismatch):
        project.run(
            given
            + """values ('{"price": 12, "trade_id": "b"}'), ('{"trade_id":"d","price":13.1}');"""
        )


def test_a_detector_that_looks_ahead_is_caught_by_the_truncated_run(project: Project) -> None:
    project.detect(rises=BELOW_THE_NEXT)
    project.run(BEFORE_RISES)

    with pytest.raises(Mismatch, match="asked until just after 2024-03-01 15:00:00Z"):
        project.run(BEFORE_RISES, "truncated")


def test_needs_that_are_too_short_are_caught_by_the_cut_run(project: Project) -> None:
    project.detect(needs="0s")
    project.run(AFTER_RISES)
    project.run(AFTER_RISES, "truncated")

    with pytest.raises(Mismatch) as failed:
        project.run(AFTER_RISES, "cut")

    assert "expected, not answered: 2\n    alert_key = 'b'\n    alert_key = 'd'" in str(
        failed.value
    )


def test_a_detector_over_nothing_but_state_is_cut_as_any_other(project: Project) -> None:
    state = PRINTS.replace("event", "state")
    (project.root / "sql" / "tables" / "prints.sql").write_text(state)
    project.detect(needs="0s")

    project.run(AFTER_RISES, "cut")


def test_a_key_that_is_answered_twice_is_caught_by_the_cut_run(project: Project) -> None:
    project.detect(key="'always'")
    text = CASE + "values ('always'), ('always');"
    project.run(text)

    with pytest.raises(Mismatch) as failed:
        project.run(text, "cut")

    assert "answered, not expected: 2" in str(failed.value)
    assert "from 2024-03-01 15:00:30Z until 2024-03-01 15:01:00Z" in str(failed.value)


def test_a_view_that_counts_on_the_order_of_rows_is_caught_by_the_reversed_run(
    project: Project,
) -> None:
    project.detect(rises="row_number() over () > 2")
    text = CASE + "values ('c'), ('d');"
    project.run(text)

    with pytest.raises(Mismatch, match="reversed"):
        project.run(text, "reversed")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("price, traded_at", "prise, traded_at", "raw.prints has no column 'prise'; did you mean"),
        (
            "expect: alert_key",
            "expect: alert_kye",
            "no column 'alert_kye'; did you mean 'alert_key",
        ),
        ("raw.prints", "raw.print", "does not read 'raw.print'; did you mean 'raw.prints'"),
        ("-- case", "-- default: prize = 1\n\n-- case", "'prize'; did you mean 'price'"),
        ("-- given", "-- givn", "3: unknown word 'givn'; did you mean 'given'"),
        ("-- given", "-- param: gap = 1\n-- given", "params has no 'gap'"),
        (", traded_at)", ", x)", "raw.prints has no column 'x'"),
        ("values ('b'), ('d')", "values (1, 2)", "2 columns, and expect names 1"),
        ("('b'), ('d');", "('b'), ('d')", "has no end; write ';'"),
    ],
)
def test_a_mistake_in_a_case_is_refused_with_the_nearest_name(
    project: Project, old: str, new: str, said: str
) -> None:
    text = AFTER_RISES.replace("-- case: a rise fires\n", "-- case: a rise fires\n\n")
    project.detect()

    with pytest.raises(LeadlineError) as refused:
        project.run(text.replace(old, new, 1))

    assert said in str(refused.value)
    assert f"{DETECTOR}:" in str(refused.value)


def test_a_row_without_a_time_is_refused(project: Project) -> None:
    text = "-- case: no time\n-- given: raw.prints\nselect 'a' as trade_id;\n-- expect: nothing\n"
    project.detect()

    with pytest.raises(LeadlineError, match=r"raw\.prints has no event time here; give known_at"):
        project.run(text)


def test_a_row_known_at_the_end_of_the_span_is_not_seen(project: Project) -> None:
    text = AFTER_RISES.replace(
        "-- given", "-- span: 2024-03-01T15:00:30Z 2024-03-01T15:01:30Z\n-- given"
    )

    project.detect().run(text.replace("('b'), ('d')", "('b')"))


def test_a_withdrawal_after_the_span_is_not_seen(project: Project) -> None:
    text = """-- default: source_symbol = 'A', facility = 'CNMS'

-- case: a share stands until its withdrawal is known
-- span: 2019-05-01 {until}
-- given: curated.short_volume
select
    '2019-05-08' as session_date,
    '2019-05-08 22:00Z' as known_at,
    '2019-05-10 15:00Z' as withdrawn_at,
    1 as short_volume,
    4 as total_volume;
-- expect: short_share, withdrawn_at
values (0.25, {withdrawn});
"""

    project.run(text.format(until="2019-05-10T15:00Z", withdrawn="null"), place=SHARE)
    project.run(
        text.format(until="2019-05-10T15:00:01Z", withdrawn="'2019-05-10 15:00Z'"), place=SHARE
    )


def test_an_event_before_needs_is_not_seen(project: Project) -> None:
    text = AFTER_RISES.replace("-- given", "-- span: 2024-03-01T15:01:30Z 2024-03-02\n-- given")
    project.detect(needs="30s").run(text.replace("('b'), ('d')", "('d')"))
    (project.root / "sql" / DETECTOR).unlink()
    (project.root / "sql" / DETECTOR).parent.rmdir()

    project.detect(needs="29s").run(
        text.replace("expect: alert_key", "expect: nothing").replace("values ('b'), ('d');", "")
    )


def test_a_parameter_is_replaced(project: Project) -> None:
    text = """-- default: source_symbol = 'A', facility = 'CNMS', total_volume = 4

-- case: a mean is of as many sessions as its parameter says
-- param: n_mean = {n}
-- span: 2019-05-09 2019-05-10
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-08', 1, '2019-05-08 22:00Z'),
    ('2019-05-09', 3, '2019-05-09 22:00Z')
) as given (session_date, short_volume, known_at);
-- expect: mean5
values ({mean});
"""

    project.run(text.format(n=1, mean=0.75), place=SHARE)
    project.run(text.format(n=2, mean=0.5), place=SHARE)


def test_pytest_runs_every_case_and_says_what_differs(tmp_path: Path) -> None:
    project = Project(tmp_path).detect()
    tests = tmp_path / "tests"
    (tests / "sql" / DETECTOR).parent.mkdir(parents=True)
    (tests / "sql" / DETECTOR).write_text(CASE + "values ('b'), ('c');\n")
    for pattern in ("conftest.py", "doors.py", "sql_*.py"):
        for path in (ROOT / "tests").glob(pattern):
            shutil.copy(path, tests)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tests / "test_real.py").write_text(
        "import pytest\n\n\n@pytest.mark.real\ndef test_it(real): pass\n\n\n"
        "@pytest.mark.real\ndef test_own(): assert 1 == 2, 'not yet'\n"
    )

    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "LEADLINE"))}
    command = [sys.executable, "-m", "pytest", "-v", "-n", "1", "-p", "no:cacheprovider"]
    paths = os.pathsep.join([str(project.root), str(ROOT)])
    told = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    where = f"{tests / 'sql' / DETECTOR}:1: a rise fires"
    assert f"{where}\n  expected, not answered: 1\n    alert_key = 'c'" in told
    assert "3 failed, 2 passed, 1 skipped" in told
    for kind in RUNS[1:]:
        assert f"a rise fires [{kind}]" in told
    assert "real data: 1 ran, 1 skipped" in told
    at_once = told.partition("= FAILURES =")[0].splitlines()
    assert f"tests/sql/{DETECTOR}::a rise fires: {where}" in at_once
    assert "tests/test_real.py::test_own: AssertionError: not yet" in at_once


def test_a_given_query_reads_the_real_calendar(project: Project) -> None:
    text = """-- case: a print at each open of Memorial Day's week
-- given: raw.prints
select
    cast(session_date as text) as trade_id,
    sequence as price,
    opens_at as traded_at
from curated.us_sessions
where session_date between '2019-05-24' and '2019-05-29';
-- expect: alert_key, fired_at
values
('2019-05-28', '2019-05-28 13:30Z'),
('2019-05-29', '2019-05-29 13:30Z');
"""

    project.detect().run(text)


def test_the_whole_of_time_is_the_default_span(tmp_path: Path) -> None:
    path = tmp_path / "case.sql"
    path.write_text("-- case: a\n-- expect: nothing\n")

    (case,) = read_cases(path)

    assert case.span.since == BEGINNING
    assert stamp(case.span.until) == "9999-01-01 00:00:00Z"
