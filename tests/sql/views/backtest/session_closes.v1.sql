-- default: bar = '1d', source = 'test', calendar = 'XNYS', contract = 'X', is_gone = false
-- default: session_date = '2024-03-04'

-- case: a close is what was told first, between the open and the next open
-- given: curated.equity_bars
select
    *,
    symbol as security_id
from (
    values
    ('TOLD', 100, 50, '2024-03-04 21:15Z', '2024-03-04 23:00Z'),
    ('TOLD', 101, 50.5, '2024-03-04 23:00Z', null),
    ('LATE', 100, 100, '2024-03-05 14:30Z', null),
    ('EARLY', 100, 100, '2024-03-04 14:29Z', null),
    ('JUST', 100, 100, '2024-03-05 14:29Z', null),
    ('NONE', 100, null, '2024-03-04 21:15Z', null)
) as given (symbol, close, close_split, known_at, withdrawn_at);
-- expect: entity, kind, bar, session_date, bar_at, price, traded_price, known_at
values
(
    'TOLD', 'stock', 'session', date '2024-03-04', timestamptz '2024-03-04 21:00Z', 50, 100,
    timestamptz '2024-03-04 21:15Z'
),
(
    'JUST', 'stock', 'session', date '2024-03-04', timestamptz '2024-03-04 21:00Z', 100, 100,
    timestamptz '2024-03-05 14:29Z'
);

-- case: prices after dividends stand in for a stock that has no others, and for no other stock
-- given: curated.equity_bars
select
    *,
    symbol as security_id,
    '2024-03-04 21:15Z' as known_at
from (
    values
    ('FULL', date '2024-03-04', null, null, 90),
    ('BOTH', date '2024-03-04', null, null, 90),
    ('BOTH', date '2024-03-01', 100, 100, 90)
) as given (symbol, session_date, close, close_split, close_full);
-- expect: entity, price, traded_price
values ('FULL', 90, 90);

-- case: without daily bars the spot of a chain is the price, in the shares of the span's end
-- given: curated.equity_bars
select
    'AAPL' as symbol,
    'AAPL' as security_id,
    100 as close,
    100 as close_split,
    '2024-03-04 21:15Z' as known_at;
-- given: raw.option_chains
select *
from (
    values
    ('SPX', 'a', 5_130.9, '2024-03-04 21:30Z', '2024-03-04', 'XNYS'),
    ('SPX', 'b', 5_130.9, '2024-03-04 21:30Z', '2024-03-04', 'XNYS'),
    ('SPX', 'c', 0.1, '2024-03-04 21:30Z', '2024-03-04', 'XNYS'),
    ('SPX', 'a', 5_140, '2024-03-04 22:30Z', '2024-03-04', 'XNYS'),
    ('NVDA', 'd', 852, '2024-03-04 21:30Z', '2024-03-04', 'XNYS'),
    ('AAPL', 'e', 101, '2024-03-04 21:30Z', '2024-03-04', 'XNYS'),
    ('HOLY', 'f', 101, '2024-03-03 21:30Z', '2024-03-03', 'XNYS'),
    ('deribit:BTC-USD', 'g', 60_000, '2024-03-04 21:30Z', '2024-03-04', '24/7')
) as given (underlying, contract, underlying_price, known_at, session_date, calendar);
-- given: curated.split_ratios
select
    'NVDA' as security_id,
    date '2021-07-20' as from_date,
    date '2024-06-10' as to_date,
    10 as ratio;
-- expect: entity, kind, price, traded_price, known_at
values
('AAPL', 'stock', 100, 100, timestamptz '2024-03-04 21:15Z'),
('SPX', 'spot', 5_130.9, 5_130.9, timestamptz '2024-03-04 21:30Z'),
('NVDA', 'spot', 85.2, 852, timestamptz '2024-03-04 21:30Z');
