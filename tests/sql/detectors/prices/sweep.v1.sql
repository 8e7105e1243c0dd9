-- default: symbol = 'IBM', side = 1, started_at = '2024-03-01 15:00:00Z', n_prints = 3
-- default: ended_at = '2024-03-01 15:00:00.04Z', known_at = '2024-03-01 15:00:01.09Z'
-- default: session_date = '2024-03-01', n_exchanges = 3, size = 10_000, value_usd = 5_000_000
-- default: is_through = true, worse_usd = 0.02, first_trade_id = 'NYSE:1', side_prob = 0.8

-- case: a sweep of three exchanges for five million is a medium one
-- given: features.equity_sweeps
select 'IBM' as symbol;
-- expect: entity, happened_at, fired_at, direction, score, confidence, notional_usd, headline,
--     alert_key
values (
    'IBM', '2024-03-01 15:00:00.04Z', '2024-03-01 15:00:01.09Z', 'bull', 40, 1, 5_000_000,
    'IBM: 10000 shares bought in a sweep of 3 venues for 5000000 USD',
    'prices.sweep|IBM|1|NYSE:1|2024-03-01'
);

-- case: the score follows the value, and two exchanges are a low one below ten million
-- given: features.equity_sweeps
select *
from (
    values
    ('A', 1_000_000, 3), ('B', 10_000_000, 3), ('C', 50_000_000, 3), ('D', 200_000_000, 3),
    ('E', 9_000_000, 2), ('F', 10_000_000, 2)
) as given (symbol, value_usd, n_exchanges);
-- expect: entity, score
values ('A', 20), ('B', 60), ('C', 80), ('D', 100), ('E', 39), ('F', 60);

-- case: a sweep inside the quotes whose price came nearer is less sure
-- given: features.equity_sweeps
select
    -1 as side,
    false as is_through,
    -0.01 as worse_usd,
    2 as n_exchanges;
-- expect: direction, confidence
values ('bear', 0.5);

-- case: what is below a million stays quiet
-- given: features.equity_sweeps
select 999_999 as value_usd;
-- expect: nothing
