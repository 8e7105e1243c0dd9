-- default: session_date = '2024-03-01', underlying = 'AAPL', put_call = 'call', mark = 2
-- default: known_at = '2024-03-01 15:30Z', term = 'all', n_obs = 252, n_obs252 = 252
-- default: premium_usd = 500_000, volume = 5_000, unsided_frac = 0.2, pr252 = 0.5

-- case: 0.5, 0.9 and 0.99 are 97.03, as in the rule book
-- given: features.option_volume_rank
select *
from (
    values
    ('call', 0.5), ('put', 0.9)
) as given (put_call, pr252);
-- given: features.option_net_flow
select
    0.99 as net_premium_pr,
    -2_000 as net_premium_usd;
-- expect: session_date, mark, known_at, underlying, premium_usd, n_components, max_pr,
--     top_component, is_high, net_sign, unusual, unusual_legacy, to_json(components)
values (
    '2024-03-01', 2, '2024-03-01 15:30Z', 'AAPL', 1_000_000, 3, 0.99, 'net_premium', false, -1,
    97.0299, null,
    '[{"component":"call_volume","pr":0.5,"n_obs":252},'
    || '{"component":"net_premium","pr":0.99,"n_obs":252},'
    || '{"component":"put_volume","pr":0.9,"n_obs":252}]'
);

-- case: a component with under 60 sessions of history is none, and two are not enough
-- given: features.option_volume_rank
select *
from (
    values
    ('call', 0.5, 60), ('put', 0.999, 59)
) as given (put_call, pr252, n_obs);
-- given: features.option_net_flow
select
    0.99 as net_premium_pr,
    2_000 as net_premium_usd;
-- expect: n_components, max_pr, top_component, unusual
values (2, 0.99, 'net_premium', null);

-- case: where nobody knows who bought there is no sign, and near terms are not asked
-- given: features.option_volume_rank
select *
from (
    values
    ('call', 'all', 0.5), ('put', 'all', 0.5), ('call', 'near', 1.0)
) as given (put_call, term, pr252);
-- given: features.option_net_flow
select
    0.98 as net_premium_pr,
    2_000 as net_premium_usd,
    0.500001 as unsided_frac;
-- expect: n_components, net_sign, unusual
values (3, 0, 94.1192);

-- case: volume that is high by itself makes the mark high, unless one of its floors is missed
-- given: features.option_volume_rank
select *
from (
    values
    ('fires'), ('not far'), ('not the most'), ('thin'), ('cheap')
) as given (underlying);
-- given: features.option_volume
select *
from (
    values
    ('fires', 5, 4_999, 100, 100_000, 3),
    ('not far', 4.999, 4_999, 100, 100_000, 1),
    ('not the most', 5, 5_000, 100, 100_000, 4.5),
    ('thin', 5, 4_999, 99.5, 100_000, null),
    ('cheap', 5, 4_999, 100, 99_999, 1)
) as given (underlying, mz60, max60, median60, premium_usd, ratio20);
-- expect: underlying, is_high, unusual_legacy
values
('fires', true, 75), ('not far', false, 25), ('not the most', false, 100), ('thin', false, null),
('cheap', false, 25);

-- case: flow that is high by itself does too, where enough of it has a side
-- given: features.option_net_flow
select *
from (
    values
    ('sold', -5, 250_000, 0.5), ('not far', 4.9, 250_000, 0.5), ('cheap', 5, 249_999, 0.5),
    ('unsided', 5, 250_000, 0.51)
) as given (underlying, flow_z, premium_usd, unsided_frac);
-- expect: underlying, is_high
values
('sold', true), ('not far', false), ('cheap', false), ('unsided', false);
