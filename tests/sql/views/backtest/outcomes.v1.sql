-- default: detector = 'options.sweep', version = 1, entity = 'A', security_id = 'A', kind = 'stock'
-- default: bar = 'session', score = 50, direction = 'bull', severity = 'medium'
-- default: horizon = '1 session', n_bars = 1

-- case: of an alert at night the price is the close before, and one buys at the next
-- given: backtest.horizons
select
    'session' as bar,
    '1 session' as horizon,
    1 as n_bars;
-- given: backtest.alerts
select *
from (
    values
    ('up', 'bull', '2024-03-01 22:00Z'),
    ('down', 'bear', '2024-03-01 22:00Z'),
    ('unsided', null, '2024-03-01 22:00Z')
) as given (alert_key, direction, fired_at);
-- given: backtest.closes
select
    us.sequence as place,
    us.closes_at as bar_at,
    us.closes_at + interval 15 minutes as known_at,
    given.price,
    given.price as traded_price
from (
    values
    (date '2024-03-01', 100), (date '2024-03-04', 102), (date '2024-03-05', 105)
) as given (session_date, price)
inner join curated.us_sessions as us on given.session_date = us.session_date;
-- given: backtest.moves
select
    us.sequence as place,
    us.closes_at as bar_at,
    102 as entry_price,
    105 as exit_price,
    timestamptz '2024-03-05 21:00Z' as exit_at,
    timestamptz '2024-03-05 21:15Z' as known_at,
    0.03 as return_frac,
    0.01 as excess_frac,
    true as is_sigma_2,
    'calm' as regime
from curated.us_sessions as us
where us.session_date = '2024-03-04';
-- expect: alert_key, exit_at, entry_price, return_frac, signed_return_frac, next_price,
--     next_return_frac, net_return_frac, excess_frac, is_sigma_2, regime, status
select
    alert_key,
    timestamptz '2024-03-04 21:00Z' as exit_at,
    100 as entry_price,
    0.02 as return_frac,
    sign * 0.02 as signed_return_frac,
    102 as next_price,
    0.03 as next_return_frac,
    sign * 0.03 - 0.003 as net_return_frac,
    0.01 as excess_frac,
    true as is_sigma_2,
    'calm' as regime,
    'closed' as status
from (values ('up', 1), ('down', -1), ('unsided', null)) as given (alert_key, sign);

-- case: within a session one buys at its close, and what fires after it at the next
-- param: min_score = 50
-- given: backtest.horizons
select
    'session' as bar,
    '1 session' as horizon,
    1 as n_bars;
-- given: backtest.alerts
select *
from (
    values
    ('in', 50, '2024-03-04 15:00Z'),
    ('after', 50, '2024-03-04 21:05Z'),
    ('faint', 49, '2024-03-04 15:00Z')
) as given (alert_key, score, fired_at);
-- given: backtest.closes
select
    us.sequence as place,
    us.closes_at as bar_at,
    us.closes_at + interval 15 minutes as known_at,
    given.price,
    given.price as traded_price
from (
    values
    (date '2024-03-01', 100), (date '2024-03-04', 102), (date '2024-03-05', 105),
    (date '2024-03-06', 105)
) as given (session_date, price)
inner join curated.us_sessions as us on given.session_date = us.session_date;
-- given: backtest.moves
select
    us.sequence as place,
    us.closes_at as bar_at,
    us.closes_at as known_at,
    case us.session_date when date '2024-03-04' then 0.03 else 0 end as return_frac
from curated.us_sessions as us
where us.session_date between '2024-03-04' and '2024-03-05';
-- expect: alert_key, entry_price, exit_at, next_at, next_return_frac, time_of_day
select
    alert_key,
    100 as entry_price,
    ends_at as exit_at,
    ends_at as next_at,
    next_return_frac, time_of_day
from (
    values
    ('in', timestamptz '2024-03-04 21:00Z', 0.03, 'morning'),
    ('after', timestamptz '2024-03-05 21:00Z', 0, 'after')
) as given (alert_key, ends_at, next_return_frac, time_of_day);

-- case: who has no price, an old one, or none later while others have, is told so
-- given: backtest.horizons
select
    'session' as bar,
    '1 session' as horizon,
    1 as n_bars;
-- given: backtest.alerts
select
    *,
    '2024-03-04 15:00Z' as fired_at
from (
    values ('nobody', 'cik:1'), ('old', 'OLD'), ('halted', 'HALT')
) as given (alert_key, entity);
-- given: backtest.closes
select
    given.entity,
    given.entity as security_id,
    us.sequence as place,
    us.closes_at as known_at,
    1 as price
from (
    values
    ('OLD', date '2024-02-16'), ('HALT', date '2024-03-01'), ('OTHER', date '2024-04-01')
) as given (entity, session_date)
inner join curated.us_sessions as us on given.session_date = us.session_date;
-- expect: alert_key, status, reason
values
('nobody', 'no_price', 'no price was known when it fired'),
('old', 'no_price', 'the newest price was too old'),
('halted', 'no_price', 'no price at the end of the next bar, or of the horizon');

-- case: a pair's horizons are in time, from the end of the five minutes in which it fired
-- given: backtest.horizons
select *
from (values ('5m', '5 minutes', 1), ('5m', '1 hour', 12)) as given (bar, horizon, n_bars);
-- given: backtest.alerts
select
    'k' as alert_key,
    'binance:BTC-USDT' as entity,
    '2024-03-04 12:07Z' as fired_at;
-- given: backtest.closes
select
    'binance:BTC-USDT' as entity,
    'binance:BTC-USDT' as security_id,
    '5m' as bar,
    epoch(bar_at) // 300 as place,
    bar_at, price,
    bar_at as known_at,
    price as traded_price
from (
    values
    (timestamptz '2024-03-04 12:05Z', 100),
    (timestamptz '2024-03-04 12:10Z', 101),
    (timestamptz '2024-03-04 12:15Z', 102)
) as given (bar_at, price);
-- given: backtest.moves
select
    'binance:BTC-USDT' as security_id,
    '5m' as bar,
    '5 minutes' as horizon,
    timestamptz '2024-03-04 12:10Z' as bar_at,
    epoch(timestamptz '2024-03-04 12:10Z') // 300 as place,
    0.009900990 as return_frac,
    timestamptz '2024-03-04 12:15Z' as known_at;
-- expect: horizon, status, time_of_day, return_frac, next_at
values
('5 minutes', 'closed', '12-18', 0.01, timestamptz '2024-03-04 12:10Z'),
('1 hour', 'open', '12-18', null, null);
