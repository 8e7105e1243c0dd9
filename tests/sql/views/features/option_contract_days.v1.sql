-- default: calendar = 'XNYS', session_date = '2024-03-01', contract = 'AAPL240315C00180000'
-- default: underlying = 'AAPL', put_call = 'call', expiration = '2024-03-15', strike = 180
-- default: opt_trade_class = 'regular', size = 10, premium_usd = 2_500, price = 2.5

-- case: a contract's prints add up, and the last price is that of the last print that tells one
-- given: curated.option_prints
select
    *,
    traded_at as known_at
from (
    values
    ('a', '2024-03-01 15:00Z', 1, 'regular', 2.5, 10),
    ('b', '2024-03-01 20:59Z', 2, 'auction', 2.6, 20),
    ('c', '2024-03-01 20:58Z', 3, 'regular', 2.7, 30),
    ('d', '2024-03-01 20:59:30Z', 4, 'multi_leg', 9.9, 40),
    ('e', '2024-03-01 20:59:40Z', 5, 'administrative', 9.9, 50)
) as given (trade_id, traded_at, sequence, opt_trade_class, price, size);
-- expect: session_date, contract, known_date, underlying, put_call, expiration, strike, known_at,
--     n_trades, volume, premium_usd, close_volume, last_price, last_traded_at
values (
    '2024-03-01', 'AAPL240315C00180000', '2024-03-01', 'AAPL', 'call', '2024-03-15', 180,
    '2024-03-01 20:59:30Z', 4, 100, 10_000, 100, 2.6, '2024-03-01 20:59Z'
);

-- case: what came after the close, or was withdrawn after it, is told apart
-- given: curated.option_prints
select
    *,
    known_at as traded_at
from (
    values
    ('a', 1, '2024-03-01 15:00Z', null),
    ('b', 2, '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    ('c', 4, '2024-03-01 15:00Z', '2024-03-01 21:00Z'),
    ('d', 8, '2024-03-01 15:00Z', '2024-03-02 09:00Z'),
    ('e', 16, '2024-03-01 21:00Z', null)
) as given (trade_id, size, known_at, withdrawn_at);
-- expect: n_trades, volume, close_volume
values (3, 25, 13);

-- case: a late report of another day is a row of its own, and coins have no such session
-- given: curated.option_prints
select
    *,
    '2024-03-01 15:00Z' as traded_at
from (
    values
    ('a', 'XNYS', '2024-03-01 15:00Z'),
    ('b', 'XNYS', '2024-03-02 09:00Z'),
    ('c', '24/7', '2024-03-01 15:00Z')
) as given (trade_id, calendar, known_at);
-- expect: known_date, volume, close_volume
values
('2024-03-01', 10, 10),
('2024-03-02', 10, 0);
