-- default: symbol = 'GME', session_date = '2024-03-01', closes_at = '2024-03-01 21:00Z'
-- default: counts_volume = true, is_offex = true, is_midpoint = false
-- default: traded_at = '2024-03-01 15:00Z', known_at = '2024-03-01 15:00Z'

-- case: value adds up by side, and by size
-- given: curated.equity_trades
select *
from (
    values
    (1, false, 600_000), (-1, false, 1_000_000), (null, true, 10_000_000), (null, false, 50_000)
) as given (side, is_midpoint, value_usd);
-- expect: session_date, symbol, known_date, known_at, total_usd, bull_usd, bear_usd, mid_usd,
--     large_usd, n_prints, n_large_prints, n_blocks
values (
    '2024-03-01', 'GME', '2024-03-01', '2024-03-01 15:00Z', 11_650_000, 600_000, 1_000_000,
    10_000_000, 11_000_000, 4, 2, 1
);

-- case: what is on an exchange, is no volume, or comes after the session's last word does not count
-- given: curated.equity_trades
select
    *,
    1 as side,
    1_000 as value_usd
from (
    values
    (true, true, '2024-03-02 01:14:59Z'),
    (false, true, '2024-03-01 15:00Z'),
    (true, false, '2024-03-01 15:00Z'),
    (true, true, '2024-03-02 01:15Z')
) as given (is_offex, counts_volume, known_at);
-- expect: known_date, total_usd
values ('2024-03-02', 1_000);

-- case: a print that is withdrawn on its day is in no sum, one withdrawn later is
-- given: curated.equity_trades
select
    *,
    1 as side
from (
    values
    (1_000, '2024-03-01 16:00Z'), (2_000, '2024-03-04 15:00Z'), (4_000, null)
) as given (value_usd, withdrawn_at);
-- expect: total_usd, n_prints
values (6_000, 2);
