"""Detectors held against what happened next: sets of parameters, folds, figures and their chance.

What a set's alerts were worth is asked of the views of `backtest`; what was tried and what came
of it are rows of backtest_runs, backtest_results and backtest_returns.
"""
