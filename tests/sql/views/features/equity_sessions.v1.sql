-- default: symbol = 'IBM', session_date = '2024-03-01', known_date = '2024-03-01'
-- default: known_at = '2024-03-01 20:59:00Z', offex_value_usd = 0, n_offex_prints = 0
-- default: auction_volume = 0, late_volume = 0, n_unknown_venues = 0, n_unknown_codes = 0

-- case: a session is the sum of its days, told four hours and a quarter after its close
-- given: features.equity_session_days
select *
from (
    values
    ('2024-03-01', '2024-03-01 20:59:00Z', 600, 200, 60_000, 4),
    ('2024-03-02', '2024-03-02 00:59:00Z', 200, 200, 20_000, 1)
) as given (known_date, known_at, volume, offex_volume, value_usd, n_prints);
-- expect: symbol, session_date, known_at, volume, offex_volume, value_usd, n_prints, offex_share
values ('IBM', '2024-03-01', '2024-03-02 01:15:00Z', 800, 400, 80_000, 5, 0.5);

-- case: a half session's last word is told four hours and a quarter after its own close
-- given: features.equity_session_days
select
    '2024-07-03' as session_date,
    '2024-07-03 16:00:00Z' as known_at,
    100 as volume,
    0 as offex_volume,
    10_000 as value_usd,
    1 as n_prints;
-- expect: known_at, offex_share
values ('2024-07-03 21:15:00Z', 0);

-- case: it is told only once it is over
-- span: 2024-03-01 00:00Z 2024-03-02 01:15Z
-- given: features.equity_session_days
select
    600 as volume,
    200 as offex_volume,
    60_000 as value_usd,
    4 as n_prints;
-- expect: nothing
