-- default: underlying = 'SPX', oi_date = '2019-06-03', known_at = '2019-06-04 10:30Z'
-- default: expiration = '2019-06-21', strike = 2_900, put_call = 'call'

-- case: the first by dollars and by shares are there, and who stands where
-- param: n_movers = 2
-- given: features.oi_change
select *
from (
    values
    ('a', 100, 4_000, -50_000), ('b', -200, 3_000, 900_000), ('c', 300, 2_000, 100_000),
    ('d', 400, 1_000, 10), ('e', 0, 9_000, 9_000_000), ('f', 500, null, null)
) as given (contract, d_oi, d_oi_usd, d_oi_delta_usd);
-- expect: contract, usd_rank, delta_rank, d_oi, d_oi_usd, d_oi_delta_usd
values
('a', 1, 3, 100, 4_000, -50_000),
('b', 2, 1, -200, 3_000, 900_000),
('c', 3, 2, 300, 2_000, 100_000);

-- case: each session has its own first, and only what stands is shown
-- param: n_movers = 1
-- given: features.oi_change
select
    *,
    10 as d_oi,
    null as d_oi_delta_usd
from (
    values
    ('a', '2019-06-03', 4_000, null), ('b', '2019-06-03', 9_000, '2019-06-04 15:00Z'),
    ('c', '2019-06-04', 10, null)
) as given (contract, oi_date, d_oi_usd, withdrawn_at);
-- expect: oi_date, contract
values ('2019-06-03', 'a'), ('2019-06-04', 'c');

-- case: what left one month and entered the next is a roll, within a fifth
-- given: features.oi_change
select
    *,
    abs(d_oi) * 100 as d_oi_usd
from (
    values
    ('june', '2019-06-21', 2_900, 'call', -1_000), ('july', '2019-07-19', 2_900, 'call', 1_200),
    ('august', '2019-08-16', 2_900, 'call', 1_201), ('put', '2019-07-19', 2_900, 'put', 1_000),
    ('other strike', '2019-07-19', 2_950, 'call', 1_000)
) as given (contract, expiration, strike, put_call, d_oi);
-- expect: contract, roll_contract
values
('june', 'july'), ('july', 'june'), ('august', 'june'), ('put', null), ('other strike', null);

-- case: a mover shows all that its change is held against
-- given: features.oi_change
select
    'SPX190621C02900000' as contract,
    5_000 as d_oi,
    15_000 as open_interest,
    10_000 as previous_open_interest,
    50 as d_oi_pct,
    1_000_000 as d_oi_usd,
    343_056_250 as d_oi_delta_usd,
    10 as d_oi_rel,
    6.745 as mz60,
    6_000 as volume,
    0.833333 as open_ratio,
    'mostly_opening' as open_close_label,
    false as exercise_or_expiry,
    false as oi_exceeds_volume,
    2 as mid,
    2_744.45 as underlying_price,
    false as is_adjusted;
-- expect: oi_date, usd_rank, delta_rank, underlying, contract, expiration, strike, put_call, d_oi,
--     open_interest, previous_open_interest, d_oi_pct, d_oi_usd, d_oi_delta_usd, d_oi_rel, mz60,
--     volume, open_ratio, open_close_label, exercise_or_expiry, oi_exceeds_volume, roll_contract,
--     mid, underlying_price, is_adjusted, known_at
values (
    '2019-06-03', 1, 1, 'SPX', 'SPX190621C02900000', '2019-06-21', 2_900, 'call', 5_000, 15_000,
    10_000, 50, 1_000_000, 343_056_250, 10, 6.745, 6_000, 0.833333, 'mostly_opening', false, false,
    null, 2, 2_744.45, false, '2019-06-04 10:30Z'
);
