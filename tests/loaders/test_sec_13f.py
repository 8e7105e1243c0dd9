"""Submissions land row by row; what is none is refused; EDGAR is asked as it wants to be."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import stamina

from leadline.catalog import Catalog
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.config import Config
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import over_network
from leadline.publication import Loaded
from leadline.store import Store
from leadline.warehouse import Warehouse
from loaders import sec_13f
from tests.stores import ROOT, ask, contracts, load_files, opened
from tests.submissions import submission, table

MESSAGE = Path(__file__).parent / "messages" / "0001234567-24-000002.txt"
NUMBER = "0001234567-23-000001"
APPLE = {"cusip": "037833100", "value": 17_120, "shares": 100}
ONE = table([APPLE])
LTS_ONE, BULL_STREET = "13F.0001894188-23-000007.txt", "0001790837-23-000002.txt"
Answer = tuple[int, bytes, dict[str, str]]
DAY = Span(datetime(2023, 11, 14, tzinfo=UTC), datetime(2023, 11, 15, tzinfo=UTC))
INDEX = """\
Description:           Master Index of EDGAR Dissemination Feed
Last Data Received:    Nov 14, 2023
 
CIK|Company Name|Form Type|Date Filed|File Name
--------------------------------------------------------------------------------
"""
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
PAGE = "<!DOCTYPE html>\n<html><head>\n<title>SEC.gov | {}</title>\n</head><body>no</body></html>"
TOO_FAST = PAGE.format("Request Rate Threshold Exceeded").encode()
NOBODY = PAGE.format("Your Request Originates from an Undeclared Automated Tool").encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store") as store:
        yield store


def written(folder: Path, text: str, name: str = f"{NUMBER}.txt", encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def filings(store: Store) -> list[dict[str, Any]]:
    return ask(store.place, "raw.filings")


def holdings(store: Store) -> list[dict[str, Any]]:
    return sorted(ask(store.place, "raw.holdings"), key=lambda row: row["line"])


@pytest.fixture(scope="module")
def message(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[Any]]:
    """Return the filing and the holdings of the recorded message."""
    with opened(tmp_path_factory.mktemp("message") / "store") as store:
        load_files(store, "sec_13f", MESSAGE)
        (filing,) = filings(store)
        return filing, holdings(store)


def test_a_filing_is_what_its_header_and_its_cover_page_say(message: Any) -> None:
    filing, _ = message

    assert {name: filing[name] for name in contracts()["filings"].names} == {
        "accession_no": "0001234567-24-000002",
        "cik": "0001234567",
        "manager": "Seven Soundings & Co LLC",
        "form_type": "13F-HR/A",
        "report_type": "13F HOLDINGS REPORT",
        "period_end": date(2024, 6, 30),
        "filed_date": date(2024, 7, 15),
        "accepted_at": datetime(2024, 7, 12, 21, 31, 5, tzinfo=UTC),
        "amendment_kind": "NEW HOLDINGS",
        "amendment_no": 2,
        "n_entries": 4,
        "value_total": Decimal(40_567_750),
    }


def test_a_holding_is_what_its_line_says(message: Any) -> None:
    _, (first, *_) = message

    assert {name: first[name] for name in contracts()["holdings"].names} == {
        "accession_no": "0001234567-24-000002",
        "line": 1,
        "issuer": "AT&T INC",
        "class_title": "COM",
        "cusip": "00206R102",
        "figi": "BBG000BSJK37",
        "put_call": None,
        "share_type": "SH",
        "shares": Decimal(21_285),
        "value_reported": Decimal(406_755),
        "discretion": "DFND",
        "other_managers": "01 04",
        "voting_sole": Decimal(1),
        "voting_shared": Decimal(2),
        "voting_none": Decimal(21_282),
    }


def test_puts_calls_and_principal_are_told_apart(message: Any) -> None:
    _, rows = message

    assert [(row["line"], row["put_call"], row["share_type"]) for row in rows] == [
        (1, None, "SH"), (2, "put", "SH"), (3, "call", "SH"), (4, None, "PRN"),
    ]  # fmt: skip


def test_a_row_is_known_when_edgar_accepted_its_filing(message: Any) -> None:
    filing, rows = message

    known = {row["known_at"] for row in (filing, *rows)}

    assert known == {datetime(2024, 7, 12, 21, 31, 5, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("accepted", "known_at"),
    [
        ("20231114093854", datetime(2023, 11, 14, 14, 38, 54, tzinfo=UTC)),  # winter
        ("20231103173000", datetime(2023, 11, 3, 21, 30, tzinfo=UTC)),  # summer
        ("20231105013000", datetime(2023, 11, 5, 6, 30, tzinfo=UTC)),  # the hour that comes twice
        (None, datetime(2023, 11, 15, 5, tzinfo=UTC)),  # the day after the filing date
    ],
)
def test_acceptance_is_told_in_new_york(
    store: Store, tmp_path: Path, accepted: str | None, known_at: datetime
) -> None:
    load_files(store, "sec_13f", written(tmp_path, submission(NUMBER, ONE, accepted=accepted)))

    (filing,) = filings(store)

    assert filing["known_at"] == known_at
    assert filing["accepted_at"] == (known_at if accepted else None)
    assert [row["known_at"] for row in holdings(store)] == [known_at]


@pytest.mark.parametrize(
    ("form", "said", "kind"),
    [
        ("13F-HR", None, "ORIGINAL"),
        ("13F-HR/A", "<amendmentType>RESTATEMENT</amendmentType>", "RESTATEMENT"),
        ("13F-HR/A", "<amendmentType>NEW HOLDINGS</amendmentType>", "NEW HOLDINGS"),
        ("13F-HR/A", None, "RESTATEMENT"),
    ],
)
def test_an_amendment_without_a_type_restates(
    store: Store, tmp_path: Path, form: str, said: str | None, kind: str
) -> None:
    amendment = f"<isAmendment>true</isAmendment><amendmentInfo>{said or ''}</amendmentInfo>"

    load_files(
        store, "sec_13f", written(tmp_path, submission(NUMBER, ONE, form=form, amendment=amendment))
    )

    assert [row["amendment_kind"] for row in filings(store)] == [kind]


def test_an_amendment_of_an_unknown_kind_stops(store: Store, tmp_path: Path) -> None:
    amendment = "<amendmentInfo><amendmentType>CORRECTION</amendmentType></amendmentInfo>"
    text = submission(NUMBER, ONE, form="13F-HR/A", amendment=amendment)

    with pytest.raises(KeyError, match="CORRECTION"):
        load_files(store, "sec_13f", written(tmp_path, text))


def test_a_notice_is_a_filing_without_holdings(store: Store, tmp_path: Path) -> None:
    (loaded,) = load_files(
        store, "sec_13f", written(tmp_path, submission(NUMBER, None, form="13F-NT"))
    )

    (filing,) = filings(store)

    assert (loaded.n_rows, holdings(store)) == (1, [])
    assert (filing["report_type"], filing["n_entries"]) == ("13F NOTICE", None)


@pytest.mark.parametrize("prefix", ["", "ns1", "n1"])
def test_only_local_names_count(store: Store, tmp_path: Path, prefix: str) -> None:
    load_files(store, "sec_13f", written(tmp_path, submission(NUMBER, table([APPLE], prefix))))

    assert [row["shares"] for row in holdings(store)] == [Decimal(100)]


def test_what_is_no_utf_8_is_latin_1(store: Store, tmp_path: Path) -> None:
    text = submission(NUMBER, table([{**APPLE, "issuer": "NESTLÉ SA"}]))

    load_files(store, "sec_13f", written(tmp_path, text, encoding="latin-1"))

    assert [row["issuer"] for row in holdings(store)] == ["NESTLÉ SA"]


def test_a_table_of_many_lines_keeps_their_order(store: Store, tmp_path: Path) -> None:
    many = table([{**APPLE, "shares": n} for n in range(1, 10_003)])

    (loaded,) = load_files(store, "sec_13f", written(tmp_path, submission(NUMBER, many)))

    rows = holdings(store)
    assert loaded.n_rows == 10_003
    assert [row["shares"] for row in rows] == [Decimal(row["line"]) for row in rows]


def test_a_line_that_breaks_the_contract_is_set_aside(store: Store, tmp_path: Path) -> None:
    text = submission(NUMBER, table([{**APPLE, "cusip": "03783310"}, APPLE]))

    (loaded,) = load_files(store, "sec_13f", written(tmp_path, text))

    assert (loaded.n_rows, loaded.n_rejected) == (2, 1)
    assert [row["line"] for row in holdings(store)] == [2]


def test_loading_again_adds_nothing(store: Store) -> None:
    load_files(store, "sec_13f", MESSAGE)

    (again,) = load_files(store, "sec_13f", MESSAGE)

    assert not again.is_new


def test_in_folders_only_the_names_of_submissions_are_taken() -> None:
    names = [LTS_ONE, BULL_STREET, "form.13FHR.xml", "13F-HR.infotable.xml", "readme.txt"]

    assert [name for name in names if sec_13f.FEED.knows(name)] == [LTS_ONE, BULL_STREET]


WHOLE = submission(NUMBER, ONE)
OTHERS = {
    PAGE.format("Form 13-F"): "a web page, 'SEC.gov | Form 13-F', and no submission; fetch the "
    "whole one, NUMBER.txt",
    ONE: "an information table alone, which does not say whose it is, and no submission; fetch "
    "the whole one, NUMBER.txt",
    '<?xml version="1.0"?>\n<edgarSubmission/>': "a cover page alone, without its table, and no "
    "submission; fetch the whole one, NUMBER.txt",
    "a\tb\n": "no file of EDGAR, and no submission; fetch the whole one, NUMBER.txt",
    WHOLE[:-200]: "cut short, it has no </SEC-DOCUMENT>; fetch it again",
    WHOLE[:300]: "cut short, it has no </SEC-DOCUMENT>; fetch it again",
    WHOLE.replace("13F-HR", "4"): "a form 4, and no 13F-HR or 13F-NT; leave it out",
    WHOLE.replace("ACCESSION NUMBER", "N"): "its header has no 'ACCESSION NUMBER'; fetch it again",
    WHOLE.replace("20230930", "20230931"): "'20230931' is no day; fetch it again",
    submission(NUMBER, None): "a 13F-HR without a table; fetch it again",
    WHOLE.replace("XML>", "PRE>"): "its cover page is no XML, as before 2013; leave it out",
}


@pytest.mark.parametrize("text", OTHERS, ids=list(OTHERS.values()))
def test_what_is_no_submission_is_refused_in_one_sentence(
    store: Store, tmp_path: Path, text: str
) -> None:
    path = written(tmp_path, text)

    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f", path)

    assert str(told.value) == f"{path}: {OTHERS[text]}"
    assert (filings(store), holdings(store)) == ([], [])


def line_of(text: str, word: str) -> int:
    return text[: text.index(word)].count("\n") + 1


def test_xml_that_breaks_off_is_told_with_its_line(store: Store, tmp_path: Path) -> None:
    text = WHOLE.replace("</infoTable>", "")
    path = written(tmp_path, text)

    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f", path)

    where = line_of(text, "</informationTable>")
    assert str(told.value) == f"{path}:{where}: XML that breaks off; fetch it again"


def test_a_number_that_is_none_is_told(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, submission(NUMBER, table([{**APPLE, "shares": "12.5"}])))

    with pytest.raises(FeedError, match=r": sshPrnamt is '12\.5', no whole number; fetch it again"):
        load_files(store, "sec_13f", path)


def test_entities_of_its_own_are_refused(store: Store, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]>' + ONE
    path = written(tmp_path, submission(NUMBER, bomb))

    with pytest.raises(FeedError, match="XML with a DOCTYPE, which EDGAR never sends"):
        load_files(store, "sec_13f", path)


class Edgar(HTTPServer):
    """Answers as EDGAR does; `says` comes before all else, with status and body."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.says: list[Answer] = []
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}/Archives"

    def lists(self, *lines: str, day: str = "20231114") -> None:
        """Publish a day's index."""
        text = INDEX + "\n".join(lines) + "\n"
        path = f"/Archives/edgar/daily-index/2023/QTR4/master.{day}.idx"
        self.files[path] = text.encode("latin-1")

    def files_it(self, number: str, cik: str = "1234567") -> str:
        """Publish a submission; return its line in the index."""
        path = f"edgar/data/{cik}/{number}.txt"
        self.files[f"/Archives/{path}"] = submission(number, ONE).encode()
        return f"{cik}|Société Line|13F-HR|20231114|{path}"


class Handler(BaseHTTPRequestHandler):
    server: Edgar

    def do_GET(self) -> None:
        self.server.asked.append(self.path.rpartition("/")[2])
        status, body = 200, self.server.files.get(self.path)
        headers: dict[str, str] = {}
        if "@" not in self.headers["User-Agent"]:
            status, body = 403, NOBODY
        elif self.server.says:
            status, body, headers = self.server.says.pop(0)
        elif body is None:
            status, body = 403, DENIED
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edgar]:
    with Edgar() as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        monkeypatch.setattr(sec_13f, "ARCHIVES", server.url)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Http]:
    with Http("sec_13f", contact="me@example.org", folder=tmp_path, per_second=1_000) as http:
        yield http


def pulled(store: Store, http: Http, span: Span = DAY) -> list[Loaded]:
    return list(over_network("sec_13f", sec_13f, store, span, http))


def test_every_13f_of_the_index_is_fetched_once(store: Store, http: Http, edgar: Edgar) -> None:
    first, second = edgar.files_it("0001234567-23-000001"), edgar.files_it("0001234567-23-000002")
    edgar.lists(
        first, "1|Another Filer|13F-HR|20231114|edgar/data/1/0001234567-23-000001.txt",
        "2|Insider|4|20231114|edgar/data/2/0001234567-23-000003.txt",
        "3|Treated|13F-CTR|20231114|edgar/data/3/0001234567-23-000004.txt", second,
    )  # fmt: skip
    edgar.files["/Archives/edgar/data/1/0001234567-23-000001.txt"] = submission(
        "0001234567-23-000001", ONE
    ).encode()

    loads = pulled(store, http)

    assert [loaded.coverage for loaded in loads] == [
        "0001234567-23-000001.txt", "0001234567-23-000002.txt",
    ]  # fmt: skip
    assert edgar.asked == ["master.20231114.idx", *[loaded.coverage for loaded in loads]]
    assert len(holdings(store)) == len(filings(store)) == 2


def test_what_the_store_has_is_not_fetched_again(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.lists(edgar.files_it("0001234567-23-000001"))
    pulled(store, http)
    edgar.lists(edgar.files_it("0001234567-23-000001"), edgar.files_it("0001234567-23-000002"))
    edgar.asked.clear()

    (loaded,) = pulled(store, http)

    assert loaded.coverage == "0001234567-23-000002.txt"
    assert edgar.asked == ["master.20231114.idx", "0001234567-23-000002.txt"]


@pytest.mark.parametrize("answer", [(403, DENIED, {}), (404, b"<html>no</html>", {})])
def test_a_day_without_an_index_is_passed_over(
    store: Store, http: Http, edgar: Edgar, answer: Answer
) -> None:
    edgar.says = [answer]
    edgar.lists(edgar.files_it("0001234567-23-000001"), day="20231115")

    loads = pulled(store, http, Span(DAY.since, datetime(2023, 11, 16, tzinfo=UTC)))

    assert [loaded.coverage for loaded in loads] == ["0001234567-23-000001.txt"]
    assert edgar.asked[:2] == ["master.20231114.idx", "master.20231115.idx"]


def test_an_index_without_13f_asks_no_more(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.lists()

    assert pulled(store, http) == []
    assert edgar.asked == ["master.20231114.idx"]


@pytest.mark.parametrize("status", [200, 403, 429])
@pytest.mark.parametrize("n_before", [0, 1, 2])
def test_too_many_requests_stop_the_run_at_once(
    store: Store, http: Http, edgar: Edgar, status: int, n_before: int
) -> None:
    lines = [edgar.files_it(f"0001234567-23-00000{n}") for n in (1, 2)]
    edgar.lists(*lines)
    index = edgar.files["/Archives/edgar/daily-index/2023/QTR4/master.20231114.idx"]
    before: list[Answer] = [
        (200, index, {}),
        (200, edgar.files[f"/Archives/{lines[0].split('|')[4]}"], {}),
    ]
    edgar.says = [*before[:n_before], (status, TOO_FAST, {})]

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    assert str(told.value) == (
        "sec_13f: 127.0.0.1 says 'Request Rate Threshold Exceeded'; "
        "ask nothing for 10 minutes, then run again"
    )
    assert told.value.exit_code == 3
    assert len(edgar.asked) == n_before + 1
    assert len(filings(store)) == max(n_before - 1, 0)


def test_a_later_run_goes_on_after_a_refusal(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.lists(edgar.files_it("0001234567-23-000001"))
    edgar.says = [(200, TOO_FAST, {})]
    with pytest.raises(FeedError):
        pulled(store, http)

    (loaded,) = pulled(store, http)

    assert loaded.is_new


def test_who_names_nobody_is_told_to_say_whom_to_write_to(
    store: Store, tmp_path: Path, edgar: Edgar
) -> None:
    with (
        Http("sec_13f", contact=None, folder=tmp_path, per_second=1_000) as http,
        pytest.raises(FeedError) as told,
    ):
        pulled(store, http)

    assert str(told.value) == (
        "sec_13f: 127.0.0.1 says 'Undeclared Automated Tool'; "
        "set contact to a name and a mail address"
    )
    assert (told.value.exit_code, len(edgar.asked)) == (1, 1)


def test_a_busy_edgar_is_asked_again(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.lists(edgar.files_it("0001234567-23-000001"))
    edgar.says = [(429, b"busy", {"Retry-After": "0"})]

    with stamina.set_testing(True, attempts=3):
        (loaded,) = pulled(store, http)

    assert loaded.is_new
    assert edgar.asked[:2] == ["master.20231114.idx"] * 2


def test_a_submission_that_is_not_there_is_told_after_the_others(
    store: Store, http: Http, edgar: Edgar
) -> None:
    gone, there = edgar.files_it("0001234567-23-000001"), edgar.files_it("0001234567-23-000002")
    edgar.lists(gone, there)
    del edgar.files[f"/Archives/{gone.split('|')[4]}"]

    with pytest.raises(FeedError) as told:
        pulled(store, http)

    assert str(told.value) == (
        "sec_13f: the index of 2023-11-14 lists edgar/data/1234567/0001234567-23-000001.txt and "
        "0 more that are not there; run this again later"
    )
    assert told.value.exit_code == 3
    assert [row["accession_no"] for row in filings(store)] == ["0001234567-23-000002"]


def test_a_page_in_place_of_an_index_stops(store: Store, http: Http, edgar: Edgar) -> None:
    edgar.says = [(200, PAGE.format("Maintenance").encode(), {})]

    with pytest.raises(FeedError, match=r"master\.20231114\.idx: it is no index of EDGAR; look"):
        pulled(store, http)


def test_a_page_in_place_of_a_submission_stops(store: Store, http: Http, edgar: Edgar) -> None:
    line = edgar.files_it("0001234567-23-000001")
    edgar.lists(line)
    edgar.files[f"/Archives/{line.split('|')[4]}"] = PAGE.format("Maintenance").encode()

    with pytest.raises(FeedError, match=r"txt: a web page, 'SEC\.gov \| Maintenance', and no sub"):
        pulled(store, http)

    assert filings(store) == []


def totals(store: Store) -> dict[str, tuple[Any, ...]]:
    """Return unit and dollars of each filing, by its cover page and by the sum of its rows."""
    house = Warehouse(Catalog(ROOT), store, Config("").engine())
    with closing(house):
        sums = house.ask("curated.holdings", BEGINNING, FOREVER).query(
            "held", "select accession_no, sum(value_usd), count(*) from held group by all"
        )
        assert sums is not None
        by_rows = {number: found for number, *found in sums.fetchall()}
        filed = house.ask("curated.filings", BEGINNING, FOREVER).to_arrow_table().to_pylist()
    return {
        row["manager"]: (
            row["value_unit"], row["unit_rule"], row["value_usd"], *by_rows[row["accession_no"]]
        )
        for row in filed
    }  # fmt: skip


@pytest.mark.real
def test_real_tables_give_the_dollars_of_their_cover_pages(
    store: Store, real: Path, tmp_path: Path
) -> None:
    folder = real / "sec_13f_filings"
    real_table = (folder / "13F-HR.infotable.xml").read_text()
    text = submission(NUMBER, real_table, manager="Composed", n_entries=255, total=350_153_407)

    loads = load_files(store, "sec_13f", folder, written(tmp_path, text))

    assert [loaded.n_rejected for loaded in loads] == [0, 0, 0]
    assert totals(store) == {
        "LTS One Management LP": ("usd", "date", 454_926_000, 454_926_000, 14),
        "Bull Street Advisors, LLC": ("thousand", "implied_price", 192_767_000, 192_767_000, 90),
        "Composed": ("usd", "date", 350_153_407, 350_153_407, 255),
    }


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("form.13FHR.xml", "a web page, 'SEC FORM 13-F Information Table', and no submission"),
        ("13F-HR.infotable.xml", "an information table alone, which does not say whose it is"),
        ("abacus.13F-HR.primarydoc.xml", "a cover page alone, without its table"),
    ],
)
def test_real_files_that_are_no_submission_are_refused(
    store: Store, real: Path, name: str, said: str
) -> None:
    with pytest.raises(FeedError) as told:
        load_files(store, "sec_13f", real / "sec_13f_filings" / name)

    assert f"{name}: {said}" in str(told.value)


@pytest.mark.real
def test_a_real_form_4_is_refused(store: Store, real: Path) -> None:
    with pytest.raises(FeedError, match="a form 4, and no 13F-HR or 13F-NT; leave it out"):
        load_files(store, "sec_13f", real / "sec_ownership_xml" / "0000320193-22-000061.txt")
