-- case: the last look of each check is its state; a check that nobody asked says so
-- given: ops.views
select
    *,
    'live' as status,
    'high' as severity,
    '1d' as every
from (
    values
    ('prints.gaps', 1, 'old', 'sql/checks/prints/gaps.v1.sql'),
    ('prints.gaps', 2, 'f', 'sql/checks/prints/gaps.v2.sql'),
    ('prints.odd', 1, 'f', 'sql/checks/prints/odd.v1.sql'),
    ('prints.slow', 1, 'f', 'sql/checks/prints/slow.v1.sql'),
    ('prints.new', 1, 'f', 'sql/checks/prints/new.v1.sql'),
    ('prices.high', 1, 'f', 'sql/detectors/prices/high.v1.sql')
) as given (view, version, fingerprint, path);
-- given: raw.check_results
select
    *,
    checked_at as known_at
from (
    values
    ('prints.gaps', 3, null, 'f', '2024-02-13 15:00Z'),
    ('prints.gaps', 0, null, 'f', '2024-02-14 15:00Z'),
    ('prints.odd', 2, null, 'g', '2024-02-14 15:00Z'),
    ('prints.slow', null, 'it took too long', 'f', '2024-02-14 15:00Z')
) as given (check_id, n_bad, reason, fingerprint, checked_at);
-- expect: check_id, dataset, severity, state, n_bad, checked_at, reason, is_current
values
('prints.gaps', 'prints', 'high', 'ok', 0, '2024-02-14 15:00Z', null, true),
('prints.odd', 'prints', 'high', 'failing', 2, '2024-02-14 15:00Z', null, false),
('prints.slow', 'prints', 'high', 'broken', null, '2024-02-14 15:00Z', 'it took too long', true),
('prints.new', 'prints', 'high', 'never', null, null, null, false);
