-- default: underlying = 'AAPL', session_date = '2024-03-04', oi_date = '2024-03-01'
-- default: known_at = '2024-03-04 21:30Z', is_dead = false, is_adjusted = false
-- default: underlying_price = 175

-- case: each expiration's strike alone, and all expirations of a strike together
-- given: curated.option_chains
select
    *,
    put_call || expiration as contract
from (
    values
    (170, '2024-03-15', 'call', 100, 10),
    (170, '2024-03-15', 'put', 300, null),
    (170, '2024-04-19', 'call', 50, 5)
) as given (strike, expiration, put_call, open_interest, volume);
-- expect: underlying, expiration, strike, call_open_interest, put_open_interest, call_volume,
--     put_volume, underlying_price, oi_date
values
('AAPL', null, 170, 150, 300, 15, null, 175, '2024-03-01'),
('AAPL', '2024-03-15', 170, 100, 300, 10, null, 175, '2024-03-01'),
('AAPL', '2024-04-19', 170, 50, null, 5, null, 175, '2024-03-01');

-- case: dead symbols, adjusted contracts and old snapshots count nowhere
-- given: curated.option_chains
select
    *,
    'call' as put_call,
    170 as strike,
    '2024-03-15' as expiration,
    100 as open_interest,
    1 as volume
from (
    values
    ('a', false, false, null), ('b', true, false, null), ('c', false, true, null),
    ('d', false, false, '2024-03-04 22:00Z')
) as given (contract, is_dead, is_adjusted, withdrawn_at);
-- expect: expiration, call_open_interest
values (null, 100), ('2024-03-15', 100);
