-- default: underlying = 'AAPL', session_date = '2024-03-01', expiration = '2024-03-31'
-- default: known_at = '2024-03-01 21:30Z', spot = 100, width = 0.2 * sqrt(30.0 / 365)
-- default: drift = 0.07 * 30 / 365, height = 1 / (0.2 * sqrt(30.0 / 365) * sqrt(2 * pi()))

-- case: the rule book's three strikes are 1,770,656 for 1 %, and flip at 95.918
-- given: features.gamma_terms
select
    *,
    put_call || strike as contract,
    strike as strike_usd,
    open_interest * case put_call when 'call' then 100 else -100 end as signed_units
from (
    values
    (95, 'call', 1_000), (100, 'call', 5_000), (105, 'call', 3_000),
    (95, 'put', 4_000), (100, 'put', 2_500), (105, 'put', 500)
) as given (strike, put_call, open_interest);
-- expect: underlying, session_date, expiration, strike, call_open_interest, put_open_interest,
--     round(gex_usd_1pct), round(gex_shares), round(total_gex_usd_1pct), round(gamma_flip, 3),
--     is_call_wall, is_put_wall, spot, sign_convention, known_at
values
(
    'AAPL', '2024-03-01', '2024-03-31', 95, 1_000, 4_000, -1_272_454, -12_725, 1_770_656, 95.918,
    false, true, 100, 'dealers long calls, short puts', '2024-03-01 21:30Z'
),
(
    'AAPL', '2024-03-01', '2024-03-31', 100, 5_000, 2_500, 1_730_691, 17_307, 1_770_656, 95.918,
    true, false, 100, 'dealers long calls, short puts', '2024-03-01 21:30Z'
),
(
    'AAPL', '2024-03-01', '2024-03-31', 105, 3_000, 500, 1_312_419, 13_124, 1_770_656, 95.918,
    false, false, 100, 'dealers long calls, short puts', '2024-03-01 21:30Z'
);

-- case: at other spots it is as the rule book says, and ten times the contracts flip where they did
-- given: features.gamma_terms
select
    spots.underlying, spots.spot,
    given.strike, given.put_call,
    given.put_call || given.strike as contract,
    given.strike as strike_usd,
    given.open_interest * spots.times as open_interest,
    given.open_interest * spots.times
    * case given.put_call when 'call' then 100 else -100 end as signed_units
from (
    values
    (95, 'call', 1_000), (100, 'call', 5_000), (105, 'call', 3_000),
    (95, 'put', 4_000), (100, 'put', 2_500), (105, 'put', 500)
) as given (strike, put_call, open_interest)
cross join (
    values ('at 91', 91, 1), ('at 103', 103, 1), ('ten times', 100, 10)
) as spots (underlying, spot, times);
-- expect: underlying, strike, round(total_gex_usd_1pct), round(gamma_flip, 3)
values
('at 91', 95, -967_756, 95.918), ('at 91', 100, -967_756, 95.918),
('at 91', 105, -967_756, 95.918), ('at 103', 95, 2_537_804, 95.918),
('at 103', 100, 2_537_804, 95.918), ('at 103', 105, 2_537_804, 95.918),
('ten times', 95, 17_706_561, 95.918), ('ten times', 100, 17_706_561, 95.918),
('ten times', 105, 17_706_561, 95.918);

-- case: where all are long it never flips, and there is no put wall
-- given: features.gamma_terms
select
    'call' as put_call,
    100 as strike,
    10 as open_interest,
    100 as strike_usd,
    1_000 as signed_units,
    'a' as contract;
-- expect: gamma_flip, is_call_wall, is_put_wall, total_gex_usd_1pct > 0
values (null, true, false, true);

-- case: old snapshots are no part
-- given: features.gamma_terms
select
    *,
    'call' as put_call,
    100 as strike,
    100 as strike_usd,
    10 as open_interest,
    1_000 as signed_units
from (
    values ('a', '2024-05-30', null), ('f', '2024-03-31', '2024-03-01 22:00Z')
) as given (contract, expiration, withdrawn_at);
-- expect: expiration, call_open_interest
values ('2024-05-30', 10);
