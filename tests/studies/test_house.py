from datetime import timedelta

from studies.house import house, load
from studies.pump_trades import dollars, invented
from tests.doors import all_cores, catalog, rows


def test_a_study_has_a_store_of_its_own_that_knows_sessions_and_is_gone_after_it() -> None:
    pumps = invented(1, 1)
    with house(all_cores(), catalog()) as warehouse:
        place = warehouse.store.place
        load(warehouse, "binance_dumps", {"crypto_trades": dollars(pumps)})

        snapshot = warehouse.refresh()
        assert place.is_there()
        assert snapshot.files["sessions"]
        assert snapshot.files["conditions"]
        until = pumps[0].at + timedelta(hours=1)
        hour = rows(warehouse.ask("raw.crypto_trades", pumps[0].at, until))
        assert [row["pair"] for row in hour] == ["BTC-USDT"]
    assert not place.is_there()
