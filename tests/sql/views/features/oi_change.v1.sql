-- default: contract = 'SPX190621C02900000', calendar = 'XNYS', root = 'SPX', underlying = 'SPX'
-- default: previous_contract = 'SPX190621C02900000', expiration = '2019-06-21', strike = 2_900
-- default: put_call = 'call', multiplier = 100, is_adjusted = false
-- default: oi_date = '2019-06-03', closes_at = '2019-06-03 20:00Z', session_date = '2019-06-03'
-- default: next_date = '2019-06-04'
-- default: n_baseline = 20, n_ranked = 20

-- case: five thousand more at a mid of 2 are ten times a usual change of five hundred
-- given: features.oi_baseline
select
    15_000 as open_interest,
    10_000 as previous_open_interest,
    5_000 as d_oi,
    10_000 as sum_abs_d_oi,
    0 as middle,
    500 as mad,
    '2019-06-04 10:30Z' as known_at;
-- given: curated.chain_snapshots
select
    '2019-06-03 20:30Z' as known_at,
    2.0 as mid,
    6_000 as volume,
    0.25 as delta,
    2_744.45 as underlying_price;
-- expect: contract, oi_date, next_date, underlying, expiration, strike, put_call, known_at,
--     withdrawn_at, closes_at, open_interest, previous_open_interest, d_oi, d_oi_pct, n_baseline,
--     mean_abs_d_oi, d_oi_rel, n_ranked, mz60, d_oi_usd, d_oi_delta_usd, volume, open_ratio,
--     open_close_label, oi_exceeds_volume, exercise_or_expiry, mid, delta, underlying_price,
--     multiplier, is_adjusted, previous_contract, calendar
values (
    'SPX190621C02900000', '2019-06-03', '2019-06-04', 'SPX', '2019-06-21', 2_900, 'call',
    '2019-06-04 10:30Z', null, '2019-06-03 20:00Z', 15_000, 10_000, 5_000, 50, 20, 500, 10,
    20, 6.745, 1_000_000, 343_056_250, 6_000, 0.833333, 'mostly_opening', false, false, 2, 0.25,
    2_744.45, 100, false, 'SPX190621C02900000', 'XNYS'
);

-- case: the rule book's five contracts open, close, mix, open by half, and are exercised
-- given: features.oi_baseline
select
    *,
    open_interest - previous_open_interest as d_oi,
    '2019-06-04 10:30Z' as known_at
from (
    values
    ('a', 500, 1_480), ('b', 1_500, 520), ('c', 2_000, 2_010), ('d', 100, 400), ('e', 800, 300)
) as given (contract, previous_open_interest, open_interest);
-- given: curated.chain_snapshots
select
    *,
    '2019-06-03 20:30Z' as known_at
from (
    values
    ('a', 1_000), ('b', 1_000), ('c', 1_000), ('d', 600), ('e', 0)
) as given (contract, volume);
-- expect: contract, open_ratio, open_close_label, oi_exceeds_volume, exercise_or_expiry
values
('a', 0.98, 'mostly_opening', false, false),
('b', -0.98, 'mostly_closing', false, false),
('c', 0.01, 'mixed', false, false),
('d', 0.5, 'mostly_opening', false, false),
('e', null, 'no_trade', false, true);

-- case: a rise that nobody traded is an error or a late report, and few trades have no label
-- given: features.oi_baseline
select
    *,
    '2019-06-04 10:30Z' as known_at
from (
    values
    ('more than traded', 1_001), ('few', 90), ('a hundred', -49), ('none', 0), ('unknown', 90)
) as given (contract, d_oi);
-- given: curated.chain_snapshots
select
    *,
    '2019-06-03 20:30Z' as known_at
from (
    values
    ('more than traded', 1_000), ('few', 99), ('a hundred', 100), ('none', 0), ('unknown', null)
) as given (contract, volume);
-- expect: contract, open_ratio, open_close_label, oi_exceeds_volume, exercise_or_expiry
values
('more than traded', 1.001, 'mostly_opening', true, false),
('few', 0.909091, null, false, false),
('a hundred', -0.49, 'mixed', false, false),
('none', null, 'no_trade', false, false),
('unknown', null, null, null, null);

-- case: a chain taken before the close has not the session's volume, as Yahoo's have not
-- given: features.oi_baseline
select
    900 as d_oi,
    '2019-06-04 10:30Z' as known_at;
-- given: curated.chain_snapshots
select
    '2019-06-03 19:59:59Z' as known_at,
    400 as volume,
    2.5 as mid;
-- expect: d_oi, volume, mid, d_oi_usd, open_ratio, open_close_label, oi_exceeds_volume
values (900, 400, 2.5, 225_000, null, null, null);

-- case: dollars are by the contract's own multiplier, and shares have the change's sign
-- given: features.oi_baseline
select
    -100 as d_oi,
    '2019-06-04 10:30Z' as known_at;
-- given: curated.chain_snapshots
select
    '2019-06-03 20:30Z' as known_at,
    2.5 as mid,
    -0.5 as delta,
    200 as underlying_price,
    10 as multiplier,
    true as is_adjusted;
-- expect: d_oi, d_oi_usd, d_oi_delta_usd, multiplier, is_adjusted
values (-100, 2_500, 100_000, 10, true);

-- case: a change of 180 is 2.698 away from changes of 100 give or take 20
-- given: features.oi_baseline
select
    *,
    180 as d_oi,
    100 as middle,
    '2019-06-04 10:30Z' as known_at
from (
    values
    ('golden', 20, 20), ('always the same', 20, 0), ('nineteen before', 19, 20)
) as given (contract, n_ranked, mad);
-- expect: contract, mz60
values ('golden', 2.698), ('always the same', null), ('nineteen before', null);

-- case: ten changes make a usual size, nine do not, and a usual size of nothing has no multiple
-- given: features.oi_baseline
select
    *,
    2_500 as d_oi,
    '2019-06-04 10:30Z' as known_at
from (
    values
    ('nine', 9, 4_500), ('ten', 10, 5_000), ('never moved', 10, 0)
) as given (contract, n_baseline, sum_abs_d_oi);
-- expect: contract, n_baseline, mean_abs_d_oi, d_oi_rel
values ('nine', 9, null, null), ('ten', 10, 500, 5), ('never moved', 10, 0, null);

-- case: below 100 contracts a change has no percentage
-- given: features.oi_baseline
select
    *,
    '2019-06-04 10:30Z' as known_at
from (
    values
    ('a', 99, 100), ('b', 199, -99), ('c', 100, 101)
) as given (contract, previous_open_interest, d_oi);
-- expect: contract, d_oi_pct
values ('a', null), ('b', -49.748744), ('c', 101);

-- case: prices are those of the chain that stood when the change was known
-- given: features.oi_baseline
select
    *,
    '2019-06-04 10:30Z' as known_at
from (values ('a'), ('no mid'), ('too late')) as given (contract);
-- given: curated.chain_snapshots
select *
from (
    values
    ('a', '2019-05-31', 8, '2019-05-31 20:30Z', null),
    ('a', '2019-06-03', 1.5, '2019-06-03 18:00Z', '2019-06-03 20:30Z'),
    ('a', '2019-06-03', 3.5, '2019-06-03 20:30Z', '2019-06-04 15:00Z'),
    ('a', '2019-06-03', 5.5, '2019-06-04 15:00Z', null),
    ('no mid', '2019-06-03', null, '2019-06-03 20:30Z', null),
    ('too late', '2019-06-03', 3.5, '2019-06-04 10:31Z', null)
) as given (contract, session_date, mid, known_at, withdrawn_at);
-- expect: contract, mid
values ('a', 3.5), ('no mid', null), ('too late', null);

-- case: without a chain the symbol says what it is, and its root what it is on
-- given: features.oi_baseline
select
    *,
    '2019-06-04 10:30Z' as known_at
from (
    values
    ('BRKB210115P00212500', 'BRKB', 'XNYS'),
    ('AAPL140621C00092860', 'AAPL', 'XNYS'),
    ('BTC-26JUN26-90000-C', null, '24/7')
) as given (contract, root, calendar);
-- given: curated.option_roots
select
    'BRKB' as root,
    'BRK.B' as underlying,
    '1990-01-01' as valid_from,
    '1970-01-01 00:00Z' as known_at;
-- expect: contract, underlying, expiration, strike, put_call
values
('BRKB210115P00212500', 'BRK.B', '2021-01-15', 212.5, 'put'),
('AAPL140621C00092860', 'AAPL', '2014-06-21', 92.86, 'call'),
('BTC-26JUN26-90000-C', null, null, null, null);

-- case: eleven sessions before the span hold the chain of a row that is ten sessions late
-- span: 2019-06-17T20:00Z 2019-06-18
-- given: features.oi_baseline
select '2019-06-17 20:00Z' as known_at;
-- given: curated.chain_snapshots
select
    '2019-06-03 20:30Z' as known_at,
    2.0 as mid;
-- expect: oi_date, mid
values ('2019-06-03', 2);
