-- what:    Option symbols that a split left behind, and that a source goes on listing.
-- grain:   one row per contract and ex-date; its open interest is frozen and it does not trade;
--          withdrawn_at is when either changed, for then the symbol is another contract's
-- status:  live
-- needs:   71 sessions

with params as (
    select
        10 as max_sessions_before,  -- who was listed then is not new with the split
        3 as max_sessions_missing,  -- a source may miss the ex-date; who comes later is new
        60 as max_sessions_after  -- so that `needs` has an end; a quarter expires by then
),

calendar as (
    select session_date, sequence, opens_at, closes_at
    from curated.us_sessions
),

days as (
    select
        root, ex_date,
        lead(ex_date) over (partition by root order by ex_date) as next_ex_date
    from curated.option_splits
    group by root, ex_date
),

splits as (
    select
        splits.root, splits.ex_date, splits.strike_ratio, splits.known_at, splits.withdrawn_at,
        sessions.sequence as first_sequence,
        -- A symbol is dead of one split at a time.
        case
            when later.opens_at < final.closes_at then later.opens_at else final.closes_at
        end as ends_at
    from curated.option_splits as splits
    cross join params
    inner join days on splits.root = days.root and splits.ex_date = days.ex_date
    inner join calendar as sessions on splits.ex_date = sessions.session_date
    inner join calendar as final
        on sessions.sequence + params.max_sessions_after = final.sequence
    left join calendar as later on days.next_ex_date = later.session_date
    where splits.strike_ratio >= 2
),

listed as (
    select
        contract, open_interest, known_at,
        oi_date as session_date,
        cast(null as decimal(18, 4)) as volume,
        left(contract, greatest(length(contract) - 15, 0)) as root
    from raw.open_interest
    where calendar = 'XNYS' and not is_gone
    union all
    select
        contract,
        cast(null as decimal(18, 4)) as open_interest,
        known_at, session_date, volume,
        left(contract, greatest(length(contract) - 15, 0)) as root
    from raw.option_chains
    where calendar = 'XNYS' and not is_gone
),

near as (
    select
        listed.*,
        splits.ex_date, splits.ends_at,
        splits.strike_ratio, splits.withdrawn_at,
        splits.known_at as split_known_at,
        sessions.sequence - splits.first_sequence as age,
        try_cast(right(listed.contract, 8) as bigint) as strike  -- thousandths
    from listed
    cross join params
    inner join splits on listed.root = splits.root
    inner join calendar as sessions
        on
            listed.session_date = sessions.session_date
            and sessions.sequence between
            splits.first_sequence - params.max_sessions_before
            and splits.first_sequence + params.max_sessions_after
),

-- What the old symbols are called now: the strike divided, rounded to cents.
before as (
    select
        contract, ex_date, split_known_at, strike_ratio,
        left(contract, length(contract) - 8) || lpad(
            cast(10 * ((2 * strike + 10 * strike_ratio) // (20 * strike_ratio)) as text), 8, '0'
        ) as image,
        min(known_at) as listed_at
    from near
    where age < 0
    group by contract, ex_date, split_known_at, strike_ratio, strike
),

images as (
    select
        ex_date, split_known_at,
        image as contract,
        min(listed_at) as listed_at
    from before
    group by ex_date, split_known_at, image
),

after as (
    select
        near.contract, near.ex_date, near.split_known_at, near.withdrawn_at, near.ends_at,
        min(case when near.age < params.max_sessions_missing then near.known_at end) as seen_at,
        arg_min(
            near.open_interest,
            case
                when near.open_interest is not null
                    then struct_pack(at := near.known_at, day := near.session_date)
            end
        ) as frozen
    from near
    cross join params
    where near.age >= 0
    group by near.contract, near.ex_date, near.split_known_at, near.withdrawn_at, near.ends_at
),

moved as (
    select
        after.contract, after.ex_date, after.split_known_at,
        min(near.known_at) as moved_at
    from after
    inner join near
        on
            after.contract = near.contract
            and after.ex_date = near.ex_date
            and after.split_known_at = near.split_known_at
    where near.age >= 0 and (near.volume > 0 or near.open_interest <> after.frozen)
    group by after.contract, after.ex_date, after.split_known_at
)

select
    after.contract,
    after.ex_date,
    greatest(after.split_known_at, before.listed_at, after.seen_at) as known_at,
    case
        when after.withdrawn_at is null then moved.moved_at
        when moved.moved_at is null then after.withdrawn_at
        else least(after.withdrawn_at, moved.moved_at)
    end as withdrawn_at,  -- when it moved or traded, or the split was corrected
    after.ends_at  -- from then on nobody says so any more
from after
inner join before
    on
        after.contract = before.contract
        and after.ex_date = before.ex_date
        and after.split_known_at = before.split_known_at
left join images
    on
        after.contract = images.contract
        and after.ex_date = images.ex_date
        and after.split_known_at = images.split_known_at
        and greatest(after.split_known_at, after.seen_at) >= images.listed_at
left join moved
    on
        after.contract = moved.contract
        and after.ex_date = moved.ex_date
        and after.split_known_at = moved.split_known_at
where
    images.contract is null
    and after.seen_at is not null
    and coalesce(moved.moved_at > greatest(after.split_known_at, after.seen_at), true)
