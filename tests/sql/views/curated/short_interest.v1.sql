-- default: session_date = '2024-03-15', source_symbol = 'BRK B', symbol = 'BRK.B'
-- default: market_class = 'NYSE', short_position = 1_000, is_revised = false, is_split = false
-- default: known_at = '2024-03-28 04:00Z'

-- case: a revised row is a version of its own and withdraws the first
-- given: raw.short_interest
select *
from (
    values
    (1_000, false, '2024-03-28 04:00Z'),
    (1_500, true, '2024-04-03 22:00Z')
) as given (short_position, is_revised, known_at);
-- expect: session_date, symbol, short_position, is_revised, known_at, withdrawn_at
values
('2024-03-15', 'BRK.B', 1_000, false, '2024-03-28 04:00Z', '2024-04-03 22:00Z'),
('2024-03-15', 'BRK.B', 1_500, true, '2024-04-03 22:00Z', null);

-- case: a row that a later answer no longer holds is withdrawn
-- given: raw.short_interest
select *
from (
    values
    ('2024-03-28 04:00Z', false),
    ('2024-04-03 22:00Z', true)
) as given (known_at, is_gone);
-- expect: short_position, withdrawn_at
values (1_000, '2024-04-03 22:00Z');

-- case: settlement dates, symbols and market classes are rows of their own
-- given: raw.short_interest
select *
from (
    values
    ('2024-03-15', 'BRK B', 'NYSE'),
    ('2024-03-15', 'BRK A', 'NYSE'),
    ('2024-03-15', 'BRK B', 'OTC'),
    ('2024-03-28', 'BRK B', 'NYSE')
) as given (session_date, source_symbol, market_class);
-- expect: session_date, source_symbol, market_class, withdrawn_at
values
('2024-03-15', 'BRK B', 'NYSE', null),
('2024-03-15', 'BRK A', 'NYSE', null),
('2024-03-15', 'BRK B', 'OTC', null),
('2024-03-28', 'BRK B', 'NYSE', null);
