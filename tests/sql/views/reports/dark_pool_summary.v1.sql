-- default: symbol = 'IBM', session_date = '2024-03-01', is_offex = true, counts_volume = true
-- default: known_at = '2024-03-01 15:00:00Z', size = 100, value_usd = 10_000, basis = 'totals'

-- case: prints are counted by price and side; what has none is neutral and in no share
-- given: curated.equity_trades
select *
from (
    values
    (100, 10_000, 2.5, 1, true, true, null),
    (300, 30_000, 1.5, null, true, true, null),
    (20_000, 2_000_000, -1.5, -1, true, true, null),
    (100, 10_000, 0, null, true, true, null),
    (100, 10_000, null, null, true, true, null),
    (100, 10_000, 9, 1, false, true, null),
    (100, 10_000, 9, 1, true, false, null),
    (100, 10_000, 9, 1, true, true, '2024-03-01 16:00:00Z')
) as given (size, value_usd, prem_bps, side, is_offex, counts_volume, withdrawn_at);
-- expect: symbol, basis, n_prints, volume, value_usd, mean_price, mean_size, n_premium,
--     n_discount, premium_pct, n_bull, n_bear, n_neutral, bullish_pct, n_large, large_usd,
--     large_pct
values (
    'IBM', 'prints', 5, 20_600, 2_060_000, 100, 4_120, 2, 1, 50, 1, 1, 3, 50, 1, 2_000_000,
    97.087379
);

-- case: of a session without a tape FINRA's total is told, and nothing about prints
-- given: features.off_exchange_sessions
select *
from (
    values
    ('totals', 5_000, 500_000),
    ('prints', 7_000, 700_000)
) as given (basis, offex_volume, offex_value_usd);
-- expect: basis, volume, value_usd, n_prints, premium_pct, n_bull, bullish_pct, n_large
values ('totals', 5_000, 500_000, null, null, null, null, null);

-- case: where both are told the tape counts
-- given: curated.equity_trades
select 200 as size;
-- given: features.off_exchange_sessions
select 5_000 as offex_volume;
-- expect: basis, volume, premium_pct, bullish_pct
values ('prints', 200, null, null);
