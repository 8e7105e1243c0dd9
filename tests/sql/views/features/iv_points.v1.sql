-- default: underlying = 'AAPL', calendar = 'XNYS', session_date = '2024-03-01'
-- default: expiration = '2024-03-31', settles_at = '2024-03-31 20:00Z', put_call = 'call'
-- default: known_at = '2024-03-01 21:30Z', underlying_price = 100, is_adjusted = false
-- default: multiplier = 100

-- case: at the money is between the two strikes each side of the forward that parity tells
-- given: features.option_greeks
select
    *,
    (bid + ask) / 2 as mid
from (
    values
    (95, 'call', 7.80, 8.00, 0.30, 10, 5), (95, 'put', 1.40, 1.60, 0.32, 10, 5),
    (100, 'call', 4.40, 4.60, 0.28, 12, 10), (100, 'put', 2.90, 3.10, 0.28, 12, 0),
    (105, 'call', 2.10, 2.30, 0.26, 10, null), (105, 'put', 5.60, 5.80, 0.24, 10, 0),
    (110, 'call', 0.90, 1.10, 0.25, 8, 0), (110, 'put', 9.20, 9.60, 0.25, 8, 0)
) as given (strike, put_call, bid, ask, iv, vega, volume);
-- expect: underlying, session_date, calendar, settles_at, expiration, dte, known_at,
--     withdrawn_at, spot, forward, forward_source, strike_below, strike_above, atm_iv,
--     atm_iv_error, sum_near_iv, n_near, vega_traded_usd
values (
    'AAPL', '2024-03-01', 'XNYS', '2024-03-31 20:00Z', '2024-03-31', 30, '2024-03-01 21:30Z', null,
    100, 101.5, 'parity', 100, 105, 0.265, 0.009166667, 1.09, 4, 22_000
);

-- case: where no strike has both sides quoted the spot is the forward, and no error is known
-- given: features.option_greeks
select *
from (
    values
    (95, 'call', null, 0.30), (100, 'call', null, 0.28), (105, 'put', 5.60, 0.24)
) as given (strike, put_call, mid, iv);
-- expect: forward, forward_source, strike_below, strike_above, atm_iv, atm_iv_error, n_near
values (100, 'spot', 100, 105, 0.26, null, 3);

-- case: strikes without a volatility are passed over, and one side alone makes none
-- given: features.option_greeks
select
    *,
    expiration || ' 20:00Z' as settles_at
from (
    values
    ('2024-03-31', 95, 0.30), ('2024-03-31', 100, null), ('2024-03-31', 105, null),
    ('2024-03-31', 110, 0.20),
    ('2024-04-05', 95, 0.30), ('2024-04-05', 100, 0.28), ('2024-04-05', 105, null)
) as given (expiration, strike, iv);
-- expect: expiration, strike_below, strike_above, atm_iv, sum_near_iv, n_near
values
('2024-03-31', 95, 110, 0.25, 0.5, 2),
('2024-04-05', 100, null, null, 0.58, 2);

-- case: adjusted contracts, far strikes, the last day and the far future are no part of it
-- given: features.option_greeks
select *
from (
    values
    ('2024-03-31', 95, 0.30, false), ('2024-03-31', 105, 0.20, false),
    ('2024-03-31', 100, 0.90, true), ('2024-03-31', 60, 0.90, false),
    ('2024-03-02', 100, 0.90, false), ('2024-06-10', 100, 0.90, false)
) as given (expiration, strike, iv, is_adjusted);
-- expect: expiration, atm_iv, n_near
values ('2024-03-31', 0.25, 2);

-- case: where nobody tells a vega it is Black's
-- given: features.option_greeks
select
    '2024-05-30' as expiration,
    100 as strike,
    0.2 as iv,
    3.9 as bid,
    4.1 as ask,
    4.0 as mid,
    5 as volume;
-- expect: dte, vega_traded_usd
values (90, 9_892.81);

-- case: each change of a quote is a moment, and what stood at it is what counts
-- given: features.option_greeks
select
    *,
    0.2 as iv
from (
    values
    (95, 0.30, '2024-03-01 15:00Z', '2024-03-01 21:30Z'),
    (95, 0.32, '2024-03-01 21:30Z', null),
    (105, 0.20, '2024-03-01 15:00Z', '2024-03-04 12:00Z')
) as given (strike, vega, known_at, withdrawn_at);
-- expect: known_at, withdrawn_at, strike_below, strike_above
values
('2024-03-01 15:00Z', '2024-03-01 21:30Z', 95, 105),
('2024-03-01 21:30Z', '2024-03-04 12:00Z', 95, 105),
('2024-03-04 12:00Z', null, 95, null);

-- case: morning and afternoon of one expiration are two
-- given: features.option_greeks
select
    *,
    '2024-03-15' as expiration
from (
    values
    (95, 0.30, '2024-03-15 13:30Z'), (105, 0.20, '2024-03-15 13:30Z'),
    (95, 0.40, '2024-03-15 20:00Z'), (105, 0.30, '2024-03-15 20:00Z')
) as given (strike, iv, settles_at);
-- expect: settles_at, atm_iv
values ('2024-03-15 13:30Z', 0.25), ('2024-03-15 20:00Z', 0.35);
