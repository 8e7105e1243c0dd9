-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', put_call = 'call', side = 1
-- default: parent_kind = 'sweep', n_prints = 3, n_exchanges = 3, size = 60, premium_usd = 60_000
-- default: started_at = '2024-03-01 15:00:00Z', ended_at = '2024-03-01 15:00:00.12Z'
-- default: known_at = '2024-03-01 15:00:01.22Z', session_date = '2024-03-01'
-- default: iso_frac = 0, is_through = false, worse_usd = -0.01, side_prob = 0.8
-- default: first_price = 10.00, last_price = 9.99, is_adjusted = false
-- default: first_trade_id = 'A:a', trade_ids = ['A:a', 'B:b', 'C:c']

-- case: the rule book's sweep fires when its gap and its reports are over
-- given: features.option_parents
select 'AAPL240315C00180000' as contract;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:00:00.12Z', '2024-03-01 15:00:01.22Z', 'bull', 21, 0.4,
    60_000, 'AAPL240315C00180000 bought in a sweep of 3 venues for 60000 USD',
    'options.sweep|AAPL|AAPL240315C00180000|A:a|2024-03-01',
    '{
        "contract": "AAPL240315C00180000", "side": 1, "side_prob": 0.8,
        "trade_ids": ["A:a", "B:b", "C:c"], "n_prints": 3, "n_exchanges": 3, "size": 60,
        "premium_usd": 60000, "iso_frac": 0, "is_through": false, "worse_usd": -0.01,
        "first_price": 10, "last_price": 9.99, "delta": null, "iv": null,
        "underlying_price": null, "is_adjusted": false, "few_exchanges": false,
        "started_us": 1709305200000000, "ended_us": 1709305200120000
    }'
);

-- case: what is no sweep, or too small, stays quiet
-- given: features.option_parents
select *
from (
    values
    ('split', 60_000), ('block', 60_000), ('single', 60_000), ('sweep', 49_999.99), ('sweep', null)
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

-- case: two venues make a low one at most, below a golden premium
-- given: features.option_parents
select *
from (
    values
    ('a', 2, 60_000), ('b', 2, 250_000), ('c', 2, 999_999), ('d', 2, 1_000_000), ('e', 3, 999_999)
) as given (contract, n_exchanges, premium_usd);
-- expect: evidence ->> '$.contract', score, evidence ->> '$.few_exchanges'
values
('a', 21, 'true'), ('b', 39, 'true'), ('c', 39, 'true'), ('d', 60, 'true'),
('e', 59.999973, 'false');

-- case: each point of the section makes it surer
-- given: features.option_parents
select *
from (
    values
    ('none', 2, 0, false, -0.01),
    ('iso', 2, 0.333333, false, -0.01),
    ('venues', 3, 0, false, -0.01),
    ('through', 2, 0, true, -0.01),
    ('worse', 2, 0, false, 0.01),
    ('as it was', 2, 0, false, 0),
    ('all', 3, 1, true, 0.01)
) as given (contract, n_exchanges, iso_frac, is_through, worse_usd);
-- expect: evidence ->> '$.contract', confidence
values
('none', 0.2), ('iso', 0.5), ('venues', 0.4), ('through', 0.4), ('worse', 0.3),
('as it was', 0.3), ('all', 1);

-- case: who buys a put or sells a call bets on a fall
-- given: features.option_parents
select *
from (
    values
    ('a', 'call', 1), ('b', 'call', -1), ('c', 'put', 1), ('d', 'put', -1)
) as given (contract, put_call, side);
-- expect: direction, headline
values
('bull', 'a bought in a sweep of 3 venues for 60000 USD'),
('bear', 'b sold in a sweep of 3 venues for 60000 USD'),
('bear', 'c bought in a sweep of 3 venues for 60000 USD'),
('bull', 'd sold in a sweep of 3 venues for 60000 USD');

-- case: both bounds are parameters
-- param: min_premium_usd = 100_000
-- param: min_wide_exchanges = 2
-- given: features.option_parents
select *
from (
    values
    ('small', 3, 99_999),
    ('two venues', 2, 300_000)
) as given (contract, n_exchanges, premium_usd);
-- expect: evidence ->> '$.contract', score, confidence
values ('two venues', 41.333333, 0.4);

-- case: the legs of a package, swept at once, are two
-- given: features.option_parents
select *
from (
    values
    ('AAPL240315C00180000', 1),
    ('AAPL240315C00190000', -1)
) as given (contract, side);
-- expect: direction, alert_key
values
('bull', 'options.sweep|AAPL|AAPL240315C00180000|A:a|2024-03-01'),
('bear', 'options.sweep|AAPL|AAPL240315C00190000|A:a|2024-03-01');

-- case: what has not closed before the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:00:01.22Z
-- given: features.option_parents
select 'AAPL240315C00180000' as contract;
-- expect: nothing

-- case: a stranger inside the gap is taken for the order (noisy)
-- given: features.option_parents
select
    2 as n_prints,
    2 as n_exchanges,
    50_000 as premium_usd,
    0.353553 as size_cv;
-- expect: notional_usd, score, confidence
values (50_000, 20, 0.2);

-- case: a side that is hardly better than a coin says a direction all the same (noisy)
-- given: features.option_parents
select 0.55 as side_prob;
-- expect: direction, evidence ->> '$.side_prob'
values ('bull', '0.55');
