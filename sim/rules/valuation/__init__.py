"""Valuations: what each legal move is worth to an actor. One file each."""
