-- default: symbol = 'IBM', session_date = '2024-03-01', closes_at = '2024-03-01 21:00:00Z'
-- default: known_at = '2024-03-01 15:00:00Z', size = 100, value_usd = 10_000, is_offex = false
-- default: counts_volume = true, is_auction = false, is_late = false, has_unknown_code = false

-- case: sums are of what counts as volume, on and off exchange
-- given: curated.equity_prints
select *
from (
    values
    (100, true, true, false, true, false), (200, false, true, true, false, false),
    (300, null, true, false, false, true), (400, true, false, false, false, false)
) as given (size, is_offex, counts_volume, is_auction, is_late, has_unknown_code);
-- expect: symbol, known_date, volume, offex_volume, auction_volume, late_volume, value_usd,
--     offex_value_usd, n_prints, n_offex_prints, n_unknown_venues, n_unknown_codes
values ('IBM', '2024-03-01', 600, 100, 200, 100, 30_000, 10_000, 3, 1, 1, 1);

-- case: what is published after the last word, or withdrawn on its day before it, is in no sum
-- given: curated.equity_prints
select *
from (
    values
    ('in', '2024-03-02 01:14:59Z', null),
    ('late', '2024-03-02 01:15:00Z', null),
    ('withdrawn', '2024-03-01 15:00:00Z', '2024-03-01 16:00:00Z'),
    ('withdrawn another day', '2024-03-01 15:00:00Z', '2024-03-02 01:00:00Z'),
    ('withdrawn after', '2024-03-02 00:30:00Z', '2024-03-02 02:00:00Z')
) as given (symbol, known_at, withdrawn_at);
-- expect: symbol, known_date, n_prints
values
('in', '2024-03-02', 1), ('withdrawn another day', '2024-03-01', 1),
('withdrawn after', '2024-03-02', 1);
