"""Claims about the documentation as a site: a page of reference per public name, made from docstrings that say what they mean."""

from __future__ import annotations

import doctest

import pytest
from docs.make import docstrings, site, twins

import ketensim as ks


def test_every_public_name_has_a_page_of_reference_with_a_sentence_about_it() -> None:
    assert set(ks.__all__) | {"connect.ema", "connect.salib"} == set(site.reference())
    for name, place in site.reference().items():
        assert len(site.first_sentence(place)) > len("A log"), name


@pytest.mark.parametrize("module", [docstrings, site, twins])
def test_the_examples_of_what_makes_the_site_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_section_that_is_not_a_list_stays_as_it_is() -> None:
    text = "A.\n\nExamples\n--------\n>>> 1 : 2\n\nNotes\n-----\na : b"
    assert docstrings.as_descriptions(text) == text
