"""The kernel: clocks, the sampled day, decisions, and the loop over them, as compiled functions that never raise."""
