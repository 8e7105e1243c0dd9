-- case: sessions for stocks, and for pairs stretches of time that five minutes divide
-- expect: bar, horizon, n_bars
values
('session', '1 session', 1),
('session', '2 sessions', 2),
('session', '5 sessions', 5),
('session', '10 sessions', 10),
('5m', '5 minutes', 1),
('5m', '1 hour', 12),
('5m', '4 hours', 48),
('5m', '1 day', 288);
