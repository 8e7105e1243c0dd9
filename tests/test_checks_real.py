"""Real files as their sources sent them: how many of their rows the checks call bad."""

from pathlib import Path

import pytest

from leadline import checks, clock, load, project
from leadline.clock import Span
from tests.desks import real_store
from tests.doors import ROOT, door, opened

pytestmark = pytest.mark.real
MOST = 0.01  # of the rows of a dataset
RIGHT = {"filings.units"}  # one of the two filings of 2023 is in thousands indeed
FEW = (
    ("cboe_chains", "options_eod_cboe_spx/SPX_20190425.csv.gz"),
    ("cboe_chains", "options_eod_cboe_spx/SPX_20190426.csv.gz"),
    ("finra_short_volume", "finra_regsho_daily/FNYX"),
    ("sec_13f", "sec_13f_filings"),
    ("kraken_book", "crypto_ws_cryptofeed/2021-04-17"),
    ("equity_bars_csv", "equity_daily_sp500_5yr/HII_data.csv"),
)
ALL = (
    ("finra_short_volume", "finra_regsho_daily"),
    ("cboe_chains", "options_eod_cboe_spx"),
    ("equity_bars_csv", "equity_daily_sp500_5yr"),
    ("equity_bars_lean", "equity_daily_lean/daily"),
    ("equity_bars_lean", "equity_coarse_daily_lean"),
    ("equity_bars_lean", "equity_minute_lean"),
    ("lean_option_chains", "options_eod_lean"),
    ("yahoo_chains", "options_chain_yahoo_2026"),
    ("crypto_option_chains", "options_chain_crypto_2026"),
    ("equity_ticks", "equity_ticks_lean"),
    ("databento_options", "options_opra_databento"),
    ("binance_book", "crypto_binance_hftbacktest/spot"),
    ("bitfinex_book", "crypto_ws_cryptofeed/2021-04-05"),
    ("coinbase_book", "crypto_ws_cryptofeed/2021-04-17"),
    ("kraken_book", "crypto_ws_cryptofeed/2021-04-17"),
    ("deribit_book", "crypto_ws_cryptofeed/2021-04-05"),
    ("tardis_files", "crypto_misc_nautilus/tardis"),
    ("sec_13f", "sec_13f_filings"),
    ("holdings_csv", "sec_13f_positions_by_manager"),
    ("securities_csv", "sec_13f_official_list"),
    ("sec_insider_datasets", "sec_insider_dataset_2024q3"),
    ("sec_ownership", "sec_ownership_xml"),
    ("deribit_options", "options_deribit_nautilus"),
    ("short_volume_by_venue", "shortvol_gme_etfs_by_venue"),
)  # fmt: skip


@pytest.mark.parametrize(
    "sources", [FEW, pytest.param(ALL, marks=pytest.mark.soak)], ids=["few", "all"]
)
def test_at_most_one_row_in_a_hundred_of_real_files_is_called_bad(
    real: Path, tmp_path: Path, sources: tuple[tuple[str, str], ...]
) -> None:
    place = real_store(tmp_path / "store")
    with opened(place) as store:
        for feed, folder in sources:
            module = project.feed(ROOT, feed)
            files = load.plan(feed, module, [real / folder]).files
            assert sum(each.n_rows for each in load.from_files(feed, module, store, files)) > 0

    with door(place) as house:
        found = list(checks.look(house, checks.named(house), Span(clock.BEGINNING, clock.now())))

    shares = {each.check.id: (each.n_bad or 0) / (each.n_looked_at or 1) for each in found}
    for each in found:
        print(f"{each.check.id}: {each.n_bad} of {each.n_looked_at}")
    assert [each.check.id for each in found if each.state == "broken"] == []
    assert {check for check, share in shares.items() if share > MOST} - RIGHT == set()
    assert all(shares[check] > 0 for check in RIGHT)
    assert sum(each.n_looked_at or 0 for each in found) > 100_000
