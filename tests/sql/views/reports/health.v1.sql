-- default: known_at = '2024-03-01 15:00Z', recorded_at = '2024-03-01 15:00Z'

-- case: feeds, checks, gaps and refused rows are counted by how they do
-- given: ops.feeds
select *
from (
    values
    ('LIVE'), ('LIVE'), ('STALE'), ('PARTIAL'), ('DRIFT'), ('WARMING')
) as given (state);
-- given: ops.checks
select *
from (
    values
    ('failing'), ('ok'), ('broken'), ('never'), ('never')
) as given (state);
-- given: ops.feed_gaps
select *
from (
    values
    (null), ('2024-03-01 15:00Z')
) as given (ended_at);
-- given: ops.rejected
select 'bad' as reason;
-- expect: n_feeds_live, n_feeds_ailing, n_feeds_warming, n_checks_failing, n_checks_broken
values (2, 3, 1, 1, 1);

-- case: checks that nobody asked and gaps that last are counted
-- given: ops.checks
select 'never' as state;
-- given: ops.feed_gaps
select *
from (
    values
    (null), ('2024-03-01 15:00Z')
) as given (ended_at);
-- expect: n_never_checked, n_open_gaps, n_checks_failing
values (1, 1, 0);

-- case: what is not there is counted as none
-- given: ops.rejected
select 'bad' as reason;
-- expect: n_feeds_live, n_feeds_ailing, n_open_gaps, n_rejected_rows
values (0, 0, 0, 1);
