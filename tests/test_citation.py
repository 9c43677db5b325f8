"""The citation file is valid CFF 1.2 and says what the package says of itself."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import sim

ROOT = Path(__file__).resolve().parents[1]
# Citation File Format 1.2.0, guide to the schema, section "Valid keys".
REQUIRED = {"authors", "cff-version", "message", "title"}
KNOWN = REQUIRED | {
    "abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license", "license-url",
    "preferred-citation", "references", "repository", "repository-artifact", "repository-code", "type", "url",
    "version",
}  # fmt: skip
PERSON = {"address", "affiliation", "alias", "city", "country", "email", "family-names", "fax", "given-names",
          "name-particle", "name-suffix", "orcid", "post-code", "region", "tel", "website"}  # fmt: skip
ENTITY = {"address", "alias", "city", "country", "date-end", "date-start", "email", "fax", "location", "name", "orcid",
          "post-code", "region", "tel", "website"}  # fmt: skip


@pytest.fixture(scope="module")
def citation() -> dict[str, Any]:
    """Read the file."""
    return dict(YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """Read what the package says of itself."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def test_it_has_the_keys_of_the_format(citation: dict[str, Any]) -> None:
    """All required keys are there, no unknown ones, and texts are texts."""
    assert REQUIRED <= set(citation) <= KNOWN
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert all(isinstance(citation[key], str) and citation[key] for key in ("title", "message", "version", "license"))
    assert len(set(citation["keywords"])) == len(citation["keywords"]) > 0
    assert citation["repository-code"].startswith("https://")


def test_authors_are_persons_or_entities(citation: dict[str, Any]) -> None:
    """Each author has the keys of one of the two."""
    assert citation["authors"]
    for author in citation["authors"]:
        assert set(author) <= PERSON or ("name" in author and set(author) <= ENTITY)


def test_it_says_what_the_package_says(citation: dict[str, Any], project: dict[str, Any]) -> None:
    """Version, name, licence, authors, words about it and repository are those of the package."""
    assert citation["version"] == sim.__version__ == project["version"]
    assert citation["title"] == project["name"]
    assert citation["license"] == project["license"]
    assert citation["abstract"] == project["description"]
    assert citation["keywords"] == project["keywords"]
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in project["authors"]]
    assert project["urls"]["Documentation"].startswith(citation["repository-code"])
