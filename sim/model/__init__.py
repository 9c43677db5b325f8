"""The rules of the world: small pure functions over one State and one Params record, read by every engine."""
