"""Games as text: Gambit's .nfg and .efg files, tables of stochastic games, and the adapter to Gambit itself."""
