-- what:    Which ticker a CUSIP had, and when, as the best source by then told it.
-- grain:   one row per CUSIP, stretch of days and version; withdrawn_at is null while it stands;
--          of a CUSIP no two stretches that stand at once overlap
-- status:  live

-- Of two that tell a day the better one is believed: what a person says, then who is asked by
-- CUSIP, then what the SEC's files have beside one another.
with ranks as (
    select
        ranks.source,
        ranks.place
    from (
        values
        ('securities_csv', 1), ('openfigi', 2), ('sec_fails', 3), ('sec_13f_list', 4)
    ) as ranks (source, place)
),

versions as (
    select
        securities.*,
        coalesce(ranks.place, 9) as place,
        lead(securities.known_at) over in_order as replaced_at
    from raw.securities as securities
    left join ranks on securities.source = ranks.source
    window
        in_order as (
            partition by securities.cusip, securities.valid_from, securities.source
            order by securities.known_at, securities.recorded_at, securities.load_id
        )
    qualify lead(securities.known_at) over in_order is distinct from securities.known_at
),

steps as (
    select
        *,
        struct_pack(t := ticker, i := issuer, c := class_title, o := has_options) as said,
        lag(struct_pack(t := ticker, i := issuer, c := class_title, o := has_options))
            over in_order as said_before,
        lag(known_at) over in_order as known_before,
        lag(coalesce(valid_to, replaced_at) is null) over in_order as is_open_before
    from versions
    where not is_gone
    window in_order as (partition by cusip, source order by valid_from, known_at)
),

-- A list that comes again and again mostly says what its last one said.
told as (
    select *
    from steps
    where
        not coalesce(
            is_open_before and known_before <= known_at and said_before = said
            and valid_to is null and replaced_at is null,
            false
        )
),

moments as (
    select
        cusip,
        known_at as at_moment
    from told
    union
    select
        cusip,
        replaced_at as at_moment
    from told
    where replaced_at is not null
),

numbered as (
    select
        *,
        row_number() over in_order as n,
        lead(at_moment) over in_order as next_moment
    from moments
    window in_order as (partition by cusip order by at_moment)
),

-- All that stood at each moment at which something changed.
standing as (
    select
        told.*,
        numbered.n, numbered.at_moment, numbered.next_moment,
        struct_pack(
            place := told.place, back := date_diff('day', told.valid_from, date '9999-12-31'),
            name := told.source
        ) as worth
    from numbered
    inner join told
        on
            numbered.cusip = told.cusip
            and numbered.at_moment >= told.known_at
            and coalesce(numbered.at_moment < told.replaced_at, true)
),

edges as (
    select
        cusip, n,
        valid_from as day
    from standing
    union
    select
        cusip, n,
        valid_to as day
    from standing
    where valid_to is not null
),

parted as (
    select
        *,
        lead(day) over (partition by cusip, n order by day) as next_day
    from edges
),

cells as (
    select
        parted.cusip, parted.n, parted.day, parted.next_day,
        min(standing.at_moment) as at_moment,
        min(standing.next_moment) as next_moment,
        arg_min(standing.ticker, case when standing.ticker is not null then standing.worth end)
            as ticker,
        arg_min(standing.issuer, case when standing.issuer is not null then standing.worth end)
            as issuer,
        arg_min(
            standing.class_title, case when standing.class_title is not null then standing.worth end
        ) as class_title,
        arg_min(
            standing.has_options, case when standing.has_options is not null then standing.worth end
        ) as has_options,
        coalesce(
            min(case when standing.ticker is not null then standing.worth end), min(standing.worth)
        ) as worth
    from parted
    inner join standing
        on
            parted.cusip = standing.cusip
            and parted.n = standing.n
            and parted.day >= standing.valid_from
            and coalesce(parted.day < standing.valid_to, true)
    group by parted.cusip, parted.n, parted.day, parted.next_day
),

marked as (
    select
        cells.*,
        standing.source,
        struct_pack(
            t := cells.ticker, i := cells.issuer, c := cells.class_title, o := cells.has_options,
            s := standing.source
        ) as said
    from cells
    inner join standing
        on
            cells.cusip = standing.cusip
            and cells.n = standing.n
            and cells.worth = standing.worth
),

-- Days beside one another of which the same is told are one stretch.
joined as (
    select
        *,
        case
            when
                lag(said) over in_order = said and lag(next_day) over in_order = day then 0
            else 1
        end as is_new
    from marked
    window in_order as (partition by cusip, n order by day)
),

placed as (
    select
        *,
        sum(is_new) over (
            partition by cusip, n order by day rows between unbounded preceding and current row
        ) as stretch
    from joined
),

stretches as (
    select
        cusip, n, said, source,
        min(ticker) as ticker,
        min(issuer) as issuer,
        min(class_title) as class_title,
        min(has_options) as has_options,
        min(at_moment) as at_moment,
        min(next_moment) as next_moment,
        min(day) as valid_from,
        nullif(max(coalesce(next_day, date '9999-12-31')), date '9999-12-31') as valid_to
    from placed
    group by cusip, n, stretch, said, source
),

-- Moments behind one another at which the same is told are one version.
runs as (
    select
        *,
        n - row_number() over (
            partition by cusip, valid_from, valid_to, said order by n
        ) as run
    from stretches
)

select
    cusip,
    min(ticker) as ticker,  -- null where only the official list knows it
    min(issuer) as issuer,
    min(class_title) as class_title,
    min(has_options) as has_options,  -- null where no source says it
    valid_from,
    valid_to,  -- first day on which it is another; null while it stands
    min(at_moment) as known_at,
    nullif(
        max(coalesce(next_moment, timestamptz '9999-12-31 00:00Z')),
        timestamptz '9999-12-31 00:00Z'
    ) as withdrawn_at,  -- when something else became known; null while it stands
    source  -- which feed told the ticker, or else the rest
from runs
group by cusip, valid_from, valid_to, said, run, source
