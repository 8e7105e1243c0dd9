"""EDGAR on this machine: an index a day, submissions, and its three ways to refuse."""

from tests.sites import Answer, Asked, Site
from tests.submissions import ONE, PAGE, submission

INDEX = """\
Description:           Master Index of EDGAR Dissemination Feed
Last Data Received:    Nov 14, 2023
 
CIK|Company Name|Form Type|Date Filed|File Name
--------------------------------------------------------------------------------
"""
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
TOO_FAST = PAGE.format("Request Rate Threshold Exceeded").encode()
NOBODY = PAGE.format("Your Request Originates from an Undeclared Automated Tool").encode()


class Edgar(Site):
    """Answers as EDGAR does; its list comes before all else."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}

    def answer(self, asked: Asked) -> Answer:
        if "@" not in asked.headers["User-Agent"]:
            return Answer(403, NOBODY)
        if self.answers:
            return self.answers.pop(0)
        body = self.files.get(asked.path)
        return Answer(403, DENIED) if body is None else Answer(200, body)

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
