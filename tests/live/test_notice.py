"""A notice says what matters in words and in JSON, whatever a source has put into a headline."""

from html.parser import HTMLParser
from typing import Any

from live.notice import Notice, identity, subject
from tests.acts import act
from tests.desks import at

ROW = {
    "entity": "AAPL", "notional_usd": 1_234_567.0, "score": 81,
    "evidence": {"n_exchanges": 4, "is_iso": True, "first": "T1"},
}  # fmt: skip


def notice(*acts: dict[str, Any], **given: Any) -> Notice:
    ids = [each["action_id"] for each in acts]
    return Notice("notice_1", "desk", subject(acts), at("05 15:01"), ids, acts, **given)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def test_it_says_headline_entity_moment_rule_numbers_and_where_the_evidence_is() -> None:
    fired = act("fired", row=ROW, alert_key="options.sweep|AAPL|1|2")

    text = notice(fired, link="http://127.0.0.1:8000").text()

    assert text == (
        "[high] AAPL swept\n"
        "AAPL, 2024-03-05 15:00:00Z, rule big\n"
        "notional_usd 1.23457e+06, score 81, n_exchanges 4\n"
        "http://127.0.0.1:8000/smart-money/dashboard/alerts?alert=options.sweep%7CAAPL%7C1%7C2\n"
        "\n"
        "notice notice_1\n"
    )


def test_an_act_of_no_alert_is_shown_itself() -> None:
    text = notice(act("fired"), link="http://x").text()

    assert "http://x/api/curated.alert_actions?action_id=big%7CAAPL%7Cfired%7C2024" in text


def test_what_a_source_sends_is_no_html_and_no_other_line() -> None:
    bad = act("fired", key="<script>", headline="<script>alert(1)</script>\r\nBcc: all@example.com")

    found, tags = notice(bad, link="http://x"), Tags()
    tags.feed(found.html())

    assert tags.tags == {"html", "body", "p", "b", "br", "a", "small"}
    assert "\n" not in found.subject
    assert "\r" not in found.subject


def test_a_subject_is_short() -> None:
    many = [act("fired", f"SYMBOL{n}") for n in range(100)]

    assert len(subject([act("fired", headline="x" * 500)])) == 120
    assert len(subject(many)) <= 120
    assert subject(many).startswith("100 of big [high]: SYMBOL0, SYMBOL1, ")


def test_a_long_one_says_how_many_it_leaves_out() -> None:
    many = notice(*(act("fired", f"S{n}") for n in range(60)))

    assert "and 10 more, which ops.deliveries names" in many.text()
    assert len(many.payload()["data"]["acts"]) == 50
    assert len(many.payload()["data"]["action_ids"]) == 60


def test_a_program_is_told_the_evidence_as_it_is() -> None:
    payload = notice(act("fired", row=ROW)).payload()

    (told,) = payload["data"]["acts"]
    assert payload["type"] == "notice"
    assert payload["timestamp"] == "2024-03-05T15:01:00+00:00"
    assert told["evidence"] == ROW
    assert (told["entity"], told["severity"], told["rule"]) == ("AAPL", "high", "big")
    assert told["acted_at"] == "2024-03-05T15:00:00+00:00"


def test_evidence_that_is_no_json_does_no_harm() -> None:
    text = notice(act("fired", evidence="{", severity=None, headline=None)).text()

    assert text.startswith("AAPL: big fired\nAAPL, 2024-03-05 15:00:00Z, rule big\n\n")


def test_the_identity_is_of_what_is_told_to_whom() -> None:
    one = identity("desk", ["a", "b"])

    assert one == identity("desk", ["b", "a"])
    assert len({one, identity("home", ["a", "b"]), identity("desk", ["a"]),
                identity("desk", ["a", "b"], one)}) == 4  # fmt: skip
