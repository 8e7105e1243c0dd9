-- kind:       event
-- partition:  month
-- what:       How many news articles a stock had on a day, as counted by then.
-- grain:      one row per symbol and day
-- key:        symbol, day

create table news_counts (
    symbol text not null,  -- the ticker valid then
    day date not null,  -- the day in New York
    n_articles bigint not null,  -- articles that name it, published on that day
    check (n_articles >= 0)
);
