-- default: calendar = 'XNYS', session_date = '2024-03-01', underlying = 'AAPL', put_call = 'call'
-- default: expiration = '2024-06-21', opt_trade_class = 'regular', size = 10, premium_usd = 2_500

-- case: prints add up in the half hour of the session in which they became known
-- given: curated.option_prints
select *
from (
    values
    ('2024-03-01 14:29:59.999999Z', 'call', 1, 100.40),
    ('2024-03-01 14:30:00Z', 'call', 2, 200.40),
    ('2024-03-01 14:59:59.999999Z', 'call', 3, 300.40),
    ('2024-03-01 15:00:00Z', 'call', 4, 400.50),
    ('2024-03-01 15:00:00Z', 'put', 5, 500),
    ('2024-03-01 20:59:59.999999Z', 'call', 6, 600),
    ('2024-03-01 21:00:00Z', 'call', 7, 700)
) as given (known_at, put_call, size, premium_usd);
-- expect: session_date, known_date, underlying, put_call, half_hour, known_at, n_trades, volume,
--     premium_usd
values
('2024-03-01', '2024-03-01', 'AAPL', 'call', -1, '2024-03-01 14:29:59.999999Z', 1, 1, 100),
('2024-03-01', '2024-03-01', 'AAPL', 'call', 0, '2024-03-01 14:59:59.999999Z', 2, 5, 501),
('2024-03-01', '2024-03-01', 'AAPL', 'call', 1, '2024-03-01 15:00Z', 1, 4, 401),
('2024-03-01', '2024-03-01', 'AAPL', 'put', 1, '2024-03-01 15:00Z', 1, 5, 500),
('2024-03-01', '2024-03-01', 'AAPL', 'call', 12, '2024-03-01 20:59:59.999999Z', 1, 6, 600),
('2024-03-01', '2024-03-01', 'AAPL', 'call', 13, '2024-03-01 21:00Z', 1, 7, 700);

-- case: a half session ends after seven of them
-- given: curated.option_prints
select
    *,
    '2024-07-03' as session_date
from (
    values
    ('2024-07-03 16:59:59Z'),
    ('2024-07-03 17:00:00Z')
) as given (known_at);
-- expect: half_hour, volume
values
(6, 10),
(13, 10);

-- case: two months are 61 days, and what expires that day is near too
-- given: curated.option_prints
select
    *,
    '2024-03-01 15:00Z' as known_at
from (
    values
    ('2024-03-01', 1, 10),
    ('2024-05-01', 2, 20),
    ('2024-05-02', 4, 40)
) as given (expiration, size, premium_usd);
-- expect: volume, near_volume, zero_dte_volume, premium_usd, near_premium_usd,
--     zero_dte_premium_usd
values (7, 3, 1, 70, 30, 10);

-- case: every class that is a trade counts, and what is none or another session's does not
-- given: curated.option_prints
select
    *,
    '2024-03-01 15:00Z' as known_at
from (
    values
    ('regular', 1), ('auction', 2), ('cross', 4), ('floor', 8), ('multi_leg', 16),
    ('stock_tied', 32), ('late', 64), ('cancel', 1_000), ('administrative', 1_000),
    ('extended', 1_000), (null, 1_000)
) as given (opt_trade_class, size);
-- expect: n_trades, volume, directional_volume, package_volume
values (7, 127, 3, 48);

-- case: coins have no such session
-- given: curated.option_prints
select
    '24/7' as calendar,
    'deribit:BTC-USD' as underlying,
    '2024-03-01 15:00Z' as known_at;
-- expect: nothing

-- case: a print that is taken back the same day is less in the half hour of that
-- given: curated.option_prints
select *
from (
    values
    (1, '2024-03-01 15:00Z', '2024-03-01 15:10Z'),
    (2, '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    (4, '2024-03-01 15:00Z', '2024-03-01 22:00Z'),
    (8, '2024-03-01 15:00Z', '2024-03-02 11:00Z'),
    (16, '2024-03-01 15:00Z', null)
) as given (size, known_at, withdrawn_at);
-- expect: half_hour, n_trades, volume, premium_usd, known_at
values
(1, 4, 30, 10_000, '2024-03-01 15:10Z'),
(3, -1, -2, -2_500, '2024-03-01 16:00Z'),
(13, -1, -4, -2_500, '2024-03-01 22:00Z');

-- case: a late report counts in the half hour in which it is told, and on another day apart
-- given: curated.option_prints
select
    *,
    '2024-03-01 15:00Z' as traded_at
from (
    values
    (1, '2024-03-01 15:00:00.02Z'),
    (2, '2024-03-01 17:00Z'),
    (4, '2024-03-02 01:00Z')
) as given (size, known_at);
-- expect: known_date, half_hour, volume
values
('2024-03-01', 1, 1),
('2024-03-01', 5, 2),
('2024-03-02', 13, 4);
