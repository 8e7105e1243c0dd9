-- default: symbol = 'AAPL', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'

-- case: every score, the tape and the quarter are beside one another
-- given: scores.smart_money_index
select
    72.1 as smart_money_index,
    'moderate_bullish' as label,
    false as is_near_neutral,
    0.9 as coverage,
    0.888 as agreement,
    61.5 as smart_money_index_legacy,
    'moderate_bullish' as label_legacy;
-- given: scores.accumulation
select
    55.3 as accumulation,
    'strong_accumulation' as label,
    80 as accumulation_legacy,
    'strong_accumulation' as label_legacy;
-- given: scores.confidence
select
    64.2 as confidence,
    'high' as tier;
-- given: scores.divergence
select
    70 as divergence,
    'bullish' as label,
    34.25 as divergence_legacy,
    'bullish' as label_legacy,
    -6.25 as return_5d_pct,
    28 as flow_pct,
    true as has_earnings;
-- given: scores.unusual_activity
select
    97.03 as unusual_activity,
    'elevated' as label,
    'bull' as direction,
    37.5 as unusual_activity_legacy,
    1.5 as volume_ratio;
-- given: scores.conviction
select
    75 as conviction,
    'high' as label,
    10 as conviction_legacy,
    62.5 as inst_own_pct,
    2.1 as net_change_pct,
    'strong_inflow' as flow_label,
    '2023-12-31' as period_end;
-- given: reports.dark_pool_daily
select
    0.35 as offex_ratio,
    'bull' as direction,
    'moderate' as ratio_label,
    'high' as legacy_label;
-- expect: symbol, session_date, known_at, smart_money_index, index_label, is_near_neutral,
--     accumulation, accumulation_label, confidence, confidence_tier, divergence, divergence_label,
--     unusual_activity, conviction, dark_pool_ratio, dark_pool_sentiment, institutional_ownership,
--     institutional_momentum, smart_money_index_legacy, index_label_legacy, accumulation_legacy,
--     accumulation_label_legacy, divergence_legacy, divergence_label_legacy,
--     unusual_activity_legacy, conviction_legacy, dark_pool_label_legacy, dark_pool_label,
--     activity_label, activity_direction, conviction_label, coverage, agreement, return_5d_pct,
--     flow_pct, has_earnings, volume_ratio, net_change_pct, period_end
values (
    'AAPL', date '2024-03-01', timestamptz '2024-03-02 02:00Z', 72.1, 'moderate_bullish', false,
    55.3, 'strong_accumulation', 64.2, 'high', 70, 'bullish', 97.03, 75, 0.35, 'bullish', 62.5,
    'strong_buying', 61.5, 'moderate_bullish', 80, 'strong_accumulation', 34.25, 'bullish', 37.5,
    10, 'high', 'moderate', 'elevated', 'bull', 'high', 0.9, 0.888, -6.25, 28, true, 1.5, 2.1,
    date '2023-12-31'
);

-- case: each flow of managers has a momentum, each side of the tape a sentiment
-- given: scores.smart_money_index
select symbol
from (values ('A'), ('B'), ('C'), ('D'), ('E'), ('F')) as given (symbol);
-- given: scores.conviction
select *
from (
    values
    ('A', 'strong_inflow'), ('B', 'inflow'), ('C', 'neutral'), ('D', 'outflow'),
    ('E', 'strong_outflow'), ('F', null)
) as given (symbol, flow_label);
-- given: reports.dark_pool_daily
select *
from (
    values
    ('A', 'bull'), ('B', 'bear'), ('C', 'neutral'), ('D', null)
) as given (symbol, direction);
-- expect: symbol, institutional_momentum, dark_pool_sentiment
values
('A', 'strong_buying', 'bullish'),
('B', 'buying', 'bearish'),
('C', 'neutral', 'neutral'),
('D', 'selling', null),
('E', 'strong_selling', null),
('F', null, null);

-- case: a stock of which nothing is known is neutral, and null where it has nothing
-- given: scores.smart_money_index
select
    50 as smart_money_index,
    true as is_near_neutral,
    0 as coverage,
    42.5 as smart_money_index_legacy;
-- expect: smart_money_index, index_label, is_near_neutral, divergence, divergence_label,
--     unusual_activity, conviction, dark_pool_ratio, dark_pool_sentiment, institutional_ownership,
--     institutional_momentum, smart_money_index_legacy
values (50, null, true, null, null, null, null, null, null, null, null, 42.5);
