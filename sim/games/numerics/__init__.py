"""Numerical methods that the games share: roots, continuation, fixed points, small systems, checks of arguments."""
