-- what:    How far ahead outcomes look: the same four steps for every entity of a kind of bar.
-- grain:   one row per kind of bar and horizon
-- status:  live

with steps as (
    select
        given.bar, given.horizon, given.n_bars
    from (
        values
        ('session', '1 session', 1),
        ('session', '2 sessions', 2),
        ('session', '5 sessions', 5),
        ('session', '10 sessions', 10),
        ('5m', '5 minutes', 1),
        ('5m', '1 hour', 12),
        ('5m', '4 hours', 48),
        ('5m', '1 day', 288)
    ) as given (bar, horizon, n_bars)
)

select
    bar,  -- session, or 5m
    horizon,  -- in words
    n_bars  -- from the bar of the entry to that of the exit
from steps
