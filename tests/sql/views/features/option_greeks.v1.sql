-- default: session_date = '2019-05-28', contract = 'SPX190621C02900000', calendar = 'XNYS'
-- default: known_at = '2019-05-28 20:30Z', snapshot_at = '2019-05-28 20:30Z', iv_status = 'ok'
-- default: model = 'black', years = 0.1, spot = 2_800, forward = 2_801, forward_source = 'parity'
-- default: rate = 0.02, rate_source = 'default'

-- case: ours is used where it is ok, and the source's greeks stand beside it
-- given: curated.option_terms
select
    0.14 as iv,
    0.24 as delta,
    0.002 as gamma;
-- given: raw.option_greeks
select
    0.15 as iv,
    0.25 as delta,
    0.003 as gamma,
    300 as vega,
    -200 as theta;
-- expect: iv, delta, gamma, vega, theta, iv_origin, iv_status, source_iv, source_delta,
--     source_vega, model_iv, model_delta
values (0.15, 0.25, 0.003, 300, -200, 'model', 'ok', 0.14, 0.24, null, 0.15, 0.25);

-- case: where ours says why there is none, or was not asked, the source's is used with its greeks
-- given: curated.option_terms
select *
from (
    values
    ('a', 0.14, 0.24),
    ('b', 0.15, 0.25),
    ('c', null, 0.26)
) as given (contract, iv, delta);
-- given: raw.option_greeks
select *
from (
    values
    ('a', 'no_bid'),
    ('c', 'wide')
) as given (contract, iv_status);
-- expect: contract, iv, delta, vega, iv_origin, iv_status
values
('a', 0.14, 0.24, null, 'source', 'no_bid'),
('b', 0.15, 0.25, null, 'source', null),
('c', null, null, null, null, 'wide');

-- case: a source's 0, and 600 percent, are none
-- given: curated.option_terms
select *
from (
    values
    ('a', 0, 1), ('b', 6, 1), ('c', 0.01, 1), ('d', 5, 1)
) as given (contract, iv, delta);
-- expect: contract, iv, delta, source_iv
values
('a', null, null, null), ('b', null, null, null), ('c', 0.01, 1, 0.01), ('d', 5, 1, 5);

-- case: each version of a row has its own, and the newest solver's takes the place of the others
-- given: curated.option_terms
select *
from (
    values
    ('2019-05-28 20:30Z', '2019-05-29 12:00Z'),
    ('2019-05-29 12:00Z', null)
) as given (known_at, withdrawn_at);
-- given: raw.option_greeks
select *
from (
    values
    (0.15, '2019-05-28 20:30Z', '2019-05-28 20:30Z', '2019-05-28 21:00Z', false),
    (0.16, '2019-05-28 20:30Z', '2019-05-28 20:30Z', '2019-06-28 21:00Z', false),
    (0.17, '2019-05-29 12:00Z', '2019-05-29 12:00Z', '2019-05-29 13:00Z', false),
    (null, '2019-05-29 12:00Z', '2019-05-29 12:00Z', '2019-05-29 14:00Z', true)
) as given (iv, snapshot_at, known_at, recorded_at, is_gone);
-- expect: known_at, withdrawn_at, iv
values
('2019-05-28 20:30Z', '2019-05-29 12:00Z', 0.16),
('2019-05-29 12:00Z', null, null);
