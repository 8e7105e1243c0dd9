-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', put_call = 'call', side = 1
-- default: parent_kind = 'split', n_prints = 3, n_exchanges = 1, size = 100, premium_usd = 60_000
-- default: started_at = '2024-03-01 15:00:01Z', ended_at = '2024-03-01 15:00:01.09Z'
-- default: known_at = '2024-03-01 15:00:02.19Z', session_date = '2024-03-01'
-- default: iso_frac = 0, is_through = false, worse_usd = -0.01, side_prob = 0.8, size_cv = 0.1414
-- default: first_price = 6.00, last_price = 5.99, is_adjusted = false
-- default: first_trade_id = 'X:g', trade_ids = ['X:g', 'X:h', 'X:i']

-- case: the rule book's split of a hundred fires when its gap and its reports are over
-- given: features.option_parents
select 'AAPL240315C00180000' as contract;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:00:01.09Z', '2024-03-01 15:00:02.19Z', 'bull', 21, 0.2,
    60_000, 'AAPL240315C00180000 bought in 3 prints of one venue for 60000 USD',
    'options.split|AAPL|AAPL240315C00180000|X:g|2024-03-01',
    '{
        "contract": "AAPL240315C00180000", "side": 1, "side_prob": 0.8,
        "trade_ids": ["X:g", "X:h", "X:i"], "n_prints": 3, "size": 100, "size_cv": 0.1414,
        "equal_sizes": false, "premium_usd": 60000, "iso_frac": 0, "is_through": false,
        "worse_usd": -0.01, "first_price": 6, "last_price": 5.99, "delta": null, "iv": null,
        "underlying_price": null, "is_adjusted": false,
        "started_us": 1709305201000000, "ended_us": 1709305201090000
    }'
);

-- case: what is no split, or too small, stays quiet
-- given: features.option_parents
select *
from (
    values
    ('sweep', 60_000), ('block', 60_000), ('single', 60_000), ('split', 49_999.99), ('split', null)
) as given (parent_kind, premium_usd);
-- expect: nothing

-- case: the score has its knots at 50 k, 250 k, 1 M, 10 M and 100 M
-- given: features.option_parents
select *
from (
    values
    ('a', 50_000), ('b', 150_000), ('c', 250_000), ('d', 625_000), ('e', 1_000_000),
    ('f', 5_500_000), ('g', 10_000_000), ('h', 55_000_000), ('i', 100_000_000), ('j', 900_000_000)
) as given (contract, premium_usd);
-- expect: evidence ->> '$.contract', score
values
('a', 20), ('b', 30), ('c', 40), ('d', 50), ('e', 60), ('f', 70), ('g', 80), ('h', 90), ('i', 100),
('j', 100);

-- case: sweep orders, equal slices, a price at the far quote and one that got worse make it surer
-- given: features.option_parents
select *
from (
    values
    ('none', 0, 0.05, false, -0.01),
    ('iso', 0.333333, 0.05, false, -0.01),
    ('equal', 0, 0.049999, false, -0.01),
    ('through', 0, 0.05, true, -0.01),
    ('worse', 0, 0.05, false, 0),
    ('all', 1, 0, true, 0.01)
) as given (contract, iso_frac, size_cv, is_through, worse_usd);
-- expect: evidence ->> '$.contract', confidence, evidence ->> '$.equal_sizes'
values
('none', 0.2, 'false'), ('iso', 0.5, 'false'), ('equal', 0.4, 'true'), ('through', 0.4, 'false'),
('worse', 0.3, 'false'), ('all', 1, 'true');

-- case: who buys a put or sells a call bets on a fall
-- given: features.option_parents
select *
from (
    values
    ('a', 'call', 1), ('b', 'call', -1), ('c', 'put', 1), ('d', 'put', -1)
) as given (contract, put_call, side);
-- expect: direction, headline
values
('bull', 'a bought in 3 prints of one venue for 60000 USD'),
('bear', 'b sold in 3 prints of one venue for 60000 USD'),
('bear', 'c bought in 3 prints of one venue for 60000 USD'),
('bull', 'd sold in 3 prints of one venue for 60000 USD');

-- case: both bounds are parameters
-- param: min_premium_usd = 100_000
-- param: max_equal_cv = 0.2
-- given: features.option_parents
select *
from (values ('small', 99_999), ('large', 100_000)) as given (contract, premium_usd);
-- expect: evidence ->> '$.contract', score, confidence
values ('large', 25, 0.4);

-- case: a stranger inside the gap is taken for the order (noisy)
-- given: features.option_parents
select
    2 as n_prints,
    50_000 as premium_usd,
    0.8 as size_cv;
-- expect: notional_usd, confidence
values (50_000, 0.2);

-- case: a side that is hardly better than a coin says a direction all the same (noisy)
-- given: features.option_parents
select 0.55 as side_prob;
-- expect: direction, evidence ->> '$.side_prob'
values ('bull', '0.55');

-- case: what has not closed before the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:00:02.19Z
-- given: features.option_parents
select 'AAPL240315C00180000' as contract;
-- expect: nothing
