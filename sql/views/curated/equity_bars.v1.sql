-- what:    Bars of stocks: as traded, adjusted for splits, and for dividends too.
-- grain:   one row per symbol, length, begin and version, of several sources the best one's;
--          withdrawn_at is null while it stands; only splits and dividends that were known, and in
--          force, by the span's end adjust a price
-- scaled:  close_split, volume_split, close_full
-- status:  live
-- needs:   0s

with adjusting as (
    select
        bars.*,
        coalesce(splits.ratio, 1) as ratio,
        case
            when dividends.security_id is null then 1
            when bars.session_date <= dividends.close_date then dividends.kept_frac
        end as kept_frac,
        coalesce(told_splits.ratio, 1) as told_ratio,
        case
            when told_dividends.security_id is null then 1
            when bars.session_date <= told_dividends.close_date then told_dividends.kept_frac
        end as told_kept_frac
    from curated.traded_bars as bars
    left join curated.split_ratios as splits
        on
            bars.security_id = splits.security_id
            and bars.session_date >= splits.from_date
            and bars.session_date < splits.to_date
    left join curated.dividend_fractions as dividends
        on
            bars.security_id = dividends.security_id
            and bars.session_date >= dividends.from_date
            and bars.session_date < dividends.to_date
    left join curated.split_ratios as told_splits
        on
            bars.adjusted = 'all'
            and bars.security_id = told_splits.security_id
            and bars.shares_date >= told_splits.from_date
            and bars.shares_date < told_splits.to_date
    left join curated.dividend_fractions as told_dividends
        on
            bars.adjusted = 'all'
            and bars.security_id = told_dividends.security_id
            and bars.shares_date >= told_dividends.from_date
            and bars.shares_date < told_dividends.to_date
)

select
    symbol,  -- the ticker valid then
    bar,  -- 1m or 1d
    starts_at,
    session_date,
    open,  -- USD, as traded; null in a bar of a close alone
    high,
    low,
    close,  -- as traded; null where the source has adjusted it for dividends
    volume,  -- shares of that day
    round(cast(close as double) / ratio, 9)
        as close_split,  -- USD for one share of the span's end
    round(cast(volume as double) * ratio, 6) as volume_split,  -- in shares of the span's end
    round(
        case
            when adjusted = 'all' then cast(told_close as double) / told_ratio * told_kept_frac
            else cast(close as double) / ratio * kept_frac
        end, 9
    ) as close_full,  -- dividends taken off too; null where one can't be, for want of a close
    security_id,  -- outlives its ticker; the symbol where no ticker's story is known
    known_at,
    withdrawn_at,  -- when a correction, or a better source's bar, became known
    source
from adjusting
