-- default: symbol = 'IBM', side = 1, side_prob = 0.8, is_iso = true, is_offex = false
-- default: session_date = '2024-03-01', price_bucket = 'at_ask', price = 100, size = 100
-- default: value_usd = 10_000, venue = 'NYSE', sequence = 1

-- case: prints within fifty milliseconds of one another are one sweep of three exchanges
-- given: curated.equity_trades
select
    *,
    traded_at as known_at
from (
    values
    ('a', 'NYSE', '2024-03-01 15:00:00.000Z', 100.00, 'at_ask'),
    ('b', 'ARCA', '2024-03-01 15:00:00.050Z', 100.01, 'at_ask'),
    ('c', 'BZX', '2024-03-01 15:00:00.100Z', 100.02, 'upper'),
    ('d', 'NYSE', '2024-03-01 15:00:00.150001Z', 100.03, 'at_ask')
) as given (trade_id, venue, traded_at, price, price_bucket);
-- expect: symbol, side, started_at, ended_at, known_at, n_prints, n_exchanges, size, value_usd,
--     is_through, worse_usd, first_trade_id
values (
    'IBM', 1, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00.1Z', '2024-03-01 15:00:01.15Z', 3, 3,
    300, 30_000, false, 0.02, 'NYSE:a'
);

-- case: one exchange, two sides, no sweep orders, off exchange and late reports make none
-- given: curated.equity_trades
select *
from (
    values
    ('one', 'NYSE', 1, true, false, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('one', 'NYSE', 1, true, false, '2024-03-01 15:00:00.02Z', '2024-03-01 15:00:00.01Z'),
    ('sides', 'NYSE', 1, true, false, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('sides', 'ARCA', -1, true, false, '2024-03-01 15:00:00.02Z', '2024-03-01 15:00:00.01Z'),
    ('plain', 'NYSE', 1, true, false, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('plain', 'ARCA', 1, false, false, '2024-03-01 15:00:00.02Z', '2024-03-01 15:00:00.01Z'),
    ('dark', 'NYSE', 1, true, false, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('dark', 'FINRA', 1, true, true, '2024-03-01 15:00:00.02Z', '2024-03-01 15:00:00.01Z'),
    ('late', 'NYSE', 1, true, false, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('late', 'ARCA', 1, true, false, '2024-03-01 15:00:01.010001Z', '2024-03-01 15:00:00.01Z'),
    ('in time', 'NYSE', 1, true, false, '2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z'),
    ('in time', 'ARCA', 1, true, false, '2024-03-01 15:00:01.01Z', '2024-03-01 15:00:00.01Z')
) as given (symbol, venue, side, is_iso, is_offex, known_at, traded_at);
-- expect: symbol, n_exchanges
values ('in time', 2);

-- case: it is told once nothing can follow
-- span: 2024-03-01 00:00Z 2024-03-01 15:00:01.06Z
-- given: curated.equity_trades
select
    *,
    traded_at as known_at
from (
    values ('a', 'NYSE', '2024-03-01 15:00:00Z'), ('b', 'ARCA', '2024-03-01 15:00:00.01Z')
) as given (trade_id, venue, traded_at);
-- expect: nothing
