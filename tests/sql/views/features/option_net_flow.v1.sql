-- default: session_date = '2024-03-01', underlying = 'AAPL', put_call = 'call', half_hour = 1
-- default: known_at = '2024-03-01 15:00Z', known_date = '2024-03-01', premium_usd = 0
-- default: package_premium_usd = 0, bought_usd = 0, sold_usd = 0, certain_net_usd = 0
-- default: certain_usd = 0, net_delta_usd = 0, delta_premium_usd = 0

-- case: 2,000 of calls bought less 500 of puts bought are 1,500, as in the rule book
-- span: 2024-03-01 15:10Z 2024-03-01 15:31Z
-- given: features.option_flow_half_hours
select *
from (
    values
    ('call', 2_000, 2_000, 0, 1_200, 1_200, 0), ('put', 500, 500, 0, 150, 150, 0),
    ('call', 1_500, 0, 0, 0, 0, 1_000)
) as given (
    put_call, premium_usd, bought_usd, sold_usd, certain_net_usd, certain_usd, package_premium_usd
);
-- expect: session_date, mark, known_at, underlying, premium_usd, net_call_premium_usd,
--     net_put_premium_usd, net_premium_usd, certain_net_premium_usd, net_delta_usd, bull_share,
--     unsided_frac, multileg_frac, certainty, n_obs, flow_z, net_premium_pr
values (
    '2024-03-01', 2, '2024-03-01 15:30Z', 'AAPL', 4_000, 2_000, 500, 1_500, 1_050, null, 0.8, 0.375,
    0.25, 0.54, 0, null, null
);

-- case: selling puts is bullish, selling calls bearish, and deltas count where they are
-- span: 2024-03-01 15:10Z 2024-03-01 15:31Z
-- given: features.option_flow_half_hours
select *
from (
    values
    ('call', 1_000, 0, 1_000, -9_000, 1_000), ('put', 3_000, 0, 3_000, 8_000, 3_000)
) as given (put_call, premium_usd, bought_usd, sold_usd, net_delta_usd, delta_premium_usd);
-- expect: net_call_premium_usd, net_put_premium_usd, net_premium_usd, net_delta_usd, bull_share
values (-1_000, -3_000, 2_000, -1_000, 0.75);

-- case: each mark that is over adds what came before it, and one that is not says nothing
-- span: 2024-03-01 14:30Z 2024-03-01 15:45Z
-- given: features.option_flow_half_hours
select *
from (
    values
    (0, 100), (1, 200), (2, 400), (13, 800)
) as given (half_hour, premium_usd);
-- expect: mark, known_at, premium_usd
values
(1, '2024-03-01 15:00Z', 100),
(2, '2024-03-01 15:30Z', 300);

-- case: the share of the net is held against that of the same mark in 60 sessions
-- span: 2024-03-01 15:10Z 2024-03-01 15:31Z
-- given: features.option_flow_half_hours
select
    session_date,
    timezone('UTC', session_date + interval 15 hours) as known_at,
    session_date as known_date,
    1_000 as premium_usd,
    case
        when session_date = '2024-03-01' then 600
        when nth % 4 = 0 then 300
        when nth % 4 = 2 then 100
        else 200
    end as bought_usd
from (
    select
        session_date,
        row_number() over (order by session_date desc) as nth
    from curated.us_sessions
    where session_date <= '2024-03-01' and not is_half_session
) as numbered
where nth <= 70;
-- expect: mark, n_obs, n_obs252, round(flow_z, 6), net_premium_pr
values (2, 60, 69, round(0.6745 * 0.4 / 0.05, 6), 1);

-- case: sessions without premium by that mark are no history, and below 20 nothing is said
-- span: 2024-03-01 15:10Z 2024-03-01 15:31Z
-- given: features.option_flow_half_hours
select
    session_date,
    timezone('UTC', session_date + interval 15 hours) as known_at,
    session_date as known_date,
    case when nth between 2 and 10 then 5 else 0 end as half_hour,
    100 * nth as premium_usd
from (
    select
        session_date,
        row_number() over (order by session_date desc) as nth
    from curated.us_sessions
    where session_date <= '2024-03-01' and not is_half_session
) as numbered
where nth <= 28;
-- expect: mark, n_obs, flow_z, net_premium_pr
values (2, 18, null, null);

-- case: a span between two marks has nothing
-- span: 2024-03-01 15:00:01Z 2024-03-01 15:30Z
-- given: features.option_flow_half_hours
select 100 as premium_usd;
-- expect: nothing
