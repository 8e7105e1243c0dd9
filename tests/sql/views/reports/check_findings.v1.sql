-- default: dataset = 'prints', severity = 'high', checked_at = '2024-03-01 15:00Z'

-- case: every bad row that was kept is a row; a check that is well now has none
-- given: ops.checks
select *
from (
    values
    ('prints.odd', 'failing', 7, '[
        {"entity": "A", "known_at": "2024-03-01 14:00:00Z", "reason": "odd", "evidence": {"n": 1}},
        {"entity": "B", "known_at": "2024-03-01 14:30:00Z", "reason": "odd", "evidence": {"n": 2}}
    ]'),
    ('prints.gaps', 'ok', 0, '[]'),
    ('prints.new', 'never', null, null)
) as given (check_id, state, n_bad, sample);
-- expect: check_id, entity, known_at, reason, evidence, n_bad
values
('prints.odd', 'B', '2024-03-01 14:30Z', 'odd', '{"n":2}', 7),
('prints.odd', 'A', '2024-03-01 14:00Z', 'odd', '{"n":1}', 7);
