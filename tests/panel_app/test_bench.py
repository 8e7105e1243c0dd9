"""Questions of the workbench: asked in the sandbox, cancelled, saved, made detectors."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pyarrow.parquet as pq
import pytest

from leadline.errors import LeadlineError
from leadline.question import Questions
from leadline.sandbox import Sandbox
from leadline.serving import Limits
from panel_app.answers import Answers
from panel_app.bench import Bench, Found
from panel_app.dashboard import Page, found
from panel_app.desk import Desk
from panel_app.paced import Paced
from panel_app.pages import workbench
from tests.desks import SmallDesk, at, small_desk
from tests.doors import alone, door

SLOW = "select count(*) as n from range(100_000_000) as a, range(100_000) as b"


@dataclass
class Place:
    """A small project with a sandbox over it."""

    desk: SmallDesk
    answers: Answers
    sandbox: Sandbox

    def open(self, **said: str) -> Desk:
        """Open the page as an address says."""
        page: Page = found()["workbench"]
        return page.desk(Paced(self.answers), said, self.sandbox)

    def bench(self, **said: str) -> Bench:
        """Open what asks."""
        return Bench(self.open(**said))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    desk = small_desk(tmp_path_factory.mktemp("bench") / "desk")
    desk.prints(("a", 40, "05 14:59"), ("b", 60, "05 15:00"), ("later", 99, "05 16:00"))
    store = desk.root / "store"
    limits = Limits(timedelta(seconds=20), 1_000, "256MB", 1, 1)
    with (
        closing(Sandbox(desk.root, store, {}, limits)) as sandbox,
        alone() as engine,
        door(store, desk.catalog(), engine) as warehouse,
    ):
        yield Place(desk, Answers(Questions(warehouse), lambda: at("05 15:30")), sandbox)


def test_an_answer_comes_with_what_it_took_and_nothing_of_later(place: Place) -> None:
    sql = "select print_id, $n as n, price from raw.prints where price >= $n order by price"
    answer = asyncio.run(place.bench(sql=sql, binds="n=50&unused=1").ask())

    assert answer.rows.to_pylist() == [{"print_id": "b", "n": 50, "price": 60}]
    assert answer.measure is not None
    assert answer.measure["rows_scanned"] >= 1
    assert answer.measure["steps"]


def test_the_span_and_the_shown_moment_bound_it(place: Place) -> None:
    sql = "select count(*) as n from curated.followed"

    def n(**said: str) -> Any:
        return asyncio.run(place.bench(sql=sql, **said).ask()).rows.to_pylist()[0]["n"]

    assert n() == 2
    assert n(since="2024-03-05T15:00Z") == 1
    assert n(at="2024-03-05T15:00Z") == 1
    assert n(until="2030-01-01") == 2


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"sql": "select 1,\n  pice\nfrom raw.prints"}, "query:2: .*did you mean 'price'"),
        ({"sql": "copy (select 1) to '/tmp/x.csv'"}, "it is no SELECT"),
        ({"sql": "from read_csv('/etc/passwd')"}, "reads no view"),
        ({"sql": "  "}, "it is empty; write one SELECT"),
        ({"sql": "select 1", "since": "2024-03-06", "until": "2024-03-05"}, "since|span"),
    ],
)
def test_what_can_not_be_asked_is_a_sentence(place: Place, said: dict[str, str], says: str) -> None:
    with pytest.raises(LeadlineError, match=says):
        asyncio.run(place.bench(**said).ask())


def test_more_rows_than_may_be_are_cut_and_it_is_said(place: Place) -> None:
    answer = asyncio.run(place.bench(sql="from range(5_000)").ask())

    assert (answer.n_rows, answer.rows.num_rows) == (1_000, 1_000)
    assert not answer.is_whole
    assert "1,000 rows are the most" in answer.cut


def test_an_answer_is_sorted_here_where_it_is_whole_and_else_asked_for_once_more(
    place: Place,
) -> None:
    few = place.bench(sql="select i, i % 3 as n, null as no from range(5) as r(i);")
    many = place.bench(sql="select i, [i] as l from range(5_000) as r(i) -- all")

    async def found(bench: Bench, sort: str) -> Found:
        return await bench.sorted(await bench.ask(), sort)

    falling, rising = (asyncio.run(found(few, sort)) for sort in ("-n", "no"))
    last, nested = (asyncio.run(found(many, sort)) for sort in ("-i", "-l"))

    assert falling.rows["i"].to_pylist() == [2, 1, 4, 0, 3]
    assert rising.rows["i"].to_pylist() == [0, 1, 2, 3, 4]
    assert last.rows["i"][0].as_py() == 4_999
    assert nested.rows["i"][0].as_py() == 4_999
    with pytest.raises(LeadlineError, match="sort: the answer can't be sorted by 'm', it has none"):
        asyncio.run(found(few, "m"))


def test_all_rows_are_taken_along_in_the_order_of_the_query_or_none(place: Place) -> None:
    async def file(bench: Bench, form: str) -> bytes:
        return b"".join([piece async for piece in bench.file(form)])

    said = {"sort": "-i", "only": "i > 1", "binds": "n=3"}
    bench = place.bench(sql="select i, $n as n from range(3) as r(i)", **said)
    rows = asyncio.run(file(bench, "csv"))
    whole = pq.read_table(BytesIO(asyncio.run(file(bench, "parquet"))))

    assert rows.decode().split() == ['"i","n"', "0,3", "1,3", "2,3"]
    assert whole["i"].to_pylist() == [0, 1, 2]
    with pytest.raises(LeadlineError, match="1,000 rows are the most"):
        asyncio.run(file(place.bench(sql="from range(5_000)"), "csv"))
    with pytest.raises(LeadlineError, match="export: 'doc' is none of"):
        asyncio.run(file(bench, "doc"))


def test_only_some_rows_are_asked_for_and_a_line_keeps_its_number(place: Place) -> None:
    sql = "select i\nfrom range(5) as r(i); "

    answer = asyncio.run(place.bench(sql=sql, only="i > 2").ask())

    assert answer.rows.to_pylist() == [{"i": 3}, {"i": 4}]
    with pytest.raises(LeadlineError, match=r"query:2: .*rnge"):
        asyncio.run(place.bench(sql="select i\nfrom rnge(5) as r(i)", only="i > 2").ask())


def test_one_is_cancelled_in_time_and_the_next_is_answered(place: Place) -> None:
    bench = place.bench(sql=SLOW)

    async def cancelled() -> tuple[str, str, float]:
        loop = asyncio.get_running_loop()
        asked = asyncio.create_task(bench.ask())
        while bench._running is None or bench._running._cell is None:
            await asyncio.sleep(0.01)
        with pytest.raises(LeadlineError) as twice:
            await bench.ask()
        begun = loop.time()
        bench.cancel()
        with pytest.raises(LeadlineError) as told:
            await asked
        return str(twice.value), str(told.value), loop.time() - begun

    twice, told, seconds = asyncio.run(cancelled())

    assert "one runs already" in twice
    assert told == "query: it was cancelled"
    assert seconds < 5
    assert asyncio.run(place.bench(sql="select 1 as n").ask()).n_rows == 1


def test_a_draft_is_written_only_once_it_binds(place: Place) -> None:
    sql = "select print_id as symbol, known_at, price from raw.prints where price > $least;"
    path, text = asyncio.run(place.bench(sql=sql, binds="least=50").draft("prices.mine", "Mine."))

    assert path == "sql/detectors/prices/mine.v1.sql"
    assert (place.desk.root / path).read_text() == text
    assert "-- status:  draft" in text
    with pytest.raises(LeadlineError, match="it is there already"):
        asyncio.run(place.bench(sql=sql, binds="least=50").draft("prices.mine", ""))
    with pytest.raises(LeadlineError, match="what is watched"):
        asyncio.run(place.bench(sql="select price from raw.prints").draft("prices.other", ""))
    bad = "select f as symbol, now() as known_at from read_text('/etc/passwd') as x(f)"
    with pytest.raises(LeadlineError, match="reads no view"):
        asyncio.run(place.bench(sql=bad).draft("prices.other", ""))
    assert not (place.desk.root / "sql/detectors/prices/other.v1.sql").exists()
    for made in place.desk.root.rglob("mine.v1.sql"):
        made.unlink()


def test_the_page_opens_saves_and_tells(place: Place) -> None:
    desk = place.open(sql="select 1 as one, $n as n", binds="n=2", since="2024-03-01")
    page = workbench.Workbench(desk)
    desk._heard["save"]({"name": "mine", "what": "One <b>."})
    asyncio.run(desk._heard["run"]({}))
    again = workbench.Workbench(place.open(saved="mine"))
    unknown = workbench.Workbench(place.open(saved="mien"))
    wrong = workbench.Workbench(place.open(sql="select\n nothing"))
    asyncio.run(wrong._run({}))

    assert "1 row ·" in page.status.html
    assert "<td" in page.rows.html
    assert not page.editor.running
    assert "One &lt;b&gt;." in page.saved.html
    assert (again.editor.sql, again.editor.binds) == ("select 1 as one, $n as n", "n=2")
    assert again.editor.since == "2024-03-01"
    assert again.editor.begins
    assert "did you mean &#x27;mine&#x27;" in unknown.status.html
    assert wrong.editor.mark == 2
    assert 'role="alert"' in wrong.status.html


def test_an_answer_is_drawn_sorted_and_kept_where_that_can_not_be(place: Place) -> None:
    sql = "select price, print_id from raw.prints order by price"
    page = workbench.Workbench(place.open(sql=sql, chart="bars", sort="-price", x="pint_id"))
    asyncio.run(page._run({}))
    drawn, said, rows = page.graph.object, page.drawn.html, page.rows.html
    asyncio.run(_set(page, chart="heat", sort="prize"))
    wrong, none = page.drawn.html, page.graph.object
    asyncio.run(_set(page, chart="", only="prize > 1"))
    asyncio.run(page._again({}))

    assert [place[0] for place in drawn.x_range.factors] == ["b", "a"]
    assert "did you mean &#x27;print_id&#x27;; drawn is print_id" in said
    assert 'aria-sort="descending"' in rows
    assert rows.index("60") < rows.index("40")
    assert "did you mean &#x27;price&#x27;" in wrong
    assert "heat: it needs a second column" in wrong
    assert none is None
    assert "only: " in page.status.html
    assert page.editor.mark == 0
    assert 'value="prize &gt; 1"' in page.axes.html


async def _set(page: workbench.Workbench, **said: str) -> None:
    for name, value in said.items():
        page._desk.settings.set(name, value)
    await page._anew({})


def test_without_a_sandbox_it_says_which_setting_opens_it(place: Place) -> None:
    desk = found()["workbench"].desk(Paced(place.answers), {"sql": "select 1"})
    page = workbench.Workbench(desk)

    assert "<code>sql = true</code>" in page.status.html
    assert not page.editor.runs
    assert not page.editor.begins
    with pytest.raises(LeadlineError, match="it is not open here"):
        desk._heard["save"]({"name": "other", "what": ""})
    assert not (place.desk.root / "queries/other.sql").exists()
