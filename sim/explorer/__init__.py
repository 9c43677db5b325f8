"""The explorer: a page on which a reader moves the numbers of a deal and sees what changes, and why.

`sim.explorer.session` answers its questions, `sim.explorer.server` puts them on a server of this computer alone,
`sim.explorer.widget` into a notebook. The page itself is `sim.page`.
"""
