"""Decision rules as pairs: a *valuation* gives each legal move a value, a *response* turns values into probabilities.

The signatures are fixed::

    valuation(state, params, tables, actor, values, terms)
    response(values, state, params, tables, actor, probabilities)

A valuation fills ``values[move]`` (util) and ``terms[move, column]``, whose sum over the columns is the value. Before
the call, ``values[move]`` is NaN for a legal move and minus infinity for an illegal one, which the valuation leaves
alone. A response fills ``probabilities[move]``; illegal moves are masked after it once more.
"""
