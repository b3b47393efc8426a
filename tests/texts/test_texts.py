"""Claims about the catalogues: complete in both languages, filled in well, and quick to read."""

from __future__ import annotations

import datetime
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import ketensim
from ketensim.app.levers import LEVELS
from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOMES, OUTCOMES
from ketensim.foundation.parameters import LEVERS, PARAMETERS, POLICIES
from ketensim.foundation.rows import HOURS
from ketensim.texts import PARTS, catalogue, glossary, language_of_system, languages, names_in, t, word

SOURCES = Path(ketensim.__file__).parent
SHORT = 60  # letters of a label
LONG = 260  # letters of a help text
UNITS = {row.unit for row in (*PARAMETERS, *LEVERS, *OUTCOMES, *ORGANISATION_OUTCOMES)}
NAMED = [
    *(f"parameter.{row.name}" for row in PARAMETERS),
    *(f"lever.{row.name}" for row in LEVERS),
    *(f"policy.{name}" for name in POLICIES),
    *(f"event.{name}" for name in EVENT_NAMES),
    *(f"outcome.{row.name}" for row in (*OUTCOMES, *ORGANISATION_OUTCOMES)),
    *(f"outcome.{name}" for name in HOURS),
]


def flat(texts: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, inner in texts.items():
        if isinstance(inner, dict):
            yield from flat(inner, f"{path}{name}.")
        else:
            yield f"{path}{name}", inner


def braces(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


ALL = {language: dict(flat(catalogue(language))) for language in languages()}


def test_both_catalogues_have_the_same_keys() -> None:
    assert set(ALL["nl"]) == set(ALL["en"])


def test_a_text_names_the_same_facts_in_both_languages() -> None:
    different = [key for key, text in ALL["nl"].items() if set(braces(text)) != set(braces(ALL["en"][key]))]
    assert not different


def test_every_text_is_a_text() -> None:
    for language, texts in ALL.items():
        for key, text in texts.items():
            assert isinstance(text, str) and text.strip() == text and text, f"{language} {key}"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", sorted(set(NAMED)))
def test_everything_with_a_name_has_a_label_and_a_help_text(key: str, language: str) -> None:
    label, explanation = t(f"{key}.label", language), t(f"{key}.help", language)
    assert 0 < len(label) <= SHORT
    assert label[0].isupper() and not label.endswith(".")
    assert 0 < len(explanation) <= LONG
    assert explanation.endswith(".")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("lever", [row.name for row in LEVERS])
def test_a_lever_says_what_people_do_at_each_of_its_levels(lever: str, language: str) -> None:
    told = [t(f"lever.{lever}.{level}", language) for level in LEVELS]
    assert all(sentence.endswith(".") for sentence in told)
    assert len(set(told)) == len(LEVELS) == 5


def test_the_catalogues_name_nothing_that_does_not_exist() -> None:
    known = set(NAMED)
    for section in ("parameter", "lever", "policy", "event", "outcome"):
        assert {f"{section}.{name}" for name in catalogue("nl")[section]} <= known


@pytest.mark.parametrize("language", languages())
def test_every_unit_and_condition_has_a_word(language: str) -> None:
    texts = catalogue(language)
    assert set(texts["unit"]) >= UNITS
    assert set(texts["condition"]) >= {row.condition for row in (*PARAMETERS, *LEVERS)}


def test_the_names_of_policies_in_the_catalogue_are_those_of_the_table() -> None:
    assert all(names_in("policy", language) == POLICIES for language in languages())


def test_no_two_parameters_or_outcomes_share_a_label() -> None:
    for language in languages():
        for section in ("parameter", "lever", "outcome"):
            labels = [part["label"] for part in catalogue(language)[section].values()]
            assert len(labels) == len(set(labels)), f"{language} {section}"


def test_every_error_key_in_the_sources_has_a_sentence() -> None:
    used = set()
    for file in SOURCES.rglob("*.py"):
        used |= set(re.findall(r'"(error\.[a-z_]+)"', file.read_text("utf-8")))
    assert used
    assert used <= set(ALL["nl"])


def test_every_plain_key_in_views_and_command_line_has_a_text() -> None:
    used = set()
    for file in [*SOURCES.glob("views/*/*.py"), *SOURCES.glob("cli/*.py")]:
        used |= set(re.findall(r'\bt\("([a-z_.]+)", language', file.read_text("utf-8")))
        used |= {f"report.{key}" for key in re.findall(r'page\.t\("([a-z_.]+)"', file.read_text("utf-8"))}
    assert used
    assert used <= set(ALL["nl"])


def test_every_reason_of_an_explanation_has_a_sentence() -> None:
    from ketensim.run.explanation import CHOICES, SLOW

    text = (SOURCES / "run" / "explanation.py").read_text("utf-8")
    used = set(re.findall(r'"(explain\.[a-z_]+)"', text))
    used |= {f"explain.{name}" for name in CHOICES.values()}
    used |= {f"explain.{name}_{direction}" for name in SLOW for direction in ("up", "down")}
    assert used == {key for key in ALL["nl"] if key.startswith("explain.")}


def test_a_section_read_alone_equals_the_section_of_the_whole_file() -> None:
    for language in languages():
        whole: dict[str, Any] = {}
        for part in PARTS:
            text = (SOURCES / "texts" / f"{language}{part}.yaml").read_text("utf-8")
            sections = yaml.load(text, Loader=yaml.BaseLoader)  # the base loader reads all as text
            assert not set(sections) & set(whole)
            whole |= sections
        assert whole == catalogue(language)


class Strict(yaml.BaseLoader):
    """Refuses a key that comes twice in a block; YAML itself takes the last one in silence."""


def _once(loader: yaml.BaseLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [key.value for key, _ in node.value]
    assert len(keys) == len(set(keys)), sorted({key for key in keys if keys.count(key) > 1})
    return loader.construct_mapping(node, deep=True)


Strict.add_constructor("tag:yaml.org,2002:map", _once)


@pytest.mark.parametrize("file", sorted((SOURCES / "texts").glob("*.yaml")), ids=lambda file: file.stem)
def test_no_key_of_a_catalogue_comes_twice(file: Path) -> None:
    yaml.load(file.read_text("utf-8"), Loader=Strict)


def test_a_term_of_the_glossary_has_words_and_a_meaning_in_both_languages() -> None:
    for name, term in glossary().items():
        assert {"nl", "en", "definition"} <= set(term) <= {"nl", "en", "definition", "symbol", "unit"}, name
        assert set(term["definition"]) == set(languages()), name
        assert term.get("unit", "share") in UNITS, name


LOOKED_FOR = (
    "opgave", "casusregie", "doorzettingsmacht", "ontschotten", "opschalen", "warme overdracht", "stelselverantwoordelijkheid",
    "bestuurlijk overleg",
)  # fmt: skip


@pytest.mark.parametrize("word_of_practice", LOOKED_FOR)
def test_a_word_that_people_look_for_says_where_it_stands_in_the_model(word_of_practice: str) -> None:
    meanings = {term["nl"]: term["definition"] for term in glossary().values()}
    assert re.search(r"\bmodel\b", meanings[word_of_practice]["nl"])
    assert re.search(r"\bmodel\b", meanings[word_of_practice]["en"])


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    facts = {"runs": 12345, "weeks": 208, "start": datetime.date(2015, 1, 1), "end": datetime.date(2018, 12, 27)}
    assert (
        t("report.subtitle", "nl", **facts)
        == "12.345 simulaties van 208 weken, van 1 januari 2015 tot en met 27 december 2018"
    )
    assert t("report.subtitle", "en", **facts) == "12,345 runs of 208 weeks, from 1 January 2015 to 27 December 2018"
    assert t("report.number", "nl", value=0.5) == "0,5"
    assert t("report.number", "nl", value=-1234.5) == "−1234"
    assert t("report.points", "en", value=0.0321) == "+3.2"
    assert t("report.points", "nl", value=-0.0001) == "0,0"
    assert t("report.seed", "nl", seed=12345) == "12345"
    assert t("report.number", "en", value=float("nan")) == "–"


def test_one_run_is_not_called_runs() -> None:
    assert t("cli.running", "en", runs=1, weeks=10) == "1 run of 10 weeks"
    assert t("cli.running", "nl", runs=2, weeks=10) == "2 simulaties van 10 weken"


def test_a_fact_from_a_file_cannot_reach_into_python() -> None:
    told = t("error.file_missing", "en", given="{__class__} {0}")
    assert told == "The file {__class__} {0} does not exist."


def test_a_missing_fact_or_text_is_an_error_of_the_programmer() -> None:
    with pytest.raises(KeyError):
        t("error.file_missing", "nl")
    with pytest.raises(KeyError):
        t("no.such.text", "nl")
    with pytest.raises(KeyError):
        t("error.file_missing", "fr", given="x")


def test_a_word_that_the_catalogue_lacks_stays_what_it_is() -> None:
    assert word("unit.bushels", "nl") == "bushels"
    assert word("lever.room", "nl") == "Ruimte"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "nl"),
        ({"LANG": "C"}, "nl"),
        ({"LANG": "C.UTF-8"}, "nl"),
        ({"LANG": "POSIX"}, "nl"),
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl_BE"}, "nl"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "nl"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "nl"),
        ({"LANG": "nl_NL.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:en"}, "en"),
    ],
)
def test_the_language_follows_the_system_and_else_is_dutch(environment: dict[str, str], language: str) -> None:
    assert language_of_system(environment) == language
