"""Claims about docs/sources.bib: whoever wants to cite a source finds what that takes, and what of it was seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BIBLIOGRAPHY = (Path(__file__).parents[2] / "docs" / "sources.bib").read_text("utf-8")
ENTRY = re.compile(r"^@(?P<type>\w+)\{(?P<key>[^,\s]+),\n(?P<fields>.*?)^\}$", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^  (?P<name>\w+) = \{(?P<value>.*)\},?$", re.MULTILINE)
ENTRIES = {
    found["key"]: {
        "type": found["type"],
        **{field["name"]: field["value"] for field in FIELD.finditer(found["fields"])},
    }
    for found in ENTRY.finditer(BIBLIOGRAPHY)
}
APPEARED_IN = {  # the field that says where a source of a type appeared; the publisher of an old book may not be found
    "article": "journal",
    "book": "year",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
    "techreport": "institution",
    "online": "organization",
    "unpublished": "note",
}
SEEN = re.compile(r"\[(?:L: [^\]]+|M:[hml]|D)\]|without a provenance tag")
MEMORY = re.compile(r"[Ff]rom memory")
DOI = re.compile(r"10\.\d{4,5}/\S+")

keys = pytest.mark.parametrize("key", sorted(ENTRIES))


def test_every_entry_is_read() -> None:
    assert len(ENTRIES) == BIBLIOGRAPHY.count("\n@")


@keys
def test_an_entry_can_be_cited(key: str) -> None:
    """Type, author or institution, title, year, and where it appeared."""
    entry = ENTRIES[key]
    assert entry["type"] in APPEARED_IN, "a type that does not say what kind of source it is"
    needed = ("author", "title", "year", APPEARED_IN[entry["type"]])
    assert [field for field in needed if not entry.get(field)] == []


@keys
def test_authors_have_a_family_name_and_a_first_name_or_are_an_institution(key: str) -> None:
    alone = [name for name in ENTRIES[key]["author"].split(" and ") if ", " not in name and name != "others"]
    assert [name for name in alone if not re.fullmatch(r"\{.+\}", name)] == []


@keys
def test_the_year_is_a_year_or_said_to_be_unknown_and_the_one_in_the_key(key: str) -> None:
    year = ENTRIES[key]["year"]
    assert re.fullmatch(r"(19|20)\d\d|n\.d\.", year)
    assert re.findall(r"(?:19|20)\d\d$", key) in ([], [year])


@keys
def test_an_entry_says_what_of_the_source_was_seen(key: str) -> None:
    assert SEEN.search(ENTRIES[key]["note"])


@keys
def test_a_source_of_which_nothing_was_seen_says_that_its_reference_is_from_memory(key: str) -> None:
    note = ENTRIES[key]["note"]
    if "[L:" not in note and "provenance tag" not in note:
        assert MEMORY.search(note)


@keys
def test_a_doi_looks_like_one_and_pages_like_pages(key: str) -> None:
    entry = ENTRIES[key]
    assert DOI.fullmatch(entry.get("doi", "10.1000/none"))
    assert re.fullmatch(r"\d+(--\d+)?", entry.get("pages", "1"))
