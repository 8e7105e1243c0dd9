-- default: symbol = 'IBM', session_date = '2024-03-01', known_at = '2024-03-01 15:00:00Z'
-- default: venue = 'FINRA', trade_id = 'a', size = 10_000, value_usd = 1_000_000
-- default: side = -1
-- default: counts_volume = true, is_auction = false

-- case: prints from a million on are kept with their side, but no auctions and nothing soon gone
-- given: curated.equity_trades
select *
from (
    values
    ('in', 1_000_000, true, false, null),
    ('small', 999_999.99, true, false, null),
    ('official', 1_000_000, false, false, null),
    ('auction', 1_000_000, true, true, null),
    ('withdrawn', 1_000_000, true, false, '2024-03-01 16:00Z'),
    ('withdrawn later', 1_000_000, true, false, '2024-03-02 16:00Z')
) as given (trade_id, value_usd, counts_volume, is_auction, withdrawn_at);
-- expect: symbol, known_date, print_id, side, size, value_usd
values
('IBM', '2024-03-01', 'FINRA:in', -1, 10_000, 1_000_000),
('IBM', '2024-03-01', 'FINRA:withdrawn later', -1, 10_000, 1_000_000);
