"""What a browser shows of a scenario and its runs: plain data, and the one module of JavaScript that draws them.

The explorer (`sim.explorer`) asks for these data live, a report (`sim.report`) carries them with it. Every number and
every sentence is that of `sim.compare` for the same numbers, for it is a `Comparison` that is read.
"""
