-- default: underlying = 'AAPL', session_date = '2024-03-04', expiration = '2024-03-15'
-- default: known_at = '2024-03-04 21:30Z', is_dead = false, is_adjusted = false, multiplier = 100

-- case: the rule book's five strikes hurt least at 100
-- given: curated.option_chains
select
    *,
    put_call || strike as contract
from (
    values
    (90, 'call', 10), (95, 'call', 50), (100, 'call', 200), (105, 'call', 120), (110, 'call', 90),
    (90, 'put', 100), (95, 'put', 80), (100, 'put', 150), (105, 'put', 40), (110, 'put', 5)
) as given (strike, put_call, open_interest);
-- expect: underlying, session_date, expiration, strike, payout_usd, is_max_pain, open_interest,
--     n_strikes, known_at
values
('AAPL', '2024-03-04', '2024-03-15', 90, 260_000, false, 110, 5, '2024-03-04 21:30Z'),
('AAPL', '2024-03-04', '2024-03-15', 95, 127_500, false, 130, 5, '2024-03-04 21:30Z'),
('AAPL', '2024-03-04', '2024-03-15', 100, 60_000, true, 350, 5, '2024-03-04 21:30Z'),
('AAPL', '2024-03-04', '2024-03-15', 105, 167_500, false, 160, 5, '2024-03-04 21:30Z'),
('AAPL', '2024-03-04', '2024-03-15', 110, 355_000, false, 95, 5, '2024-03-04 21:30Z');

-- case: of two that hurt alike it is the lower, and a strike with nothing open may be it
-- given: curated.option_chains
select
    *,
    put_call || strike as contract
from (
    values
    (90, 'put', 1), (95, 'put', 1), (97.5, 'call', 0), (100, 'call', 1), (105, 'call', 1),
    (110, 'call', 1)
) as given (strike, put_call, open_interest);
-- expect: strike, payout_usd, is_max_pain
values
(90, 500, false), (95, 0, true), (97.5, 0, false), (100, 0, false), (105, 500, false),
(110, 1_500, false);

-- case: four strikes are too few, whatever is dead, adjusted or out of date beside them
-- given: curated.option_chains
select
    *,
    'call' as put_call,
    'c' || strike as contract,
    10 as open_interest
from (
    values
    (90, false, false, null), (95, false, false, null), (100, false, false, null),
    (105, false, false, null), (110, true, false, null), (115, false, true, null),
    (120, false, false, '2024-03-04 22:00Z')
) as given (strike, is_dead, is_adjusted, withdrawn_at);
-- expect: nothing
