-- default: detector = 'options.sweep', version = 1, entity = 'AAPL'
-- default: fired_at = '2024-02-28 15:00Z'

-- case: the verdict that stands is the label, whoever else says otherwise
-- given: curated.reviews
select
    *,
    reviewed_at as known_at
from (
    values
    ('agreed', '1', 'ann', 'real', '2024-03-01 15:00Z', true, false),
    ('agreed', '2', 'bob', 'real', '2024-03-02 15:00Z', true, true),
    ('disputed', '3', 'ann', 'real', '2024-03-01 15:00Z', true, false),
    ('disputed', '4', 'bob', 'false', '2024-03-02 15:00Z', true, true),
    ('changed', '5', 'ann', 'real', '2024-03-01 15:00Z', false, false),
    ('changed', '6', 'ann', 'false', '2024-03-02 15:00Z', true, true),
    ('open', '7', 'ann', 'unsure', '2024-03-02 15:00Z', true, true)
) as given (
    alert_key, review_id, reviewer, verdict, reviewed_at, is_last_of_reviewer, is_standing
);
-- expect: alert_key, verdict, is_real, reviewer, reviewed_at, n_reviewers, n_agree, is_disputed
values
('agreed', 'real', true, 'bob', '2024-03-02 15:00Z', 2, 2, false),
('disputed', 'false', false, 'bob', '2024-03-02 15:00Z', 2, 1, true),
('changed', 'false', false, 'ann', '2024-03-02 15:00Z', 1, 1, false),
('open', 'unsure', null, 'ann', '2024-03-02 15:00Z', 1, 1, false);
