-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', put_call = 'call', side = 1
-- default: parent_kind = 'sweep', n_prints = 3, n_exchanges = 3, size = 1_000
-- default: premium_usd = 1_000_000, strike = 180, delta = 0.35, underlying_price = 172.50
-- default: started_at = '2024-03-01 15:00:00Z', ended_at = '2024-03-01 15:00:00.12Z'
-- default: session_date = '2024-03-01', oi_date = '2024-02-29', iso_frac = 1, is_through = true
-- default: worse_usd = 0.02, side_prob = 0.8, is_adjusted = false
-- default: first_trade_id = 'A:a', trade_ids = ['A:a', 'B:b', 'C:c']

-- case: a million is golden, and strict where more was bought at the ask than was open
-- given: features.option_parents
select '2024-03-01 15:00:01.22Z' as known_at;
-- given: features.prior_open_interest
select
    999 as open_interest,
    '2024-03-01 11:30Z' as known_at;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:00:00.12Z', '2024-03-01 15:00:01.22Z', 'bull', 60, 1,
    1_000_000,
    'AAPL240315C00180000 bought in a golden sweep of 3 venues for 1000000 USD, more than was open',
    'options.golden_sweep|AAPL|AAPL240315C00180000|A:a|2024-03-01',
    '{
        "contract": "AAPL240315C00180000", "side": 1, "side_prob": 0.8,
        "trade_ids": ["A:a", "B:b", "C:c"], "n_prints": 3, "n_exchanges": 3, "size": 1000,
        "premium_usd": 1000000, "iso_frac": 1, "is_through": true, "worse_usd": 0.02,
        "is_strict": true, "is_over_interest": true, "open_interest": 999,
        "oi_date": "2024-02-29", "is_at_ask": true, "is_near_or_out": true, "strike": 180,
        "delta": 0.35, "iv": null, "underlying_price": 172.5, "is_adjusted": false,
        "started_us": 1709305200000000, "ended_us": 1709305200120000
    }'
);

-- case: what is no sweep, or below a million, stays quiet
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values ('split', 2_000_000), ('block', 2_000_000), ('sweep', 999_999.99), ('sweep', null)
) as given (parent_kind, premium_usd);
-- expect: nothing

-- case: each part of the strict rule must hold, and an unknown one leaves it unknown
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values
    ('strict', 1, true, 0.60, 1_000),
    ('as much as was open', 1, true, 0.60, 999),
    ('sold', -1, true, 0.60, 1_000),
    ('below the ask', 1, false, 0.60, 1_000),
    ('in the money', 1, true, 0.61, 1_000),
    ('nothing known', 1, true, 0.60, 1_000),
    ('nothing known, sold', -1, true, 0.60, 1_000)
) as given (contract, side, is_through, delta, size);
-- given: features.prior_open_interest
select
    contract,
    999 as open_interest,
    '2024-03-01 11:30Z' as known_at
from (
    values ('strict'), ('as much as was open'), ('sold'), ('below the ask'), ('in the money')
) as given (contract);
-- expect: evidence ->> '$.contract', evidence ->> '$.is_strict', evidence ->> '$.is_over_interest',
--     evidence ->> '$.is_at_ask', evidence ->> '$.is_near_or_out', score
values
('strict', 'true', 'true', 'true', 'true', 60),
('as much as was open', 'false', 'false', 'true', 'true', 60),
('sold', 'false', 'true', 'false', 'true', 60),
('below the ask', 'false', 'true', 'false', 'true', 60),
('in the money', 'false', 'true', 'true', 'false', 60),
('nothing known', null, null, 'true', 'true', 60),
('nothing known, sold', 'false', null, 'false', 'true', 60);

-- case: without a delta five percent in the money is near; of an adjusted contract nobody knows
-- given: features.option_parents
select
    *,
    null as delta,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values
    ('call near', 'call', 95.00, 100.00, false),
    ('call deep', 'call', 94.99, 100.00, false),
    ('put near', 'put', 105.00, 100.00, false),
    ('put deep', 'put', 105.01, 100.00, false),
    ('no price', 'call', 95.00, null, false),
    ('adjusted', 'call', 95.00, 100.00, true)
) as given (contract, put_call, strike, underlying_price, is_adjusted);
-- expect: evidence ->> '$.contract', evidence ->> '$.is_near_or_out'
values
('call near', 'true'), ('call deep', 'false'), ('put near', 'true'), ('put deep', 'false'),
('no price', null), ('adjusted', null);

-- case: only the figure of the session before counts, as it stood when the sweep closed
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values ('corrected later'), ('corrected before'), ('too late'), ('of another session')
) as given (contract);
-- given: features.prior_open_interest
select *
from (
    values
    ('corrected later', '2024-03-01', 500, '2024-03-01 11:30Z', '2024-03-01 15:00:01.220001Z'),
    ('corrected later', '2024-03-01', 5_000, '2024-03-01 15:00:01.220001Z', null),
    ('corrected before', '2024-03-01', 500, '2024-03-01 11:30Z', '2024-03-01 15:00:01.22Z'),
    ('corrected before', '2024-03-01', 5_000, '2024-03-01 15:00:01.22Z', null),
    ('too late', '2024-03-01', 500, '2024-03-01 15:00:01.220001Z', null),
    ('of another session', '2024-02-29', 500, '2024-02-29 11:30Z', null)
) as given (contract, session_date, open_interest, known_at, withdrawn_at);
-- expect: evidence ->> '$.contract', evidence ->> '$.open_interest'
values
('corrected later', '500.0'), ('corrected before', '5000.0'), ('too late', null),
('of another session', null);

-- case: the score goes on as a sweep's does
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values
    ('a', 1_000_000), ('b', 5_500_000), ('c', 10_000_000), ('d', 55_000_000), ('e', 900_000_000)
) as given (contract, premium_usd);
-- expect: evidence ->> '$.contract', score
values
('a', 60), ('b', 70), ('c', 80), ('d', 90), ('e', 100);

-- case: each point of the section makes it surer, and the side says the direction
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values
    ('none', 1, 2, 0, false, -0.01),
    ('iso', -1, 2, 0.5, false, -0.01),
    ('venues', 1, 3, 0, false, -0.01),
    ('through', 1, 2, 0, true, -0.01),
    ('worse', 1, 2, 0, false, 0)
) as given (contract, side, n_exchanges, iso_frac, is_through, worse_usd);
-- expect: evidence ->> '$.contract', direction, confidence
values
('none', 'bull', 0.2), ('iso', 'bear', 0.5), ('venues', 'bull', 0.4), ('through', 'bull', 0.4),
('worse', 'bull', 0.3);

-- case: its bounds are parameters
-- param: min_premium_usd = 500_000
-- param: min_wide_exchanges = 4
-- param: max_near_delta = 0.3
-- param: max_near_frac = 0
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values
    ('delta', 0.31),
    ('price', null)
) as given (contract, delta);
-- expect: evidence ->> '$.contract', evidence ->> '$.is_near_or_out', confidence
values
('delta', 'false', 0.8),
('price', 'true', 0.8);

-- case: an index is hedged with millions (noisy)
-- given: features.option_parents
select
    'SPX' as underlying,
    'SPXW240301P05100000' as contract,
    'put' as put_call,
    null as is_through,
    '2024-03-01 15:00:01.22Z' as known_at;
-- expect: entity, direction, score, evidence ->> '$.is_strict'
values ('SPX', 'bear', 60, null);

-- case: the legs of a package that are swept one by one are two (noisy)
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.22Z' as known_at
from (
    values
    ('AAPL240315C00180000', 1),
    ('AAPL240315C00190000', -1)
) as given (contract, side);
-- expect: direction, alert_key
values
('bull', 'options.golden_sweep|AAPL|AAPL240315C00180000|A:a|2024-03-01'),
('bear', 'options.golden_sweep|AAPL|AAPL240315C00190000|A:a|2024-03-01');

-- case: what has not closed before the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:00:01.22Z
-- given: features.option_parents
select '2024-03-01 15:00:01.22Z' as known_at;
-- expect: nothing
