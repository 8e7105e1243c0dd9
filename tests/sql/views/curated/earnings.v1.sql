-- default: event_id = 'AAPL 2024Q1', label = 'earnings', entity = 'AAPL'
-- default: ends_at = '2024-05-03 00:00Z'

-- case: a report stands on its day until another day becomes known, and other labels are none
-- given: raw.events
select *
from (
    values
    ('AAPL 2024Q1', 'earnings', '2024-04-30 20:30Z', '2024-04-01 12:00Z', false),
    ('AAPL 2024Q1', 'earnings', '2024-05-02 20:30Z', '2024-04-10 12:00Z', false),
    ('AAPL 2024Q2', 'earnings', '2024-08-01 20:30Z', '2024-04-10 12:00Z', false),
    ('AAPL 2024Q2', 'earnings', '2024-08-01 20:30Z', '2024-04-11 12:00Z', true),
    ('a plant', 'planted', '2024-05-02 20:30Z', '2024-04-10 12:00Z', false)
) as given (event_id, label, starts_at, known_at, is_gone);
-- expect: event_id, entity, reports_at, known_at, withdrawn_at
values
('AAPL 2024Q1', 'AAPL', '2024-04-30 20:30Z', '2024-04-01 12:00Z', '2024-04-10 12:00Z'),
('AAPL 2024Q1', 'AAPL', '2024-05-02 20:30Z', '2024-04-10 12:00Z', null),
('AAPL 2024Q2', 'AAPL', '2024-08-01 20:30Z', '2024-04-10 12:00Z', '2024-04-11 12:00Z');
