-- default: symbol = 'AAPL', bar = '1m', session_date = '2024-03-01', source = 'equity_bars_lean'
-- default: volume_split = 10

-- case: 1.2 % in 15 minutes at a daily volatility of 2 % are 3.06 standard deviations
-- given: features.price_levels
select
    '2024-02-29' as session_date,
    '2024-02-29 21:15Z' as known_at,
    100 as close,
    100 as mean14,
    0.02 as sigma_d;
-- given: curated.equity_bars
select *
from (
    values
    ('2024-03-01 14:30Z', '2024-03-01 14:31Z', 106),
    ('2024-03-01 14:45Z', '2024-03-01 14:46Z', 106 * exp(0.012))
) as given (starts_at, known_at, close_split);
-- expect: starts_at, price, value_usd, round(chg_day_pct, 3), round(chg_14d_pct, 3),
--     round(chg_15m_pct, 4), round(z_15m, 2), z_5m
values
('2024-03-01 14:30Z', 106, 1_060, 6, 6, null, null, null),
(
    '2024-03-01 14:45Z', 106 * exp(0.012), 1_073, 7.28, 7.28,
    round(100 * (exp(0.012) - 1), 4), 3.06, null
);

-- case: where the half hour is usually twice as lively as the session, they are half as many
-- given: features.price_levels
select
    '2024-02-29' as session_date,
    '2024-02-29 21:15Z' as known_at,
    0.02 as sigma_d;
-- given: features.move_pace
select
    *,
    '2024-03-01 14:30Z' as known_at
from (
    values ('2024-03-01', 0, 2), ('2024-03-01', 1, 0.5), ('2024-02-29', 0, 9)
) as given (session_date, half_hour, pace);
-- given: curated.equity_bars
select *
from (
    values
    ('2024-03-01 14:31Z', '2024-03-01 14:32Z', 100),
    ('2024-03-01 14:41Z', '2024-03-01 14:42Z', 100),
    ('2024-03-01 14:46Z', '2024-03-01 14:47Z', 100 * exp(0.012)),
    ('2024-03-01 15:01Z', '2024-03-01 15:02Z', 100),
    ('2024-03-01 15:07Z', '2024-03-01 15:08Z', 100)
) as given (starts_at, known_at, close_split);
-- expect: starts_at, pace_15, round(z_15m, 2), round(z_5m, 2)
values
('2024-03-01 14:31Z', 2, null, null),
('2024-03-01 14:41Z', 2, null, null),
('2024-03-01 14:46Z', 2, 1.53, 2.65),
('2024-03-01 15:01Z', 2, -1.53, null),
('2024-03-01 15:07Z', 0.5, null, 0);

-- case: what is stale, before the open, corrected or told late says nothing of a move
-- given: features.price_levels
select
    '2024-02-28' as session_date,
    '2024-02-28 21:15Z' as known_at,
    100 as close;
-- given: curated.equity_bars
select *
from (
    values
    ('2024-03-01 14:29Z', '2024-03-01 14:30Z', 90),
    ('2024-03-01 14:30Z', '2024-03-01 14:31Z', 100),
    ('2024-03-01 14:40Z', '2024-03-01 14:45Z', 50),
    ('2024-03-01 14:49Z', '2024-03-01 14:50Z', 110),
    ('2024-03-01 14:49Z', '2024-03-01 14:51Z', 150)
) as given (starts_at, known_at, close_split);
-- expect: starts_at, price, chg_day_pct, chg_5m_pct, chg_15m_pct
values
('2024-03-01 14:30Z', 100, null, null, null),
('2024-03-01 14:49Z', 110, null, null, null);
