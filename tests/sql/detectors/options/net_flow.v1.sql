-- default: session_date = '2024-03-01', underlying = 'AAPL', mark = 3, n_obs = 60
-- default: known_at = '2024-03-01 16:00Z', premium_usd = 4_000_000, net_premium_usd = 1_500_000
-- default: flow_z = 5.75, net_premium_pr = 1, unsided_frac = 0.25, certainty = 0.6
-- default: net_call_premium_usd = 2_000_000, net_put_premium_usd = 500_000
-- default: certain_net_premium_usd = 900_000, net_delta_usd = 7_000_000, bull_share = 0.75
-- default: multileg_frac = 0.1

-- case: more bullish money than ever by that time, in sides of which half are sure, is high
-- given: features.option_net_flow
select 3 as mark;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence,
--     notional_usd, headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-01 16:00Z', '2024-03-01 16:00Z', 'bull', 67.5, 0.45, 1_500_000,
    'AAPL: of 4000000 USD in the first 90 minutes 1500000 more were bet on a rise than against it',
    'options.net_flow|AAPL|2024-03-01',
    '{
        "session_date": "2024-03-01", "mark": 3, "flow_z": 5.75, "net_premium_pr": 1, "n_obs": 60,
        "short_history": false, "premium_usd": 4000000, "net_premium_usd": 1500000,
        "net_call_premium_usd": 2000000, "net_put_premium_usd": 500000,
        "certain_net_premium_usd": 900000, "net_delta_usd": 7000000, "bull_share": 0.75,
        "unsided_frac": 0.25, "multileg_frac": 0.1, "market_cap_usd": null, "floor_usd": 1000000,
        "days_to_earnings": null, "tags": null, "until_us": 1709308800000000
    }'
);

-- case: below its bounds, where too little has a side, and where nothing is usual, it stays quiet
-- given: features.option_net_flow
select *
from (
    values
    ('usual', 3.499999, 0.25, 1_000_000), ('of nobody', 3.5, 0.500001, 1_000_000),
    ('cheap', 3.5, 0.25, 999_999), ('unknown', null, 0.25, 1_000_000)
) as given (underlying, flow_z, unsided_frac, premium_usd);
-- expect: nothing

-- case: at every bound it fires, to either side
-- given: features.option_net_flow
select
    *,
    1_000_000 as premium_usd,
    0.5 as unsided_frac
from (
    values
    ('bought', 3.5, 1), ('sold', -3.5, -1)
) as given (underlying, flow_z, net_premium_usd);
-- expect: entity, direction, score
values
('bought', 'bull', 40),
('sold', 'bear', 40);

-- case: of a company of 50 B a quarter of a million is enough, of a larger one it is not
-- given: features.option_net_flow
select
    *,
    250_000 as premium_usd
from (values ('small'), ('large'), ('of which nobody knows')) as given (underlying);
-- given: curated.shares_outstanding
select
    *,
    '2024-02-02 11:00Z' as known_at,
    '2024-01-31' as as_of_date
from (values ('small', 500_000_000), ('large', 500_000_001)) as given (symbol, shares);
-- given: features.prior_close
select
    *,
    100 as close,
    '2024-03-01' as session_date,
    '2024-02-29 21:15Z' as known_at
from (values ('small'), ('large')) as given (symbol);
-- expect: entity, evidence ->> '$.floor_usd'
values ('small', '250000');

-- case: a session's first mark at which it is large counts
-- given: features.option_net_flow
select *
from (
    values
    (2, 999_999, '2024-03-01 15:30Z'), (3, 1_000_000, '2024-03-01 16:00Z'),
    (4, 2_000_000, '2024-03-01 16:30Z')
) as given (mark, premium_usd, known_at);
-- expect: fired_at
values ('2024-03-01 16:00Z');

-- case: the map has its knots at 3.5, 5, 7 and 12
-- given: features.option_net_flow
select
    *,
    0 as unsided_frac,
    1 as certainty,
    10_000_000 as premium_usd
from (
    values
    ('a', 3.5), ('b', 4.25), ('c', 5), ('d', -6), ('e', 7), ('f', 9.5), ('g', 20)
) as given (underlying, flow_z);
-- expect: entity, score
values
('a', 40), ('b', 50), ('c', 60), ('d', 70), ('e', 80), ('f', 90), ('g', 100);

-- case: high asks for more than in a year, critical for ten times the money and sure sides
-- given: features.option_net_flow
select
    *,
    9 as flow_z,
    0 as unsided_frac
from (
    values
    ('cheap', 9_999_999, 1, 1, 60), ('unsure', 10_000_000, 0.59, 1, 60),
    ('seen before', 10_000_000, 1, 0.998, 60), ('young', 10_000_000, 1, 1, 59)
) as given (underlying, premium_usd, certainty, net_premium_pr, n_obs);
-- expect: entity, score
values
('cheap', 79), ('unsure', 79), ('seen before', 59), ('young', 39);

-- case: a holder who sells calls against stock looks like one who bets on a fall (noisy)
-- given: features.option_net_flow
select
    -2_000_000 as net_premium_usd,
    -2_000_000 as net_call_premium_usd,
    0 as net_put_premium_usd,
    -5.75 as flow_z;
-- expect: direction, evidence ->> '$.net_call_premium_usd'
values ('bear', '-2000000');

-- case: one large order is most of a thin day (noisy)
-- given: features.option_net_flow
select
    1_000_000 as premium_usd,
    1_000_000 as net_premium_usd,
    0 as unsided_frac,
    1 as bull_share;
-- expect: direction, evidence ->> '$.bull_share'
values ('bull', '1.0');

-- case: an index is hedged with puts, day by day more (noisy)
-- given: features.option_net_flow
select
    'SPX' as underlying,
    0 as net_call_premium_usd,
    3_000_000 as net_put_premium_usd,
    -3_000_000 as net_premium_usd,
    -4.25 as flow_z;
-- expect: entity, direction, score
values ('SPX', 'bear', 50);

-- case: before a report it is medium at most, and silent for who wants that
-- given: features.option_net_flow
select 3 as mark;
-- given: features.option_event_context
select
    'AAPL' as underlying,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at,
    3 as days_to_earnings,
    true as is_capped,
    'pre_earnings' as tags;
-- expect: score, evidence ->> '$.tags'
values (59, 'pre_earnings');

-- case: who wants the week before a report silent says so
-- param: is_suppressed_before_earnings = true
-- given: features.option_net_flow
select 3 as mark;
-- given: features.option_event_context
select
    'AAPL' as underlying,
    '2024-03-01' as session_date,
    '2024-03-01 14:30Z' as known_at,
    true as is_capped;
-- expect: nothing

-- case: bounds that are parameters move
-- param: min_flow_z = 6
-- given: features.option_net_flow
select 3 as mark;
-- expect: nothing
