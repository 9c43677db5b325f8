"""The reference of the Python API: a page for each public name, and one for each class that they hand back."""

from __future__ import annotations

import ast
import inspect
import re
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

MODULES = ("sim", "sim.games", "sim.plots", "sim.scoring", "sim.backtest")
"""What is public: the names in ``__all__`` of each."""
FILE_FORMATS = ("sim.scenario.schema", "sim.scenario.condition", "sim.scenario.positions")
"""Where the classes of what a scenario file says are: the page on the format has its every key."""
_GROUPS = {
    "sim.games.finite": "Finite games",
    "sim.games.formats": "Files of games",
    "sim.games.numerics": "Logit responses",
    "sim.games.stochastic": "Stochastic games and decision processes",
    "sim.games.theory": "Bargaining, conflict, signalling, learning",
}
_NEW_FILE = re.compile(r"^<!-- file: \S+ -->\n```python\n.*?^```", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"^from (sim[\w.]*) import (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the reference.

    Attributes
    ----------
    module : str
        Where a user imports it from.
    name : str
        The name there.
    """

    module: str
    name: str

    @property
    def full(self) -> str:
        """The name with its module."""
        return f"{self.module}.{self.name}"

    @property
    def document(self) -> str:
        """Its page in the site."""
        return f"api/{self.full}"

    @property
    def value(self) -> Any:
        """What it names."""
        return getattr(import_module(self.module), self.name)

    @property
    def about(self) -> str:
        """The first sentence of its docstring, on one line."""
        paragraph = (inspect.getdoc(self.value) or "").partition("\n\n")[0]
        return " ".join(paragraph.split())


def public_names() -> dict[str, list[Name]]:
    """Return the public names by module, without those that are modules or plain strings."""
    return {
        module: [
            name
            for name in (Name(module, word) for word in import_module(module).__all__)
            if not isinstance(name.value, ModuleType | str)
        ]
        for module in MODULES
    }


def names_of_pages(pages: Iterable[str], known: Iterable[Name]) -> list[Name]:
    """Return what the Python code of pages imports from deeper in the package, new files inside the package apart.

    Parameters
    ----------
    pages : iterable of str
        Texts of Markdown pages.
    known : iterable of Name
        Names that have a page already, by whatever module.
    """
    values = [name.value for name in known]
    found = {
        Name(module, word.strip())
        for text in pages
        for module, words in _IMPORT.findall(_NEW_FILE.sub("", text))
        for word in words.split(",")
    }
    return sorted(
        (
            name
            for name in found
            if getattr(name.value, "__module__", "").startswith("sim.")
            and (inspect.isclass(name.value) or inspect.isroutine(name.value))
            and not any(name.value is value for value in values)
        ),
        key=lambda name: name.full,
    )


def _function(value: Any) -> Any:
    """Return the function below a property, a class method or compiled code."""
    if isinstance(value, property):
        return value.fget
    return inspect.unwrap(getattr(value, "py_func", getattr(value, "func", getattr(value, "__func__", value))))


def _classes_in(hint: Any) -> Iterator[type]:
    """Yield the classes of this package in a type."""
    if inspect.isclass(hint) and hint.__module__.startswith("sim.") and not hint.__module__.startswith(FILE_FORMATS):
        yield hint
    for part in typing.get_args(hint):
        yield from _classes_in(part)


@cache
def _imported_for_types(module: str) -> dict[str, Any]:
    """Return what a module imports for the type checker alone."""
    tree = ast.parse(inspect.getsource(import_module(module)))
    blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return {
        alias.asname or alias.name: getattr(import_module(node.module or module), alias.name)
        for block in blocks
        for node in block.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.")
        for alias in node.names
    }


def _handed_back(value: Any) -> Iterator[type]:
    """Yield the classes that a function returns, or the public methods and properties of a class."""
    members = [m for word, m in vars(value).items() if not word.startswith("_")] if inspect.isclass(value) else [value]
    for function in map(_function, members):
        if not inspect.isfunction(function):
            continue
        try:
            hint = typing.get_type_hints(function, localns=_imported_for_types(function.__module__)).get("return")
        except NameError:  # the type of another package, such as a figure, which nobody here describes
            continue
        yield from _classes_in(hint)


def result_names(names: Iterable[Name]) -> list[Name]:
    """Return the classes that names hand back and that have no public name, by the module that defines them.

    Parameters
    ----------
    names : iterable of Name
        The public names; what their results hand back in turn counts too.
    """
    known = [name.value for name in names]
    queue = list(known)
    found: dict[type, Name] = {}
    while queue:
        for result in _handed_back(queue.pop()):
            if result not in found and not any(result is value for value in known):
                found[result] = Name(result.__module__, result.__qualname__)
                queue.append(result)
    return sorted((name for name in found.values() if not name.name.startswith("_")), key=lambda name: name.full)


def _directive(name: Name) -> str:
    """Return the directive that takes a name's documentation from its docstrings."""
    value = name.value
    if not inspect.isclass(value):
        return f".. autofunction:: {name.full}\n"
    bases = value.__mro__[1:]
    options = "   :members:\n"
    if any(base.__module__.startswith("sim.") for base in bases):
        foreign = ", ".join(base.__name__ for base in bases if not base.__module__.startswith("sim."))
        options += f"   :inherited-members: {foreign}\n"
    return f".. autoclass:: {name.full}\n{options}"


def _page(name: Name, section: str) -> str:
    """Write the page of a name, which the contents beside the pages leave out: there are hundreds."""
    back = f"Of :doc:`{section}`."
    head = f":orphan:\n\n{name.full}\n{'=' * len(name.full)}\n\n{back}\n\n.. py:currentmodule:: {name.module}\n\n"
    return head + _directive(name)


def _listed(names: Iterable[Name]) -> str:
    """Write a list of names, each with its line."""
    return "".join(f"- [`{name.full}`]({name.full}.rst): {_markdown(name.about)}\n" for name in names)


def _markdown(sentence: str) -> str:
    """Turn the markup of a docstring's sentence into Markdown."""
    return sentence.replace("``", "`")


def _groups(names: Iterable[Name]) -> dict[str, list[Name]]:
    """Divide the names of a module by where they are defined; an undivided module is one group without a title."""
    grouped: dict[str, list[Name]] = {}
    for name in names:
        package = next((p for p in _GROUPS if _function(name.value).__module__.startswith(p)), "")
        grouped.setdefault(_GROUPS.get(package, ""), []).append(name)
    return grouped


@dataclass(frozen=True, slots=True)
class Reference:
    """All names that have a page.

    Attributes
    ----------
    public : dict of str to list of Name
        By module.
    results : list of Name
        Classes that public names hand back.
    deep : list of Name
        What pages import from deeper in the package.
    """

    public: dict[str, list[Name]]
    results: list[Name]
    deep: list[Name]

    @classmethod
    def of(cls, pages: Iterable[str]) -> Reference:
        """Collect them, given the texts of the pages of ``docs``."""
        public = public_names()
        every = [name for names in public.values() for name in names]
        deep = names_of_pages(pages, every)
        return cls(public, result_names([*every, *deep]), deep)

    @property
    def sections(self) -> dict[str, tuple[str, list[Name]]]:
        """Its sections: by the name of the page, title and names."""
        return {
            **{module: (module, names) for module, names in self.public.items()},
            "results": ("What they hand back", self.results),
            "deeper": ("Deeper names that the pages use", self.deep),
        }

    @property
    def names(self) -> list[Name]:
        """All of its names."""
        return [name for _, names in self.sections.values() for name in names]

    def texts(self) -> dict[str, str]:
        """Return the texts of all pages by their path below ``api``."""
        found = {}
        for page, (title, names) in self.sections.items():
            text = f"# {title}\n\n"
            if page in MODULES:
                text += f"```{{eval-rst}}\n.. automodule:: {page}\n   :no-index:\n```\n\n"
            for heading, group in _groups(names).items():
                text += f"## {heading}\n\n{_listed(group)}\n" if heading else f"{_listed(group)}\n"
            found[f"{page}.md"] = text
            found |= {f"{name.full}.rst": _page(name, page) for name in names}
        return found
