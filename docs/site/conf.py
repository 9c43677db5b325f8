"""How Sphinx makes the site from the folder that `tools.site` lays out. Nothing in the site asks another server."""

from sim.version import __version__

project = "negotiation-sim"
author = "The negotiation-sim developers"
version = release = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "tools.site.mathml"]
exclude_patterns = ["**/.*"]

# Markdown as the pages write it: GitHub's anchors of headings, equations between dollars.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # `tools.site` has run the notebooks
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # the default fetches scripts from elsewhere
nb_merge_streams = True

# Docstrings: NumPy style; single backticks are names, which become links where the name has a page.
default_role = "py:obj"
numpydoc_show_class_members = False  # the members themselves stand below
numpydoc_xref_param_type = True  # a type that has a page is a link to it: `tools.site` knows which have
numpydoc_xref_ignore = "all"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # types stand in words under Parameters
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"

html_math_renderer = "mathml"
html_theme = "furo"
html_title = "negotiation-sim"
html_copy_source = True
html_sourcelink_suffix = ""
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["site.css"]
html_theme_options = {"light_css_variables": {"color-brand-primary": "#1b5e8c", "color-brand-content": "#1b5e8c"}}
pygments_style = "friendly"
