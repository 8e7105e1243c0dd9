-- what:    How much of each dataset is loaded, and how new it is, as the ledger has it.
-- grain:   one row per dataset that a load in force wrote to
-- status:  live
-- needs:   0s

with forgotten as (
    select forgets as load_id
    from raw.loads
    where forgets is not null
),

written as (
    select
        loads.load_id, loads.feed, loads.recorded_at, unnest(loads.datasets) as part
    from raw.loads as loads
    anti join forgotten on loads.load_id = forgotten.load_id
    where loads.action = 'load'
),

-- Of several feeds the one that does worst; it was asked for at the same moment.
ailing as (
    select
        dataset, feed, state, reason,
        row_number() over (
            partition by dataset
            order by
                case state
                    when 'STALE' then 1 when 'PARTIAL' then 2 when 'DRIFT' then 3
                    when 'WARMING' then 4
                    else 5
                end,
                feed
        ) as place
    from ops.feeds
)

select
    written.part.dataset,  -- its name, as in raw.*
    cast(sum(written.part.n_rows) as bigint) as n_rows,  -- rows in force, tombstones left in
    count(distinct written.load_id) as n_loads,  -- loads in force
    min(written.part.since_date) as oldest_known_date,  -- the first day a row became known
    max(written.part.until_date) as newest_known_date,  -- the last day a row became known
    max(written.recorded_at) as newest_recorded_at,  -- when the store last took rows of it
    list_sort(list(distinct written.feed)) as feeds,  -- who sent them
    any_value(ailing.state)
        as feed_state,  -- LIVE, PARTIAL, STALE, DRIFT or WARMING: of the feed that does worst
    any_value(case when ailing.state <> 'LIVE' then ailing.feed || ': ' || ailing.reason end)
        as feed_reason  -- what is wrong with it; null while all are live
from written
left join ailing on written.part.dataset = ailing.dataset and ailing.place = 1
where written.part.dataset <> 'rejected'
group by written.part.dataset
