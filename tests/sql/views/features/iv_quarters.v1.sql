-- default: underlying = 'AAPL', calendar = 'XNYS', session_date = '2024-03-01'
-- default: known_at = '2024-03-01 15:01Z', underlying_price = 100.5, multiplier = 100
-- default: is_adjusted = false, bid = 2.0, ask = 2.2, volume = 0, iv = 0.3

-- case: variance between 20 and 40 days is drawn to 30, in each quarter of the newest of it
-- given: curated.chain_snapshots
select
    *,
    expiration || ' ' || strike as contract,
    'call' as put_call
from (
    values
    ('2024-03-21', 100, 0.5, '2024-03-01 15:00:00Z'),
    ('2024-03-21', 100, 0.2, '2024-03-01 15:01:00Z'),
    ('2024-03-21', 101, 0.22, '2024-03-01 15:14:59Z'),
    ('2024-04-10', 100, 0.3, '2024-03-01 15:01:00Z'),
    ('2024-04-10', 101, 0.3, '2024-03-01 15:01:00Z'),
    ('2024-03-21', 100, 0.24, '2024-03-01 15:15:00Z'),
    ('2024-03-21', 101, 0.26, '2024-03-01 15:15:00Z'),
    ('2024-04-10', 100, 0.3, '2024-03-01 15:16:00Z'),
    ('2024-04-10', 101, 0.3, '2024-03-01 15:16:00Z')
) as given (expiration, strike, iv, known_at);
-- expect: underlying, session_date, known_date, quarter_id, known_at, iv30, spot, calendar
values
(
    'AAPL', '2024-03-01', '2024-03-01', 1_899_228, '2024-03-01 15:14:59Z', 0.273313007, 100.5,
    'XNYS'
),
('AAPL', '2024-03-01', '2024-03-01', 1_899_229, '2024-03-01 15:16Z', 0.284312035, 100.5, 'XNYS');

-- case: it is as wrong as the spread makes it, and weighs what traded near the money
-- given: curated.chain_snapshots
select
    *,
    expiration || ' ' || strike as contract,
    'put' as put_call
from (
    values
    ('2024-03-21', 100, 0.2, 2.2, 10), ('2024-03-21', 101, 0.22, 2.2, 0),
    ('2024-04-10', 100, 0.3, 2.4, 5), ('2024-04-10', 101, 0.3, 2.4, 0)
) as given (expiration, strike, iv, ask, volume);
-- expect: iv30, round(iv30_error, 6), vega_traded_usd
values (0.273313007, 0.013798, 15_909.66);

-- case: without an expiration on each side of 30 days, or a strike on each side, nobody knows
-- given: curated.chain_snapshots
select
    *,
    expiration || ' ' || strike as contract,
    'call' as put_call
from (
    values
    ('near', '2024-03-21', 100), ('near', '2024-03-21', 101), ('low', '2024-03-21', 100),
    ('low', '2024-03-21', 101), ('low', '2024-04-10', 100)
) as given (underlying, expiration, strike);
-- expect: underlying, iv30, iv30_error
values ('near', null, null), ('low', null, null);

-- case: what is adjusted, far from the money or in time, or has no volatility is no part
-- given: curated.chain_snapshots
select
    *,
    'c' as contract,
    'call' as put_call
from (
    values
    ('a', '2024-03-21', 100, 0.3, true, 100.5), ('b', '2024-03-21', 112, 0.3, false, 100.5),
    ('c', '2024-03-02', 100, 0.3, false, 100.5), ('d', '2024-06-10', 100, 0.3, false, 100.5),
    ('e', '2024-03-21', 100, null, false, 100.5), ('f', '2024-03-21', 100, 0.009, false, 100.5),
    ('g', '2024-03-21', 100, 0.3, false, null)
) as given (underlying, expiration, strike, iv, is_adjusted, underlying_price);
-- expect: nothing
