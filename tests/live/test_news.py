"""What came since it was read last is told once, also when files were compacted meanwhile."""

from pathlib import Path

from leadline.upkeep import compact
from live.news import News
from tests.acts import act, append
from tests.stores import opened


def test_what_is_new_is_told_once_in_the_order_of_the_store(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as store:
        news = News(store, "alert_actions", "acted_at, action_id")
        nothing = news.rows()
        append(store, [act("fired", "B", "05 15:00"), act("fired", "A", "05 14:00")])
        append(store, [act("resolved", "B", "04 15:00")])
        first, second = news.rows(), news.rows()
        append(store, [act("fired", "C", "05 15:01")])
        assert [each.dataset for each in compact(store, ["alert_actions"])] == ["alert_actions"]
        third = news.rows()

        assert (nothing, second) == ([], [])
        assert [row["key"] for row in first] == ["A", "B", "B"]
        assert [row["key"] for row in third] == ["C"]
        assert first[1]["recorded_at"] < first[2]["recorded_at"]
        one = news.having("action_id", [first[0]["action_id"], "none"])
        assert [row["key"] for row in one] == ["A"]
        assert news.having("action_id", []) == []


def test_what_was_forgotten_is_not_told(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as store:
        append(store, [act("fired", "A")])
        store.ledger.refresh()
        store.forget(store.ledger.standing("alert_actions")[0])

        assert News(store, "alert_actions", "action_id").rows() == []
