"""Responses: from values to probabilities. One file each."""
