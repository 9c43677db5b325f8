"""Reports: one HTML file that can be sent, with the finding, the deal, figures, tables, assumptions, and how to rerun.

A report asks nothing of any network: figures, data and the module that draws stand in the file. Whoever runs no scripts
still reads all of it but the interactive part.
"""
