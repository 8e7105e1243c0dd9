-- default: session_date = '2019-05-28', underlying = 'SPX', series = 'SPX'
-- default: contract = 'SPX190827C00000100', expiration = '2019-08-27', strike = 100
-- default: put_call = 'call', exercise_style = 'european', settles_at = '2019-08-27 20:00Z'
-- default: quoted_at = '2019-05-28 20:00Z', known_at = '2019-05-28 20:30Z', is_adjusted = false
-- default: calendar = 'XNYS', source = 'given', curve_date = '2019-05-24', from_years = 0
-- default: symbol = 'AAPL', amount_usd = 1

-- case: years are seconds of 365 days, and without a curve the default rate says that it is one
-- given: curated.option_terms
select
    10 as mid,
    100 as underlying_price;
-- expect: years, spot, forward, forward_source, rate, rate_source, dividend_yield, iv_status, model
values (
    round(91.0 / 365, 12), 100, round(100 * exp(0.03 * 91 / 365), 8), 'spot', 0.03, 'default', 0,
    null, 'black'
);

-- case: the rate lies on the piece of the newest curve that was known, if that is not too old
-- param: max_curve_days = 5
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('2019-05-28', '2019-05-28 20:00Z', '2019-05-28 20:30Z'),
    ('2019-05-30', '2019-05-30 20:00Z', '2019-05-30 20:30Z')
) as given (session_date, quoted_at, known_at)
cross join (
    values
    ('2020-05-27 20:00Z', 10, 100)
) as told (settles_at, mid, underlying_price);
-- given: curated.treasury_rates
select *
from (
    values
    (0, 0.5, 0.01, 0.01, '2019-05-25 10:30Z', null),
    (0.5, 1.5, 0.01, 0.03, '2019-05-25 10:30Z', null),
    (1.5, null, 0.03, 0.03, '2019-05-25 10:30Z', null),
    (0, null, 0.09, 0.09, '2019-05-23 10:30Z', '2019-05-25 10:30Z'),
    (0, null, 0.08, 0.08, '2019-06-23 10:30Z', null)
) as given (from_years, to_years, from_rate, to_rate, known_at, withdrawn_at);
-- expect: session_date, rate, rate_source
values
('2019-05-28', 0.02, 'treasury'),
('2019-05-30', 0.03, 'default');

-- case: the forward is the median of parity at the four strikes nearest the money
-- param: default_rate = 0
-- given: curated.option_terms
select *
from (
    values
    ('call', 80, 20.9), ('put', 80, 0.1),
    ('call', 90, 11.5), ('put', 90, 1),
    ('call', 95, 7.5), ('put', 95, 2),
    ('call', 100, 4.5), ('put', 100, 3.5),
    ('call', 105, 2), ('put', 105, 7)
) as given (put_call, strike, mid);
-- expect: strike, put_call, spot, forward, forward_source
select *
from (
    values
    (80, 'call', 100.5, 100.5, 'parity'), (80, 'put', 100.5, 100.5, 'parity'),
    (90, 'call', 100.5, 100.5, 'parity'), (90, 'put', 100.5, 100.5, 'parity'),
    (95, 'call', 100.5, 100.5, 'parity'), (95, 'put', 100.5, 100.5, 'parity'),
    (100, 'call', 100.5, 100.5, 'parity'), (100, 'put', 100.5, 100.5, 'parity'),
    (105, 'call', 100.5, 100.5, 'parity'), (105, 'put', 100.5, 100.5, 'parity')
) as expected;

-- case: parity wants two bids, and one settlement, and prices of one source
-- param: default_rate = 0
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('SPX', 'given', 'call', 100, 4.5, 4, 5),
    ('SPX', 'given', 'put', 100, 3.5, null, 7),
    ('SPXW', 'given', 'put', 100, 3.5, 3, 4),
    ('SPX', 'other', 'put', 100, 3.5, 3, 4)
) as given (series, source, put_call, strike, mid, bid, ask)
cross join (values (90)) as told (underlying_price);
-- expect: put_call, forward, forward_source
values
('call', 90, 'spot'), ('put', 90, 'spot'), ('put', 90, 'spot'), ('put', 90, 'spot');

-- case: a corrected row meets the others of its chain as they stood, four days long
-- param: default_rate = 0
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('call', 4.5, '2019-05-28 20:30Z', '2019-05-29 12:00Z'),
    ('put', 3.5, '2019-05-28 20:30Z', '2019-05-31 12:00Z'),
    ('call', 5.5, '2019-05-29 12:00Z', '2019-06-03 12:00Z'),
    ('put', 4.5, '2019-05-31 12:00Z', null),
    ('call', 6.5, '2019-06-03 12:00Z', null)
) as given (put_call, mid, known_at, withdrawn_at)
cross join (values (90)) as told (underlying_price);
-- expect: known_at, forward, forward_source
values
('2019-05-28 20:30Z', 101, 'parity'),
('2019-05-28 20:30Z', 101, 'parity'),
('2019-05-29 12:00Z', 102, 'parity'),
('2019-05-31 12:00Z', 101, 'parity'),
('2019-06-03 12:00Z', 102, 'parity');

-- case: a correction later than that has only its spot
-- param: default_rate = 0
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('call', 4.5, '2019-05-28 20:30Z', '2019-06-03 12:00Z'),
    ('put', 3.5, '2019-05-28 20:30Z', null),
    ('call', 5.5, '2019-06-03 12:00Z', null)
) as given (put_call, mid, known_at, withdrawn_at)
cross join (values (90)) as told (underlying_price);
-- expect: known_at, forward
values ('2019-05-28 20:30Z', 101), ('2019-05-28 20:30Z', 101), ('2019-06-03 12:00Z', 90);

-- case: an american's forward is the spot's without dividends declared by then and paid before
-- param: default_rate = 0
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('call', '2019-05-28 20:30Z'),
    ('put', '2019-05-28 20:30Z'),
    ('put', '2019-05-29 20:30Z')
) as given (put_call, known_at)
cross join (
    values
    ('american', 'AAPL', 'AAPL', 10, 105)
) as told (exercise_style, underlying, series, mid, underlying_price);
-- given: curated.dividends
select *
from (
    values
    ('AAPL', '2019-08-09', 1, '2019-05-20 12:00Z', null),
    ('AAPL', '2019-08-20', 2, '2019-05-29 12:00Z', null),
    ('AAPL', '2019-08-21', 3, '2019-05-20 12:00Z', '2019-05-28 12:00Z'),
    ('AAPL', '2019-05-28', 4, '2019-05-20 12:00Z', null),
    ('AAPL', '2019-08-28', 5, '2019-05-20 12:00Z', null),
    ('MSFT', '2019-08-09', 6, '2019-05-20 12:00Z', null)
) as given (symbol, ex_date, amount_usd, known_at, withdrawn_at);
-- expect: known_at, put_call, forward, forward_source, model, len(dividends)
values
('2019-05-28 20:30Z', 'call', 104, 'spot', 'fd', 1),
('2019-05-28 20:30Z', 'put', 104, 'spot', 'fd', 1),
('2019-05-29 20:30Z', 'put', 102, 'spot', 'fd', 2);

-- case: early exercise is worth nothing for a call without dividends, at a rate of nothing for a
--     put, and out of the money within 60 days
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('call', 90, '2019-08-27 20:00Z'),
    ('put', 110, '2019-08-27 20:00Z'),
    ('put', 90, '2019-08-27 20:00Z'),
    ('put', 90, '2019-07-20 20:00Z'),
    ('put', 110, '2019-07-20 20:00Z')
) as given (put_call, strike, settles_at)
cross join (
    values
    ('american', 12, 100)
) as told (exercise_style, mid, underlying_price);
-- expect: put_call, strike, years, model
values
('call', 90, round(91.0 / 365, 12), 'black'),
('put', 110, round(91.0 / 365, 12), 'qd_fp'),
('put', 90, round(91.0 / 365, 12), 'qd_fp'),
('put', 90, round(53.0 / 365, 12), 'black'),
('put', 110, round(53.0 / 365, 12), 'qd_fp');

-- case: an hour before the settlement is enough, a second less is too short
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('2019-05-28 21:00:00Z'),
    ('2019-05-28 20:59:59Z'),
    ('2019-05-28 13:30:00Z')
) as given (settles_at)
cross join (
    values
    (1, 100)
) as told (mid, underlying_price);
-- expect: round(years * 31_536_000), iv_status
values (3_600, null), (3_599, 'too_short'), (-23_400, 'too_short');

-- case: a quote without a bid or a mid is no price, and a mid alone is one
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('a', null, 2.2, null),
    ('b', 1.9, null, null),
    ('c', null, null, 2),
    ('d', 1.9, 2.1, 2),
    ('e', null, 4, 2)
) as given (contract, bid, ask, mid)
cross join (values (100)) as told (underlying_price);
-- expect: contract, iv_status
values ('a', 'no_bid'), ('b', 'no_bid'), ('c', null), ('d', null), ('e', 'no_bid');

-- case: wide is more than half of the mid and more than 20 cents, not one alone, nor exactly
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('a', 1, 1.75, 1.375),
    ('b', 0.05, 0.24, 0.145),
    ('c', 3, 4.5, 3.75),
    ('d', 3, 5, 4),
    ('e', 0.3, 0.5, 0.4)
) as given (contract, bid, ask, mid)
cross join (values (100, 110)) as told (underlying_price, strike);
-- expect: contract, iv_status
values ('a', 'wide'), ('b', null), ('c', null), ('d', null), ('e', null);

-- case: no price at its floor or its ceiling tells a volatility; an american's floor is exercise
-- param: default_rate = 0.04
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('call', 'european', 90, 10),
    ('call', 'european', 90, 11),
    ('put', 'european', 110, 9.5),
    ('put', 'american', 110, 10),
    ('put', 'american', 110, 10.01),
    ('call', 'american', 90, 100),
    ('put', 'american', 110, 110),
    ('put', 'european', 110, 109.5)
) as given (put_call, exercise_style, strike, mid)
cross join (values (100)) as told (underlying_price);
-- expect: put_call, exercise_style, mid, iv_status
values
('call', 'european', 10, 'below_intrinsic'),
('call', 'european', 11, null),
('put', 'european', 9.5, null),
('put', 'american', 10, 'below_intrinsic'),
('put', 'american', 10.01, null),
('call', 'american', 100, 'above_bound'),
('put', 'american', 110, 'above_bound'),
('put', 'european', 109.5, 'above_bound');

-- case: what tells no forward, or delivers something else, is left out
-- given: curated.option_terms
select
    given.*,
    told.*
from (
    values
    ('a', null, false),
    ('b', 100, true),
    ('c', 0, false)
) as given (contract, underlying_price, is_adjusted)
cross join (values (10)) as told (mid);
-- expect: nothing
