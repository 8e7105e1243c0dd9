-- default: symbol = 'IBM', venue = 'FINRA', trade_id = 'a', is_offex = true, counts_volume = true
-- default: known_at = '2024-03-01 15:00:00Z', size = 10_000, value_usd = 30_000, quote_age_s = 0.5

-- case: the rule book's blocks by law: by shares, or by value
-- given: curated.equity_trades
select *
from (
    values
    ('by shares', 10_000, 30_000, 'FINRA', true, true, null),
    ('by value', 1_500, 225_000, 'FINRA', true, true, null),
    ('neither', 9_999, 199_880, 'FINRA', true, true, null),
    ('on exchange', 10_000, 30_000, 'NYSE', false, true, null),
    ('no volume', 10_000, 30_000, 'FINRA', true, false, null),
    ('withdrawn', 10_000, 30_000, 'FINRA', true, true, '2024-03-01 16:00:00Z')
) as given (trade_id, size, value_usd, venue, is_offex, counts_volume, withdrawn_at);
-- expect: print_id, size, is_quote_stale
values ('FINRA:by shares', 10_000, false), ('FINRA:by value', 1_500, false);
