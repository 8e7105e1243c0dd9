-- default: symbol = 'IBM', venue = 'FINRA', print_id = 'FINRA:a', session_date = '2024-03-01'
-- default: traded_at = '2024-03-01 15:00:00Z', known_at = '2024-03-01 15:00:02Z', size = 60_000
-- default: price = 178.50, value_usd = 10_710_000, trade_type = 'dark', trade_class = 'regular'
-- default: side = 1, side_prob = 0.8, is_price_informative = true, is_late = false
-- default: is_offex = true, price_bucket = 'at_ask', is_quote_stale = false

-- case: the rule book's print of 60,000 shares at 178.50 is a large one, told as it is published
-- given: features.equity_blocks
select 'IBM' as symbol;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key
values (
    'IBM', 'underlying', '2024-03-01 15:00:00Z', '2024-03-01 15:00:02Z', 'bull', 14.634053, 1,
    10_710_000, 'IBM: 60000 shares bought for 10710000 USD at FINRA (regular)',
    'off_exchange.large_print|IBM|FINRA:a@10710000.000000|2024-03-01'
);

-- case: a million is information, and a low one where it is much for the stock too
-- given: features.equity_blocks
select *
from (
    values
    ('alone', 1_000_000, null, null), ('for a day', 1_000_000, true, null),
    ('for its prints', 1_000_000, false, true), ('neither', 1_000_000, false, false),
    ('huge', 100_000_000, true, true)
) as given (symbol, value_usd, is_block_adv, is_block_stat);
-- expect: entity, score
values
('alone', 10), ('for a day', 20), ('for its prints', 20), ('neither', 10), ('huge', 39);

-- case: without a side there is no direction, and the less its price says, the less confidence
-- given: features.equity_blocks
select *
from (
    values
    ('at the middle', null, null, true, false), ('inside', -1, 0.65, true, false),
    ('average price', null, null, false, false), ('nobody says', null, null, null, false),
    ('late', null, null, false, true)
) as given (symbol, side, side_prob, is_price_informative, is_late);
-- expect: entity, direction, confidence
values
('at the middle', null, 0.6), ('inside', 'bear', 0.8), ('average price', null, 0.4),
('nobody says', null, 0.4), ('late', null, 0.4);

-- case: a premium beside an old quote is flagged
-- given: features.equity_blocks
select
    true as is_quote_stale,
    3.5 as quote_age_s,
    12.5 as prem_bps;
-- expect: evidence ->> '$.stale_quote', evidence ->> '$.quote_age_s', evidence ->> '$.prem_bps'
values ('true', '3.5', '12.5');

-- case: a cent below a million stays quiet
-- given: features.equity_blocks
select 999_999.99 as value_usd;
-- expect: nothing

-- case: nothing is told before it is published
-- span: 2024-03-01 00:00Z 2024-03-01 15:00:02Z
-- given: features.equity_blocks
select 'IBM' as symbol;
-- expect: nothing
