-- default: symbol = 'IBM', venue = 'FINRA', print_id = 'FINRA:a', session_date = '2024-03-01'
-- default: traded_at = '2024-03-01 15:00:00Z', known_at = '2024-03-01 15:00:02Z', size = 60_000
-- default: price = 178.50, value_usd = 10_710_000, trade_type = 'dark', trade_class = 'regular'
-- default: side = 1, side_prob = 0.8, is_price_informative = true, is_late = false
-- default: is_offex = true, price_bucket = 'at_ask', is_quote_stale = false

-- case: the rule book's print of 60,000 shares at 178.50 is a block
-- given: features.equity_blocks
select 'IBM' as symbol;
-- expect: entity, fired_at, direction, score, confidence, notional_usd, alert_key
values (
    'IBM', '2024-03-01 15:00:02Z', 'bull', 40.566, 1, 10_710_000,
    'off_exchange.block|IBM|FINRA:a@10710000.000000|2024-03-01'
);

-- case: it is high from a hundredth of a day, critical from a twentieth or a hundred million
-- given: features.equity_blocks
select
    *,
    adv_frac >= 0.01 as is_block_adv
from (
    values
    ('medium', 10_000_000, 0.0099), ('unknown day', 10_000_000, null), ('high', 10_000_000, 0.01),
    ('higher', 10_000_000, 0.049), ('critical', 10_000_000, 0.05),
    ('five days', 10_000_000, 5.0), ('huge', 100_000_000, null), ('all', 1_000_000_000, 0.5)
) as given (symbol, value_usd, adv_frac);
-- expect: entity, score
values
('medium', 40), ('unknown day', 40), ('high', 60), ('higher', 78.525), ('critical', 80),
('five days', 100), ('huge', 80), ('all', 100);

-- case: a price that was not made then and there is high at most, and has no direction
-- given: features.equity_blocks
select
    *,
    200_000_000 as value_usd,
    cast(null as bigint) as side
from (
    values
    ('average', 'average', false, false), ('contingent', 'contingent', false, false),
    ('late', 'late', false, true), ('unknown', null, null, false),
    ('no side', 'regular', true, false)
) as given (symbol, trade_class, is_price_informative, is_late);
-- expect: entity, direction, score
values
('average', null, 79), ('contingent', null, 79), ('late', null, 79), ('unknown', null, 79),
('no side', null, 86.0206);

-- case: what is below ten million stays quiet
-- given: features.equity_blocks
select 9_999_999.99 as value_usd;
-- expect: nothing
