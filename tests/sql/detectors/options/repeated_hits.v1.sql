-- default: underlying = 'AAPL', contract = 'AAPL240315C00180000', put_call = 'call', side = 1
-- default: parent_kind = 'split', n_prints = 6, n_hits = 6, n_exchanges = 1, size = 120
-- default: premium_usd = 12_120, first_price = 1.00, last_price = 1.02, worse_usd = 0.02
-- default: started_at = '2024-03-01 15:00:00Z', ended_at = '2024-03-01 15:00:00.08Z'
-- default: session_date = '2024-03-01', size_cv = 0, iso_frac = 0, is_through = true
-- default: side_prob = 0.8, is_adjusted = false, first_trade_id = 'X:a', trade_ids = ['X:a', 'X:b']
-- default: symbol = 'AAPL', as_of_date = '2024-01-19', shares = 100_000_000, close = 100.00

-- case: six prints that rise from 1.00 to 1.02 fire for a company of 10 B
-- given: features.option_parents
select '2024-03-01 15:00:01.18Z' as known_at;
-- given: curated.shares_outstanding
select '2024-02-02 11:00Z' as known_at;
-- given: features.prior_close
select '2024-02-29 21:15Z' as known_at;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 15:00:00.08Z', '2024-03-01 15:00:01.18Z', 'bull', 16.212, 1,
    12_120, 'AAPL240315C00180000 bought in 6 hits, ascending, for 12120 USD',
    'options.repeated_hits|AAPL|AAPL240315C00180000|X:a|2024-03-01',
    '{
        "contract": "AAPL240315C00180000", "side": 1, "side_prob": 0.8,
        "trade_ids": ["X:a", "X:b"], "n_prints": 6, "n_hits": 6, "n_exchanges": 1, "size": 120,
        "size_cv": 0, "equal_sizes": true, "premium_usd": 12120, "floor_usd": 10000,
        "market_cap_usd": 10000000000, "shares": 100000000, "shares_date": "2024-01-19",
        "share_price": 100, "unknown_market_cap": false, "variant": "ascending",
        "first_price": 1, "last_price": 1.02, "is_through": true, "worse_usd": 0.02,
        "iso_frac": 0, "delta": null, "iv": null, "is_adjusted": false,
        "started_us": 1709305200000000, "ended_us": 1709305200080000
    }'
);

-- case: the same six say nothing of a company of 60 B, and five say nothing of any
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.18Z' as known_at
from (
    values
    ('large', 'a', 6),
    ('AAPL', 'b', 5)
) as given (underlying, contract, n_hits);
-- given: curated.shares_outstanding
select
    *,
    '2024-02-02 11:00Z' as known_at
from (
    values
    ('large', 600_000_000),
    ('AAPL', 100_000_000)
) as given (symbol, shares);
-- given: features.prior_close
select
    *,
    '2024-02-29 21:15Z' as known_at
from (values ('large'), ('AAPL')) as given (symbol);
-- expect: nothing

-- case: the least premium grows with the company, and a premium must be above it
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.18Z' as known_at
from (
    values
    ('50 B', 'a', 10_000), ('50 B', 'b', 10_000.01),
    ('50.0000001 B', 'c', 50_000), ('50.0000001 B', 'd', 50_000.01),
    ('500 B', 'e', 50_000), ('500 B', 'f', 50_000.01),
    ('500.0000001 B', 'g', 100_000), ('500.0000001 B', 'h', 100_000.01),
    ('unknown', 'i', 100_000), ('unknown', 'j', 100_000.01)
) as given (underlying, contract, premium_usd);
-- given: curated.shares_outstanding
select
    *,
    '2024-02-02 11:00Z' as known_at
from (
    values
    ('50 B', 500_000_000), ('50.0000001 B', 500_000_001), ('500 B', 5_000_000_000),
    ('500.0000001 B', 5_000_000_001)
) as given (symbol, shares);
-- given: features.prior_close
select
    *,
    '2024-02-29 21:15Z' as known_at
from (
    values ('50 B'), ('50.0000001 B'), ('500 B'), ('500.0000001 B'), ('unknown')
) as given (symbol);
-- expect: entity, evidence ->> '$.contract', evidence ->> '$.floor_usd',
--     evidence ->> '$.unknown_market_cap'
values
('50 B', 'b', '10000', 'false'),
('50.0000001 B', 'd', '50000', 'false'),
('500 B', 'f', '50000', 'false'),
('500.0000001 B', 'h', '100000', 'false'),
('unknown', 'j', '100000', 'true');

-- case: a price that came with the print goes before the close, and without either all is unknown
-- given: features.option_parents
select
    *,
    100_001 as premium_usd,
    '2024-03-01 15:00:01.18Z' as known_at
from (
    values
    ('with the print', 'a', 600.00),
    ('closed', 'b', null),
    ('neither', 'c', null)
) as given (underlying, contract, underlying_price);
-- given: curated.shares_outstanding
select
    *,
    '2024-02-02 11:00Z' as known_at
from (values ('with the print'), ('closed'), ('neither')) as given (symbol);
-- given: features.prior_close
select
    *,
    '2024-02-29 21:15Z' as known_at
from (values ('with the print'), ('closed')) as given (symbol);
-- expect: entity, evidence ->> '$.market_cap_usd', confidence
values
('with the print', '60000000000.0', 1),
('closed', '10000000000.0', 1),
('neither', null, 0.8);

-- case: of the counts and closes the newest that stood by then counts
-- given: features.option_parents
select
    100_001 as premium_usd,
    '2024-03-01 15:00:01.18Z' as known_at;
-- given: curated.shares_outstanding
select *
from (
    values
    ('2023-10-20', 1, '2023-11-03 11:00Z', null),
    ('2024-01-19', 2, '2024-02-02 11:00Z', '2024-03-01 15:00:01.18Z'),
    ('2024-01-19', 3, '2024-03-01 15:00:01.18Z', '2024-03-04 11:00Z'),
    ('2024-01-19', 4, '2024-03-04 11:00Z', null),
    ('2024-02-20', 5, '2024-03-01 15:00:01.180001Z', null),
    ('2024-03-02', 6, '2024-03-01 11:00Z', null)
) as given (as_of_date, shares, known_at, withdrawn_at);
-- given: features.prior_close
select *
from (
    values
    ('2024-02-29', 1.00, '2024-02-28 21:15Z', null),
    ('2024-03-01', 10.00, '2024-02-29 21:15Z', '2024-03-01 12:00Z'),
    ('2024-03-01', 100.00, '2024-03-01 12:00Z', '2024-03-01 20:00Z'),
    ('2024-03-01', 1_000.00, '2024-03-01 20:00Z', null)
) as given (session_date, close, known_at, withdrawn_at);
-- expect: evidence ->> '$.shares', evidence ->> '$.share_price', evidence ->> '$.market_cap_usd'
values ('3.0', '100.0', '300.0');

-- case: they rise, fall or stay; the side says the direction
-- given: features.option_parents
select
    *,
    100_001 as premium_usd,
    '2024-03-01 15:00:01.18Z' as known_at
from (
    values
    ('rise', 'call', 1, 1.00, 1.01),
    ('fall', 'call', -1, 1.00, 0.99),
    ('stay', 'put', 1, 1.00, 1.00),
    ('fall, put', 'put', -1, 1.00, 0.99)
) as given (contract, put_call, side, first_price, last_price);
-- expect: headline, direction, evidence ->> '$.variant'
values
('rise bought in 6 hits, ascending, for 100001 USD', 'bull', 'ascending'),
('fall sold in 6 hits, descending, for 100001 USD', 'bear', 'descending'),
('stay bought in 6 hits, level, for 100001 USD', 'bear', 'level'),
('fall, put sold in 6 hits, descending, for 100001 USD', 'bull', 'descending');

-- case: the score is a sweep's, by premium alone
-- given: features.option_parents
select
    *,
    '2024-03-01 15:00:01.18Z' as known_at
from (
    values
    ('a', 150_000), ('b', 250_000), ('c', 625_000), ('d', 1_000_000), ('e', 5_500_000),
    ('f', 10_000_000), ('g', 55_000_000), ('h', 900_000_000)
) as given (contract, premium_usd);
-- expect: evidence ->> '$.contract', score
values
('a', 30), ('b', 40), ('c', 50), ('d', 60), ('e', 70), ('f', 80), ('g', 90), ('h', 100);

-- case: equal slices at the far quote, at prices that got worse, are better evidence
-- given: features.option_parents
select
    *,
    100_001 as premium_usd,
    '2024-03-01 15:00:01.18Z' as known_at
from (
    values
    ('none', 0.05, false, -0.01),
    ('equal', 0.049999, false, -0.01),
    ('through', 0.05, true, -0.01),
    ('worse', 0.05, false, 0)
) as given (contract, size_cv, is_through, worse_usd);
-- expect: evidence ->> '$.contract', confidence, evidence ->> '$.equal_sizes'
values
('none', 0.2, 'false'), ('equal', 0.5, 'true'), ('through', 0.4, 'false'), ('worse', 0.3, 'false');

-- case: its bounds are parameters
-- param: min_hits = 4
-- param: min_premium_usd = 1_000
-- param: min_premium_large_usd = 2_000
-- param: min_premium_giant_usd = 3_000
-- param: max_small_cap_usd = 10
-- param: max_large_cap_usd = 20
-- param: max_equal_cv = 0.2
-- given: features.option_parents
select
    4 as n_hits,
    0.1 as size_cv,
    *,
    '2024-03-01 15:00:01.18Z' as known_at
from (
    values
    ('small', 'a', 1_001), ('large', 'b', 2_000), ('large', 'c', 2_001), ('giant', 'd', 3_000),
    ('giant', 'e', 3_001)
) as given (underlying, contract, premium_usd);
-- given: curated.shares_outstanding
select
    *,
    '2024-02-02 11:00Z' as known_at
from (values ('small', 10), ('large', 11), ('giant', 21)) as given (symbol, shares);
-- given: features.prior_close
select
    *,
    '2024-02-29 21:15Z' as known_at
from (values ('small', 1), ('large', 1), ('giant', 1)) as given (symbol, close);
-- expect: entity, notional_usd, confidence
values
('small', 1_001, 1), ('large', 2_001, 1), ('giant', 3_001, 1);

-- case: an auction that splits one small order among many looks like hits (noisy)
-- given: features.option_parents
select
    10_001 as premium_usd,
    8 as n_hits,
    1.00 as last_price,
    0 as worse_usd,
    '2024-03-01 15:00:01.18Z' as known_at;
-- given: curated.shares_outstanding
select '2024-02-02 11:00Z' as known_at;
-- given: features.prior_close
select '2024-02-29 21:15Z' as known_at;
-- expect: score, evidence ->> '$.variant'
values (16.0001, 'level');

-- case: many who follow one signal look like one (noisy)
-- given: features.option_parents
select
    'sweep' as parent_kind,
    9 as n_exchanges,
    40 as n_hits,
    1.4 as size_cv,
    400_000 as premium_usd,
    '2024-03-01 15:00:01.18Z' as known_at;
-- expect: score, confidence
values (44, 0.5);

-- case: what has not closed before the span's end is not there yet
-- span: 2024-03-01T14:00Z 2024-03-01T15:00:01.18Z
-- given: features.option_parents
select
    100_001 as premium_usd,
    '2024-03-01 15:00:01.18Z' as known_at;
-- expect: nothing
