-- default: contract = 'SPX190621C02900000', underlying = 'SPX', expiration = '2019-06-21'
-- default: strike = 2_900, put_call = 'call', session_date = '2019-05-29', oi_date = '2019-05-28'
-- default: known_at = '2019-05-29 20:30Z', is_dead = false, is_adjusted = false

-- case: each contract has what was open before its session, and how that had changed
-- given: curated.option_chains
select
    1.9 as bid,
    2.1 as ask,
    2.0 as mid,
    2.05 as last,
    650 as volume,
    500 as open_interest,
    0.12 as iv,
    0.25 as delta,
    2_783 as underlying_price;
-- given: features.oi_change
select
    '2019-05-29 10:30Z' as known_at,
    -100 as d_oi,
    -16.666667 as d_oi_pct,
    'mostly_closing' as open_close_label;
-- expect: underlying, session_date, expiration, strike, put_call, contract, bid, ask, mid, last,
--     volume, open_interest, vol_oi_ratio, oi_date, d_oi, d_oi_pct, open_close_label, iv, delta,
--     underlying_price, is_adjusted, is_dead, known_at
values (
    'SPX', '2019-05-29', '2019-06-21', 2_900, 'call', 'SPX190621C02900000', 1.9, 2.1, 2, 2.05, 650,
    500, 1.3, '2019-05-28', -100, -16.666667, 'mostly_closing', 0.12, 0.25, 2_783, false, false,
    '2019-05-29 20:30Z'
);

-- case: only what stands is shown, of changes too, and of nothing there is no multiple
-- given: curated.option_chains
select *
from (
    values
    (100, 0, '2019-05-29 18:00Z', '2019-05-29 20:30Z'), (650, 0, '2019-05-29 20:30Z', null)
) as given (volume, open_interest, known_at, withdrawn_at);
-- given: features.oi_change
select *
from (
    values
    (1, '2019-05-29 10:30Z', '2019-05-29 15:00Z'), (2, '2019-05-29 15:00Z', null)
) as given (d_oi, known_at, withdrawn_at);
-- expect: volume, vol_oi_ratio, d_oi
values (650, null, 2);
