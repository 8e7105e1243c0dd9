-- default: underlying = 'AAPL', calendar = 'XNYS', session_date = '2024-03-01'
-- default: expiration = '2024-03-31', known_at = '2024-03-01 21:30Z', underlying_price = 100
-- default: multiplier = 100, iv = 0.2, rate = 0.05, dividend_yield = 0, years = 30.0 / 365
-- default: is_adjusted = false, strike = 95, put_call = 'call', open_interest = 1_000

-- case: a call counts for dealers and a put against them, in units of the underlying
-- given: features.option_greeks
select *
from (
    values
    ('C', 'call', 1_000, null), ('P', 'put', 4_000, '2024-03-02 12:00Z')
) as given (contract, put_call, open_interest, withdrawn_at);
-- expect: underlying, calendar, session_date, expiration, strike, contract, put_call, known_at,
--     withdrawn_at, open_interest, spot, strike_usd, signed_units, round(width, 6),
--     round(drift, 6), round(height, 6)
values
(
    'AAPL', 'XNYS', '2024-03-01', '2024-03-31', 95, 'C', 'call', '2024-03-01 21:30Z', null, 1_000,
    100, 95, 100_000, 0.057338, 0.005753, 6.957703
),
(
    'AAPL', 'XNYS', '2024-03-01', '2024-03-31', 95, 'P', 'put', '2024-03-01 21:30Z',
    '2024-03-02 12:00Z', 4_000, 100, 95, -400_000, 0.057338, 0.005753, 6.957703
);

-- case: with them the rule book's three strikes are 1,770,656 at 100, and nothing at 95.918
-- given: features.option_greeks
select
    *,
    put_call || strike as contract
from (
    values
    (95, 'call', 1_000), (100, 'call', 5_000), (105, 'call', 3_000),
    (95, 'put', 4_000), (100, 'put', 2_500), (105, 'put', 500)
) as given (strike, put_call, open_interest);
-- expect: contract, round(
--         signed_units * height * 100 / 100
--         * exp(-power((ln(100 / strike_usd) + drift) / width, 2) / 2)
--     )
values
('call95', 424_151), ('call100', 3_461_382), ('call105', 1_574_903),
('put95', -1_696_606), ('put100', -1_730_691), ('put105', -262_484);

-- case: far expirations, unknown volatilities, adjusted contracts and those without a price go
-- given: features.option_greeks
select *
from (
    values
    ('a', '2024-05-30', 0.2, 10, false, 100), ('b', '2024-05-31', 0.2, 10, false, 100),
    ('c', '2024-03-31', null, 10, false, 100), ('d', '2024-03-31', 0.2, 0, false, 100),
    ('e', '2024-03-31', 0.2, 10, true, 100), ('f', '2024-03-31', 0.2, 10, false, null)
) as given (contract, expiration, iv, open_interest, is_adjusted, underlying_price);
-- expect: expiration, open_interest
values ('2024-05-30', 10);

-- case: without the model's years it is as long as the settlement is away, and without rates none
-- given: features.option_greeks
select
    'a' as contract,
    null as years,
    null as rate,
    null as dividend_yield,
    '2024-03-31 21:30Z' as settles_at;
-- expect: round(width, 6), round(drift, 6)
values (0.057338, 0.001644);

-- case: what has settled is none
-- given: features.option_greeks
select
    'a' as contract,
    null as years,
    '2024-03-01 21:30Z' as settles_at;
-- expect: nothing
