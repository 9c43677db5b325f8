"""Simulate, sweep and solve the implementation of phased peace deals."""

__version__ = "0.1.0"
