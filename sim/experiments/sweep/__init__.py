"""Sweeps that cannot be lost: an experiment's runs in chunks, kept as they come, resumed after anything.

`begin.sweep` runs, `sweep.Sweep` reads back. Between them: `runner` hands out `chunks` to `schedulers`, `shards` and
`journal` keep what comes back, `identity` says what the results belong to, `lock` keeps others out.
"""
