-- default: alert_key = 'a', detector = 'options.sweep', version = 1, entity = 'AAPL'
-- default: fired_at = '2024-02-28 15:00Z'

-- case: the newest verdict stands, and each reviewer's last word is marked
-- given: raw.reviews
select
    *,
    reviewed_at as known_at
from (
    values
    ('1', 'ann', 'false', '2024-03-01 15:00Z'), ('2', 'bob', 'real', '2024-03-02 15:00Z'),
    ('3', 'ann', 'unsure', '2024-03-03 15:00Z')
) as given (review_id, reviewer, verdict, reviewed_at);
-- expect: review_id, verdict, is_last_of_reviewer, is_standing
values ('1', 'false', false, false), ('2', 'real', true, false), ('3', 'unsure', true, true);

-- case: what was said twice counts once, and a verdict that was forgotten not at all
-- given: raw.reviews
select
    *,
    'ann' as reviewer,
    'real' as verdict,
    timestamptz '2024-03-01 15:00Z' as reviewed_at,
    timestamptz '2024-03-01 15:00Z' as known_at
from (
    values ('1', 'x', false), ('1', 'y', false), ('2', 'x', true)
) as given (review_id, load_id, is_gone);
-- expect: review_id, is_standing
values ('1', true);
