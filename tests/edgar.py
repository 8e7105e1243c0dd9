"""EDGAR on this machine: an index a day, submissions, and its three ways to refuse."""

from urllib.parse import parse_qs, urlsplit

from tests.sites import Answer, Asked, Site
from tests.submissions import ONE, PAGE, submission

INDEX = """\
Description:           Master Index of EDGAR Dissemination Feed
Last Data Received:    Nov 14, 2023
 
CIK|Company Name|Form Type|Date Filed|File Name
--------------------------------------------------------------------------------
"""
SETS = """<a href="/files/a/2023q4_form{0}.zip">x</a>
<a href="/files/b/01dec2024-28feb2025_form{0}.zip">x</a>
<a href="/files/b/01dec2024-28feb2025_form{0}_1.zip">x</a>
<a href="/files/other.zip">x</a>"""
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
TOO_FAST = PAGE.format("Request Rate Threshold Exceeded").encode()
NOBODY = PAGE.format("Your Request Originates from an Undeclared Automated Tool").encode()


FEED = """\
<?xml version="1.0" encoding="ISO-8859-1" ?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>Latest Filings - Tue, 14 Nov 2023 18:03:57 EST</title>
<updated>2023-11-14T18:03:57-05:00</updated>
{}
</feed>
"""
ENTRY = """\
<entry>
<title>{form} - Soci\xe9t\xe9 Line (000{cik}) (Filer)</title>
<link rel="alternate" type="text/html"
 href="https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/{number}-index.htm"/>
<summary type="html"> &lt;b&gt;Filed:&lt;/b&gt; 2023-11-14</summary>
<updated>{at}</updated>
<category scheme="https://www.sec.gov/" label="form type" term="{form}"/>
<id>urn:tag:sec.gov,2008:accession-number={number}</id>
</entry>
"""


class Edgar(Site):
    """Answers as EDGAR does; its list comes before all else."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.entries: list[tuple[str, str]] = []  # form and XML of what came in, the newest first

    def answer(self, asked: Asked) -> Answer:
        if "@" not in asked.headers["User-Agent"]:
            return Answer(403, NOBODY)
        if self.answers:
            return self.answers.pop(0)
        if asked.name == "browse-edgar":
            return self.latest(parse_qs(urlsplit(asked.path).query))
        body = self.files.get(asked.path)
        return Answer(403, DENIED) if body is None else Answer(200, body)

    def latest(self, query: dict[str, list[str]]) -> Answer:
        """Return a page of what came in last: forms by prefix, and nothing behind the 51st."""
        start, count = int(query["start"][0]), int(query["count"][0])
        if start > 5_000:
            return Answer(503, PAGE.format("Busy").encode())
        told = [xml for form, xml in self.entries if form.startswith(query["type"][0])]
        page = "".join(told[start : start + count])
        return Answer(200, FEED.format(page).encode("latin-1"))

    def tells(
        self, number: str, form: str = "13F-HR", at: str = "2023-11-14T16:02:43-05:00"
    ) -> None:
        """Let a submission have come in last; of one that is there already, by another filer."""
        folder = number.replace("-", "")
        xml = ENTRY.format(form=form, number=number, folder=folder, cik="1234567", at=at)
        self.entries.insert(0, (form, xml))

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
