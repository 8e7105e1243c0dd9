-- default: session_date = '2024-03-04', oi_date = '2024-03-04', known_at = '2024-03-05 11:30Z'

-- case: how often each kind opened, beside all contracts of the same sessions
-- given: reports.open_close_verdict
select *
from (
    values
    ('print', '2024-03-04', 'opened'), ('print', '2024-03-04', 'opened'),
    ('print', '2024-03-05', 'closed'), ('print', '2024-03-05', 'mixed'),
    ('print', '2024-03-06', null), ('sweep', '2024-03-04', 'opened'),
    ('split', '2024-03-06', null)
) as given (tag_kind, session_date, verdict);
-- given: features.oi_change
select *
from (
    values
    ('2024-03-04', 'mostly_opening', null), ('2024-03-04', 'mixed', null),
    ('2024-03-05', 'mostly_closing', null), ('2024-03-05', 'mostly_closing', null),
    ('2024-03-05', null, null), ('2024-03-05', 'no_trade', null),
    ('2024-03-06', 'mostly_opening', null),
    ('2024-03-05', 'mostly_opening', '2024-03-06 15:00Z')
) as given (oi_date, open_close_label, withdrawn_at);
-- expect: tag_kind, n, n_opened, n_closed, n_mixed, hit_frac, base_frac, first_session,
--     last_session, known_at
values
('print', 4, 2, 1, 1, 0.5, 0.25, '2024-03-04', '2024-03-05', '2024-03-05 11:30Z'),
('sweep', 1, 1, 0, 0, 1, 0.25, '2024-03-04', '2024-03-04', '2024-03-05 11:30Z');

-- case: without a verdict there is no rate
-- given: reports.open_close_verdict
select 'print' as tag_kind;
-- expect: nothing
