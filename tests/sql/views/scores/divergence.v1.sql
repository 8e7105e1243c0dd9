-- default: symbol = 'AAPL', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'
-- default: component = 'flow', from_date = '2024-02-23'

-- case: the golden example: flow in and price down are a bullish divergence of 70
-- given: features.score_components
select *
from (
    values
    ('IN', 'flow', 0.8), ('IN', 'dp', -0.9), ('SAME', 'flow', 0.8), ('OUT', 'flow', -0.8)
) as given (symbol, component, s);
-- given: features.price_returns
select *
from (
    values
    ('IN', -0.6, -4), ('SAME', 0.6, 4), ('OUT', 0.6, 4)
) as given (symbol, s_price, return_5d_pct);
-- expect: entity, known_at, divergence, label, is_divergent, s_flow, s_price, return_5d_pct,
--     part_flow, part_price, weaker_strength, flow_basis
select
    entity,
    timestamptz '2024-03-02 02:00Z' as known_at,
    divergence, label, label is not null as is_divergent, s_flow, s_price, return_5d_pct,
    part_flow, part_price,
    0.6 as weaker_strength,
    'options' as flow_basis
from (
    values
    ('IN', 70, 'bullish', 0.8, -0.6, -4, 40, 30),
    ('SAME', 10, null, 0.8, 0.6, 4, 40, -30),
    ('OUT', 70, 'bearish', -0.8, 0.6, 4, 40, 30)
) as given (
    entity, divergence, label, s_flow, s_price, return_5d_pct, part_flow, part_price
);

-- case: without options the mean of prints and blocks speaks, of which a missing one is neutral
-- given: features.score_components
select *
from (
    values
    ('BOTH', 'dp', 0.9), ('BOTH', 'blocks', 0.5), ('BOTH', 'flow', null),
    ('ONE', 'dp', 0.9), ('ONE', 'blocks', null), ('ONE', 'inst', 1),
    ('NONE', 'dp', null), ('NONE', 'blocks', null), ('NONE', 'flow', null)
) as given (symbol, component, s);
-- given: features.price_returns
select
    symbol,
    -0.6 as s_price
from (values ('BOTH'), ('ONE'), ('NONE')) as given (symbol);
-- expect: symbol, s_flow, flow_basis, divergence, label, part_flow, part_price
values
('BOTH', 0.7, 'prints', 65, 'bullish', 35, 30),
('ONE', 0.45, 'prints', 52.5, null, 22.5, 30),
('NONE', null, null, null, null, 0, 0);

-- case: both must be strong, and nothing on either side is nothing said
-- given: features.score_components
select *
from (
    values
    ('EDGE', 0.5), ('FLOW', 0.499999999), ('PRICE', 0.8), ('ZERO', 0), ('NEW', 0.8)
) as given (symbol, s);
-- given: features.price_returns
select *
from (
    values
    ('EDGE', -0.5), ('FLOW', -0.9), ('PRICE', -0.499999999), ('ZERO', 0), ('NEW', null)
) as given (symbol, s_price);
-- expect: symbol, divergence, label, is_divergent, weaker_strength
values
('EDGE', 50, 'bullish', true, 0.5),
('FLOW', 69.99999995, null, false, 0.499999999),
('PRICE', 64.99999995, null, false, 0.499999999),
('ZERO', 0, null, false, 0),
('NEW', null, null, false, null);

-- case: the founding form is of five sessions of value off exchange
-- given: features.score_components
select
    symbol,
    null as s
from (values ('UP'), ('DOWN'), ('LITTLE'), ('MILD'), ('OLD')) as given (symbol);
-- given: features.price_returns
select *
from (
    values
    ('UP', 5), ('DOWN', -5), ('LITTLE', -5), ('MILD', -4.9), ('OLD', -8)
) as given (symbol, return_5d_pct);
-- given: features.off_exchange_flow
select *
from (
    values
    ('UP', date '2024-02-26', 20, 40), ('UP', date '2024-03-01', 25, 15),
    ('UP', date '2024-02-23', 900, 0),
    ('DOWN', date '2024-03-01', 55, 45), ('LITTLE', date '2024-03-01', 54.9, 45.1),
    ('MILD', date '2024-03-01', 55, 45), ('OLD', date '2024-03-04', 90, 10)
) as given (symbol, session_date, bull_usd, bear_usd);
-- expect: symbol, flow_pct, divergence_legacy, label_legacy, divergence, label
values
('UP', -10, 15, 'bearish', null, null),
('DOWN', 10, 15, 'bullish', null, null),
('LITTLE', 9.8, 14.8, null, null, null),
('MILD', 10, 14.9, null, null, null),
('OLD', null, null, null, null, null);

-- case: a report within the five sessions is told, one expected or taken back is not
-- given: features.score_components
select
    symbol,
    0.8 as s
from (values ('IN'), ('BEFORE'), ('AHEAD'), ('MOVED')) as given (symbol);
-- given: features.price_returns
select
    symbol,
    -0.8 as s_price
from (values ('IN'), ('BEFORE'), ('AHEAD'), ('MOVED')) as given (symbol);
-- given: curated.earnings
select
    *,
    timestamptz '2024-02-01 12:00Z' as known_at
from (
    values
    ('IN', '2024-02-23 21:05Z', null), ('BEFORE', '2024-02-23 12:00Z', null),
    ('AHEAD', '2024-03-04 21:05Z', null), ('MOVED', '2024-02-28 21:05Z', '2024-02-20 12:00Z')
) as given (entity, reports_at, withdrawn_at);
-- expect: symbol, has_earnings, label
values
('IN', true, 'bullish'),
('BEFORE', false, 'bullish'),
('AHEAD', false, 'bullish'),
('MOVED', false, 'bullish');

-- case: ten thousand pairs are within bounds, the sum of their parts, and mirror one another
-- given: features.score_components
select
    'S' || i as symbol,
    case when i % 2 = 0 then 1 else -1 end * ((i // 2 * 7_919) % 2_003 - 1_001) / 1_001.0 as s
from range(10_000) as t (i);
-- given: features.price_returns
select
    'S' || i as symbol,
    case when i % 2 = 0 then 1 else -1 end * ((i // 2 * 104_729) % 1_999 - 999) / 999.0 as s_price
from range(10_000) as t (i);
-- expect: min(divergence) >= 0, max(divergence) <= 100, count(divergence),
--     max(abs(part_flow + part_price - divergence)) < 1e-9,
--     sum(case label when 'bullish' then 1 when 'bearish' then -1 else 0 end),
--     min(case when is_divergent then divergence end) >= 50,
--     count(distinct case when is_divergent then divergence end) > 100
values (true, true, 10_000, true, 0, true, true);
