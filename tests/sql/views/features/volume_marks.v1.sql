-- default: shares_date = '2024-03-01'
-- default: symbol = 'AAPL', security_id = 'AAPL', session_date = '2024-03-01', bar = '1d'
-- default: close = 180, source = 'equity_bars_lean'

-- case: half hours add up to each mark, also where nothing was traded in one
-- span: 2024-03-01 2024-03-01 16:01Z
-- given: features.volume_half_hours
select *
from (
    values
    (0, 100, 18_000, '2024-03-01 14:59Z'),
    (2, 50, 9_000, '2024-03-01 15:59Z')
) as given (half_hour, volume, value_usd, known_at);
-- expect: symbol, session_date, mark, known_at, volume, value_usd, ratio
values
('AAPL', '2024-03-01', 1, '2024-03-01 15:00Z', 100, 18_000, 1),
('AAPL', '2024-03-01', 2, '2024-03-01 15:30Z', 100, 18_000, 1),
('AAPL', '2024-03-01', 3, '2024-03-01 16:00Z', 150, 27_000, 1);

-- case: a session's bar is as it was first told, in time, and with the splits after it
-- given: curated.split_ratios
select *
from (
    values ('AAPL', '0001-01-01', '2024-03-04', 4)
) as given (security_id, from_date, to_date, ratio);
-- given: curated.told_bars
select
    '2024-03-01 14:30Z' as starts_at,
    *
from (
    values
    ('AAPL', '2024-03-01 21:15Z', '2024-03-01 21:30Z', 1_000),
    ('AAPL', '2024-03-01 21:30Z', null, 2_000),
    ('LATE', '2024-03-06 21:01Z', null, 3_000)
) as given (symbol, known_at, withdrawn_at, volume);
-- expect: symbol, mark, known_at, volume, value_usd, ratio
values ('AAPL', 13, '2024-03-01 21:15Z', 1_000, 180_000, 4);

-- case: a half session has no marks
-- given: curated.told_bars
select
    '2024-07-03' as session_date,
    '2024-07-03 13:30Z' as starts_at,
    '2024-07-03 17:15Z' as known_at,
    1_000 as volume;
-- given: features.volume_half_hours
select
    '2024-07-03' as session_date,
    0 as half_hour,
    100 as volume,
    '2024-07-03 14:01Z' as known_at;
-- expect: nothing
