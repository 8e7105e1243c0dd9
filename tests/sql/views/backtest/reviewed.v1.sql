-- default: detector = 'options.sweep', version = 1, fired_at = '2024-02-28 15:00Z'

-- case: precision of what reviewers are sure of, with Wilson's interval, and how far they agree
-- given: curated.review_labels
select *
from (
    values
    ('a', true, false, 2), ('b', true, false, 2), ('c', true, false, 2), ('d', false, false, 2),
    ('e', false, true, 2), ('f', null, true, 2)
) as given (alert_key, is_real, is_disputed, n_reviewers);
-- given: curated.reviews
select
    *,
    true as is_last_of_reviewer
from (
    values
    ('a', 'real'), ('a', 'real'), ('b', 'real'), ('b', 'real'), ('c', 'real'), ('c', 'real'),
    ('d', 'false'), ('d', 'false'), ('e', 'real'), ('e', 'false'), ('f', 'real'), ('f', 'false')
) as given (alert_key, verdict);
-- expect: detector, version, n_reviewed, n_real, n_false, n_unsure, precision_frac,
--     precision_low_frac, precision_high_frac, n_disputed, n_shared, agreement_frac, kappa
-- As statsmodels' proportion_confint and fleiss_kappa have it.
values ('options.sweep', 1, 6, 3, 2, 1, 0.6, 0.23072, 0.882382, 2, 6, 0.666667, 0.25);

-- case: one reviewer agrees with nobody, all of one kind are not by chance, unsure is no precision
-- given: curated.review_labels
select
    *,
    false as is_disputed
from (
    values
    ('one', 'a', true, 1), ('alike', 'b', true, 2), ('alike', 'c', true, 2),
    ('unsure', 'd', null, 1)
) as given (detector, alert_key, is_real, n_reviewers);
-- given: curated.reviews
select
    *,
    true as is_last_of_reviewer
from (
    values
    ('one', 'a', 'real'), ('alike', 'b', 'real'), ('alike', 'b', 'real'), ('alike', 'c', 'real'),
    ('alike', 'c', 'real'), ('unsure', 'd', 'unsure')
) as given (detector, alert_key, verdict);
-- expect: detector, n_reviewed, precision_frac, n_shared, agreement_frac, kappa
values
('one', 1, 1, 0, null, null), ('alike', 2, 1, 2, 1, null), ('unsure', 1, null, 0, null, null);

-- case: only alerts of the span count
-- span: 2024-02-28 2024-02-29
-- given: curated.review_labels
select
    *,
    true as is_real,
    false as is_disputed,
    1 as n_reviewers
from (
    values
    ('a', '2024-02-27 23:59Z'), ('b', '2024-02-28 00:00Z'), ('c', '2024-02-29 00:00Z')
) as given (alert_key, fired_at);
-- expect: n_reviewed, n_real
values (1, 1);
