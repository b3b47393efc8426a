"""Claims about building a chain in the browser: nothing typed is lost, every error stands beside its field."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import organisation, small

from ketensim.app.own import assembling, building, changes, examples
from ketensim.app.own.building import Data, Draft
from ketensim.app.own.form import form
from ketensim.app.own.form_fields import cell_text, cells, typed_value
from ketensim.app.own.placed_problems import Examination, examination_of
from ketensim.app.own.sketch import sketch
from ketensim.app.setting import LARGEST_OWN, Setting, from_query, scenario_of
from ketensim.foundation.errors import InputError
from ketensim.scenario import files
from ketensim.texts import LANGUAGES
from ketensim.views.drawing.chain_picture import chain_picture

STARTER = building.first("nl")


def shown(data: Data, language: str = "nl") -> tuple[Examination, dict[str, dict[str, Any]]]:
    """What is known of a content, and the cells of its form by path."""
    draft = Draft(data)
    seen = examination_of(draft, language)
    rows = [row for block in form(draft, seen, language) for row in block["rows"]]
    return seen, {cell["path"]: cell for row in rows for cell in (*row["basic"], *row["more"])}


def typed(data: Data, path: str, value: str | bool, language: str = "nl") -> Data:
    found = changes.after_edit(data, {"path": path, "value": value}, language)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_small_chain_to_begin_with_is_right_and_shows_six_numbers_at_once(language: str) -> None:
    seen, found = shown(building.first(language), language)
    assert seen.scenario is not None
    assert not any(cell["errors"] for cell in found.values())
    basic = {
        path.rpartition(".")[2]
        for path, cell in found.items()
        if cell["basic"] and cell["kind"] in ("number", "percent")
    }
    assert basic == {"fte", "hours_per_case", "arrivals", "norm", "non_standard", "share"}


@pytest.mark.parametrize("name", files.names())
def test_a_shipped_chain_goes_through_the_form_and_stays_the_same(name: str) -> None:
    scenario = files.load(name)
    assert examination_of(Draft(building.content(files.dump(scenario))), "nl").scenario == scenario


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", files.names())
def test_every_number_of_a_shipped_chain_is_read_as_it_is_written(name: str, language: str) -> None:
    data = building.content(files.dump(files.load(name)))
    for cell in cells(data, language).values():
        number = building.number_of(building.value_at(data, cell.steps))
        if number is not None and cell.field.kind in ("number", "percent", "entry"):
            assert typed_value(
                cell_text(number, cell.field.kind, language), cell.field.kind, language
            ) == pytest.approx(number)


@given(st.sampled_from(sorted(cells(STARTER, "nl"))), st.text(max_size=30))
def test_whatever_is_typed_anywhere_the_form_stands_and_one_step_back_restores_it(path: str, text: str) -> None:
    draft = Draft(STARTER).changed(typed(STARTER, path, text), path)
    seen, found = shown(draft.data)
    assert (seen.scenario is None) == bool(seen.errors)
    if path in found and found[path]["kind"] not in ("check", "dates", "number", "percent", "choice", "id"):
        assert found[path]["value"].strip() == text.strip()
    assert draft.undone().data is STARTER


def test_what_cannot_be_read_stays_as_it_was_typed_with_its_error_beside_it_and_nothing_else_changes() -> None:
    data = typed(typed(STARTER, "organisations[0].fte", "veel"), "links[0].share", "140")
    _, found = shown(data)
    assert found["organisations[0].fte"]["value"] == "veel"
    assert "veel" in found["organisations[0].fte"]["errors"][0]
    assert found["links[0].share"]["errors"] == ["Dit moet liggen tussen 0 en 100 procent; er staat 140%."]
    _, before = shown(STARTER)
    wrong = {path for path, cell in found.items() if cell["errors"]}
    assert wrong == {"organisations[0].fte", "links[0].share"}
    assert all(cell["value"] == before[path]["value"] for path, cell in found.items() if path not in wrong)


@pytest.mark.parametrize(
    ("path", "value", "place", "words"),
    [
        ("organisations[1].hours_per_case", "", "organisations[1].hours_per_case", "Leerplicht"),
        ("links[0].share", "", "links[0].share", "alleen overleg"),
        ("links[0].to", "School", "links[0].to", "twee verschillende"),
        ("case_types[0].arrivals", "0", "case_types", "instroom"),
        ("case_types[0].norm", "300", "case_types[0].norm", "104"),
        ("principals[0].elections", "maart", "principals[0].elections", "maart"),
        ("organisations[0].label.nl", "", "organisations[0].label.nl", "naam"),
        ("start", "gisteren", "start", "datum"),
    ],
)
def test_each_mistake_is_told_at_its_own_place_in_plain_words(path: str, value: str, place: str, words: str) -> None:
    data = typed(STARTER, path, value)
    seen = examination_of(Draft(data), "nl")
    assert place in seen.errors
    told = [cell["errors"] for cell in shown(data)[1].values() if cell["path"] == place]
    rows = [row["errors"] for block in form(Draft(data), seen, "nl") for row in (block, *block["rows"])]
    assert words in str(told + rows)


def test_what_is_improbable_is_told_gently_beside_the_field_and_may_stay() -> None:
    seen, found = shown(typed(STARTER, "organisations[0].fte", "2"))
    assert seen.scenario is not None
    assert "fte" in found["organisations[0].fte"]["doubts"][0]
    assert not found["organisations[0].fte"]["errors"]


def test_names_in_what_is_told_are_those_that_people_gave() -> None:
    data = typed(STARTER, "organisations[2].label.nl", "Jongerenwerk Zuid")
    data, _ = assembling.without_part(data, "links", 1)
    seen = examination_of(Draft(data), "nl")
    told = str([row["errors"] for block in form(Draft(data), seen, "nl") for row in block["rows"]])
    assert "Jongerenwerk Zuid" in told
    assert "Team" not in told


def test_a_renamed_part_keeps_everything_that_is_said_about_it() -> None:
    data = building.content(files.dump(files.load("jeugdbescherming")))
    scenario = files.from_dict(data)
    old = [part.id for part in scenario.organisations]
    for place in range(len(old)):
        data = building.with_short_name(data, "organisations", place, f"nieuw {place}")
    text = files.dump(files.from_dict(data))
    for place, name in enumerate(old):
        text = text.replace(f"nieuw {place}", name)
    assert files.read(text) == scenario


def test_a_new_name_becomes_the_short_name_only_where_nobody_chose_another() -> None:
    data = assembling.with_part(STARTER, "organisations", "nl")
    data = building.with_name(data, "organisations", 3, "nl", "Veilig Thuis")
    assert data["organisations"][3]["id"] == "Veilig Thuis"
    assert data["organisations"][3]["label"] == {"nl": "Veilig Thuis", "en": "Veilig Thuis"}
    assert data["links"][-1]["to"] == "Veilig Thuis"
    data = building.with_short_name(data, "organisations", 0, "PO")
    data = building.with_name(data, "organisations", 0, "nl", "Basisscholen")
    assert data["organisations"][0]["id"] == "PO"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_renamed_example_keeps_no_name_short_name_or_sentence_of_it_in_any_language(language: str) -> None:
    before = building.first(language)
    data = before
    for block, names in (
        ("organisations", ("Wijkteam", "Huisarts", "Kliniek")),
        ("case_types", ("Aanmelding",)),
        ("principals", ("Bestuur",)),
    ):
        for place, name in enumerate(names):
            for typed_so_far in (name[:1], "", name):
                data = building.with_name(data, block, place, language, typed_so_far)
    data = building.with_text(data, ("title",), language, "Zorg in de wijk")
    data, gone = examples.in_own_words(before, data)
    assert gone
    scenario = files.from_dict(data)
    assert [part.id for part in scenario.organisations] == ["Wijkteam", "Huisarts", "Kliniek"]
    left = files.dump(scenario).lower()
    for word in ("school", "leerplicht", "attendance", "jongeren", "youth", "leerling", "pupil", "raad", "council"):
        assert word not in left, word


def test_a_name_that_somebody_gave_in_the_other_language_stays() -> None:
    data = building.with_name(STARTER, "organisations", 0, "nl", "Basisscholen")
    data = typed(data, "organisations[0].label.en", "Primary schools")
    data = building.with_name(data, "organisations", 0, "nl", "Scholen voor basisonderwijs")
    assert data["organisations"][0]["label"]["en"] == "Primary schools"


def test_other_numbers_leave_the_sentences_of_an_example_as_they_are() -> None:
    data = typed(STARTER, "organisations[0].fte", "12")
    assert examples.in_own_words(STARTER, data) == (data, False)


def test_an_empty_chain_asks_for_what_it_needs_and_becomes_right_by_filling_in_what_it_asks_for() -> None:
    data = changes.beginning({"empty": True}, Setting(), "nl")
    assert data is not None
    assert set(examination_of(Draft(data), "nl").errors) == {"organisations", "case_types"}
    data = typed(data, "title.nl", "Zorg in de wijk")
    assert data["title"]["en"] == "Zorg in de wijk"
    for block in ("case_types", "organisations", "organisations"):
        added = changes.after_act(data, {"what": "add", "block": block}, "nl")
        assert added is not None
        data = added[0]
    seen = examination_of(Draft(data), "nl")
    assert seen.scenario is not None, seen.errors


@pytest.mark.parametrize("block", ["organisations", "case_types", "principals"])
def test_a_name_that_is_there_already_is_refused_at_its_field(block: str) -> None:
    data = assembling.with_part(STARTER, block, "nl")
    first, last = data[block][0]["label"]["nl"], len(data[block]) - 1
    data = typed(data, f"{block}[{last}].label.nl", f" {first.upper()} ")
    seen, found = shown(data)
    assert seen.scenario is None
    assert found[f"{block}[{last}].label.nl"]["errors"] == [
        f"Er is er al een die {data[block][last]['label']['nl']} heet. Kies een andere naam, dan houdt iedereen ze uit elkaar."
    ]
    assert [path for path, cell in found.items() if cell["errors"]] == [f"{block}[{last}].label.nl"]


def test_a_link_is_drawn_once_and_the_second_time_it_is_said_and_nothing_changes() -> None:
    drawn = changes.after_act(STARTER, {"what": "link", "from": 2, "to": 0}, "nl")
    assert drawn is not None
    assert drawn[0]["links"][-1] == {"from": "Team", "to": "School", "share": 0.5}
    again = changes.after_act(drawn[0], {"what": "link", "from": 2, "to": 0}, "nl")
    assert again == (drawn[0], "Er is al een verbinding van Jongerenteam naar Scholen.")


@pytest.mark.parametrize("ends", [(0, 0), (0, 9), (-1, 0), ("0", 1), (None, 1)])
def test_a_link_that_cannot_be_drawn_is_not_drawn(ends: tuple[Any, Any]) -> None:
    assert changes.after_act(STARTER, {"what": "link", "from": ends[0], "to": ends[1]}, "nl") is None


def test_an_organisation_that_is_drawn_after_another_gets_its_cases_from_it() -> None:
    added = changes.after_act(STARTER, {"what": "add", "block": "organisations", "after": 0}, "nl")
    assert added is not None
    assert added[0]["links"][-1]["from"] == "School"
    assert examination_of(Draft(added[0]), "nl").scenario is not None


def test_an_organisation_that_is_drawn_after_one_that_closes_nothing_still_gets_cases() -> None:
    data = typed(STARTER, "links[0].share", "100")
    added = changes.after_act(data, {"what": "add", "block": "organisations", "after": 0}, "nl")
    assert added is not None
    assert [link["share"] for link in added[0]["links"] if link["from"] == "School"] == [0.5, 0.5]
    assert examination_of(Draft(added[0]), "nl").scenario is not None


@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "remove", "link", "edit"]), st.integers(0, 4), st.integers(0, 4)), max_size=12
    )
)
def test_the_drawing_shows_every_organisation_once_and_every_link_whatever_was_done(
    steps: list[tuple[str, int, int]],
) -> None:
    data = examples.empty(datetime.date(2026, 1, 1))
    for what, one, other in steps:
        message = {
            "add": {"what": "add", "block": "organisations", "after": one},
            "remove": {"what": "remove", "block": "organisations", "place": one},
            "link": {"what": "link", "from": one, "to": other},
            "edit": {"what": "add", "block": ("organisations", "case_types", "links")[one % 3]},
        }[what]
        done = changes.after_act(data, message, "nl")
        data = data if done is None else done[0]
    draft = Draft(data)
    drawn = sketch(data, form(draft, examination_of(draft, "nl"), "nl"), "nl")
    assert sorted(place for row in drawn["rows"] for place in row) == list(range(len(data["organisations"])))
    assert drawn["count"] == len(data["links"])
    assert all(
        data["links"][link["place"]]["from"] == data["organisations"][link["from"]]["id"] for link in drawn["links"]
    )


def test_a_new_part_whose_name_is_wiped_and_typed_anew_still_gets_its_short_name() -> None:
    data = assembling.with_part(STARTER, "organisations", "nl")
    for name in ("", "W", "Wijkteam"):
        data = building.with_name(data, "organisations", 3, "nl", name)
    assert data["organisations"][3]["id"] == "Wijkteam"


def test_a_name_with_markup_in_it_is_shown_as_it_was_typed() -> None:
    data = building.with_name(STARTER, "organisations", 0, "nl", "<img src=x onerror=alert(1)>")
    scenario = examination_of(Draft(data), "nl").scenario
    assert scenario is not None
    picture = chain_picture(scenario, "nl")
    assert "<img" not in picture and "&lt;img" in picture


def test_two_parts_never_get_the_same_short_name() -> None:
    data = assembling.with_part(assembling.with_part(STARTER, "organisations", "nl"), "organisations", "nl")
    data = building.with_name(data, "organisations", 4, "nl", "Organisatie 4")
    names = [part["id"] for part in data["organisations"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("block", ["organisations", "case_types", "principals", "links"])
@pytest.mark.parametrize("name", files.names())
def test_a_part_that_is_added_leaves_the_chain_right(name: str, block: str) -> None:
    data = building.content(files.dump(files.load(name)))
    seen = examination_of(Draft(assembling.with_part(data, block, "nl")), "nl")
    assert seen.scenario is not None, seen.errors


@pytest.mark.parametrize("name", files.names())
def test_a_part_that_is_taken_away_leaves_nothing_that_speaks_of_it(name: str) -> None:
    data = building.content(files.dump(files.load(name)))
    for block in ("organisations", "case_types", "principals"):
        for place, part in enumerate(data.get(block, [])):
            left, _ = assembling.without_part(data, block, place)
            keys = {problem.key for problem in Draft(left).checked()[1]}
            assert not keys & {"error.unknown_organisation", "error.unknown_case_type", "error.unknown_principal"}, part


def test_taking_a_part_away_says_what_went_with_it() -> None:
    found = changes.after_act(STARTER, {"what": "remove", "block": "organisations", "place": 2}, "nl")
    assert found is not None
    assert found[1] == "Jongerenteam is weggehaald, samen met 1 onderdeel waarin alleen Jongerenteam voorkwam."


def test_a_changed_number_loses_its_source_and_the_others_keep_theirs() -> None:
    given_number = {"value": 4, "source": "jaarverslag", "certainty": "high"}
    data = small(
        organisations=[organisation("A", fte=given_number, term=dict(given_number, value=3)), organisation("B")],
        sources={"jaarverslag": {"text": "Jaarverslag 2025", "tag": "L"}},
    )
    _, found = shown(data)
    assert found["organisations[0].fte"]["value"] == "4"
    changed = typed(data, "organisations[0].fte", "5")
    assert changed["organisations"][0]["fte"] == 5
    assert changed["organisations"][0]["term"]["source"] == "jaarverslag"


def test_a_number_for_each_kind_of_case_and_back_is_the_same_chain() -> None:
    data = assembling.with_part(STARTER, "case_types", "nl")
    for steps in (("organisations", 0, "hours_per_case"), ("links", 0, "share"), ("case_types", 0, "entry")):
        apart = assembling.one_for_each(data, steps)
        assert examination_of(Draft(apart), "nl").scenario is not None
        again = assembling.one_for_all(apart, steps)
        before, after = files.from_dict(data), files.from_dict(again)
        assert before == after


def test_typing_a_word_is_one_step_back_and_steps_go_forth_again() -> None:
    draft = Draft(STARTER)
    for text in ("1", "12", "120"):
        draft = draft.changed(typed(draft.data, "organisations[0].fte", text), "organisations[0].fte")
    assert len(draft.past) == 1
    assert draft.undone().data is STARTER
    assert draft.undone().redone().data == draft.data


def test_a_file_that_cannot_be_read_is_refused_with_its_line() -> None:
    with pytest.raises(InputError) as caught:
        changes.beginning({"text": "title: x\nweeks: [1, 2\n"}, Setting(), "nl")
    assert changes.at_line(caught.value.problems[0], "nl").startswith("Regel")


def test_a_file_with_something_the_form_has_no_place_for_is_refused_with_its_line() -> None:
    text = files.dump_data({**STARTER, "weaks": 3})
    with pytest.raises(InputError) as caught:
        changes.beginning({"text": text}, Setting(), "nl")
    assert "Regel" in changes.at_line(caught.value.problems[0], "nl")
    assert "weaks" in changes.at_line(caught.value.problems[0], "nl")


def test_a_file_with_a_mistake_that_can_be_mended_in_the_form_is_opened() -> None:
    data = changes.beginning({"text": files.dump_data(typed(STARTER, "organisations[0].fte", "veel"))}, Setting(), "nl")
    assert data is not None
    assert examination_of(Draft(data), "nl").errors.keys() == {"organisations[0].fte"}


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(InputError):
        changes.beginning({"text": "# " + "x" * LARGEST_OWN}, Setting(), "nl")


def test_a_draft_that_is_saved_and_opened_again_is_the_same_even_when_it_is_wrong() -> None:
    wrong = typed(typed(STARTER, "organisations[0].fte", "veel"), "case_types[0].norm", "-3")
    data = changes.beginning({"text": Draft(wrong).text}, Setting(), "nl")
    assert data is not None
    assert json.dumps(data, default=str) == json.dumps(wrong, default=str)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"path": "organisations[9].fte", "value": "1"},
        {"path": "parameters.trust_gain", "value": "1"},
        {"path": "organisations[0].fte", "value": 3},
        {"path": "organisations[0].fte", "value": "9" * 5000},
        {"path": None, "value": None},
    ],
)
def test_what_a_browser_sends_that_fits_nowhere_changes_nothing(wish: dict[str, Any]) -> None:
    assert changes.after_edit(STARTER, wish, "nl") is None


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"what": "add", "block": "indicators"},
        {"what": "remove", "block": "organisations", "place": 99},
        {"what": "remove", "block": "organisations", "place": "0"},
        {"what": "split", "path": "organisations[0].fte"},
        {"what": "remove", "block": "chain", "place": 0},
    ],
)
def test_what_a_browser_asks_that_cannot_be_done_is_not_done(wish: dict[str, Any]) -> None:
    assert changes.after_act(STARTER, wish, "nl") is None


def test_a_form_does_not_grow_without_end() -> None:
    data = {**STARTER, "principals": [{"id": str(number), "label": {"nl": "x", "en": "x"}} for number in range(60)]}
    assert changes.after_act(data, {"what": "add", "block": "principals"}, "nl") is None


@pytest.mark.parametrize("name", files.names())
def test_even_a_large_chain_of_ones_own_comes_back_from_its_link(name: str) -> None:
    setting = Setting().with_own(files.dump(files.load(name)))
    found, problems = from_query(setting.query)
    assert not problems
    assert scenario_of(found) == files.load(name)
