"""Back-tests: a scenario frozen on a date of the past, its forecasts scored beside naive ones.

`backtest` freezes, draws, weighs, forecasts and scores one case on one date; `pooled_skill` puts cases together.
Files of cases stand in ``scenarios/backtests``; docs/backtest.md says what they came to.
"""

from sim.backtest.definition import Backtest, backtest_names, load_backtest
from sim.backtest.pooled import pooled_skill, reliability
from sim.backtest.result import BacktestResult
from sim.backtest.run import backtest

__all__ = ["Backtest", "BacktestResult", "backtest", "backtest_names", "load_backtest", "pooled_skill", "reliability"]
