-- default: source_symbol = 'BRK/B', symbol = 'BRK.B', facility = 'CNMS'
-- default: session_date = '2019-05-24'

-- case: a corrected row is a version of its own and withdraws the first
-- given: raw.short_volume
select *
from (
    values
    (400, 10, 1_000, '2019-05-24 22:00Z'),
    (500, 10, 1_000, '2019-05-28 14:00Z')
) as given (short_volume, short_exempt_volume, total_volume, known_at);
-- expect: session_date, symbol, facility, short_volume, short_exempt_volume, total_volume,
--     known_at, withdrawn_at, source_symbol
values
(
    '2019-05-24', 'BRK.B', 'CNMS', 400, 10, 1_000,
    '2019-05-24 22:00Z', '2019-05-28 14:00Z', 'BRK/B'
),
('2019-05-24', 'BRK.B', 'CNMS', 500, 10, 1_000, '2019-05-28 14:00Z', null, 'BRK/B');

-- case: a row that a newer file no longer holds is withdrawn
-- given: raw.short_volume
select *
from (
    values
    (400, '2019-05-24 22:00Z', false),
    (400, '2019-05-28 14:00Z', true)
) as given (short_volume, known_at, is_gone);
-- expect: short_volume, known_at, withdrawn_at
values (400, '2019-05-24 22:00Z', '2019-05-28 14:00Z');

-- case: a change of our ticker is a version of the same row
-- given: raw.short_volume
select *
from (
    values
    ('BRK', '2019-05-24 22:00Z'),
    ('BRK.B', '2019-05-28 14:00Z')
) as given (symbol, known_at);
-- expect: symbol, withdrawn_at
values
('BRK', '2019-05-28 14:00Z'),
('BRK.B', null);

-- case: facilities, symbols and sessions are rows of their own
-- given: raw.short_volume
select *
from (
    values
    ('CNMS', 'BRK/B', '2019-05-24', '2019-05-24 22:00Z'),
    ('FNSQ', 'BRK/B', '2019-05-24', '2019-05-24 22:01Z'),
    ('CNMS', 'BRK/A', '2019-05-24', '2019-05-24 22:02Z'),
    ('CNMS', 'BRK/B', '2019-05-28', '2019-05-28 22:00Z')
) as given (facility, source_symbol, session_date, known_at);
-- expect: facility, source_symbol, session_date, withdrawn_at
values
('CNMS', 'BRK/B', '2019-05-24', null),
('FNSQ', 'BRK/B', '2019-05-24', null),
('CNMS', 'BRK/A', '2019-05-24', null),
('CNMS', 'BRK/B', '2019-05-28', null);

-- case: of two rows known at the same moment the one recorded last is the only version
-- given: raw.short_volume
select
    *,
    '2019-05-24 22:00Z' as known_at
from (
    values
    (400, '2026-01-01 00:00Z', 'b'),
    (500, '2026-01-02 00:00Z', 'a')
) as given (short_volume, recorded_at, load_id);
-- expect: short_volume, withdrawn_at
values (500, null);
