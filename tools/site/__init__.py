"""The documentation as a site that is read from disk: ``python -m tools.site [FOLDER]``.

What stands in the site is said once, by the list under "Documentation" in README.md: four parts, and in each a line a
page. From it come the contents beside every page, the home page and ``llms.txt`` (`contents`, `llms`). The pages are
those of ``docs``, laid out as they lie in the repository (`staging`); notebooks are run first (`notebooks`); the
reference of the Python API is written from the docstrings (`reference`).
"""
