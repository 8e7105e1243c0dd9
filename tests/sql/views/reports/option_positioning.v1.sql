-- default: underlying = 'AAPL', session_date = '2024-03-04', oi_date = '2024-03-01'
-- default: known_at = '2024-03-04 21:30Z', is_dead = false, is_adjusted = false
-- default: expiration = '2024-03-15', underlying_price = 175

-- case: puts over calls of an expiration, and the strikes with the most of each
-- given: curated.option_chains
select
    *,
    put_call || strike as contract
from (
    values
    (170, 'call', 100, 10), (175, 'call', 500, 40), (180, 'call', 500, 50),
    (170, 'put', 300, 30), (175, 'put', 250, null), (180, 'put', null, 20)
) as given (strike, put_call, open_interest, volume);
-- expect: underlying, session_date, expiration, dte, call_open_interest, put_open_interest,
--     pcr_open_interest, call_volume, put_volume, pcr, call_strike, call_strike_open_interest,
--     put_strike, put_strike_open_interest, underlying_price, oi_date, known_at
values (
    'AAPL', '2024-03-04', '2024-03-15', 11, 1_100, 550, 0.5, 100, 50, 0.5, 175, 500, 170, 300, 175,
    '2024-03-01', '2024-03-04 21:30Z'
);

-- case: dead symbols, adjusted contracts and old snapshots count nowhere, and each expiration alone
-- given: curated.option_chains
select
    *,
    'call' as put_call,
    170 as strike
from (
    values
    ('a', '2024-03-15', 100, false, false, null),
    ('b', '2024-03-15', 900, true, false, null),
    ('c', '2024-03-15', 900, false, true, null),
    ('d', '2024-03-15', 900, false, false, '2024-03-04 22:00Z'),
    ('e', '2024-04-19', 0, false, false, null)
) as given (contract, expiration, open_interest, is_dead, is_adjusted, withdrawn_at);
-- expect: expiration, call_open_interest, put_open_interest, pcr_open_interest, call_strike,
--     put_strike
values
('2024-03-15', 100, null, null, 170, null),
('2024-04-19', 0, null, null, null, null);

-- case: while the newest session is short the last whole one stands in for it and says so
-- given: curated.option_chains
select
    *,
    'XNYS' as calendar,
    'c' as contract,
    170 as strike,
    'call' as put_call,
    100 as open_interest
from (values ('2024-03-01'), ('2024-03-04'), ('2024-03-05')) as given (session_date);
-- given: ops.completeness
select
    *,
    'option_chains' as dataset,
    'XNYS' as calendar
from (
    values
    ('2024-03-01', false, '2024-02-29', false), ('2024-03-04', true, '2024-03-04', false),
    ('2024-03-05', false, '2024-03-04', true)
) as given (session_date, is_complete, complete_date, is_newest);
-- expect: session_date, call_open_interest, is_complete, is_stand_in
values ('2024-03-01', 100, false, false), ('2024-03-04', 100, true, true);
