"""Claims about the words of the pages: complete, in a form that the scripts can fill in, and polite.

That no script shows a key instead of a sentence, the browser tests see on every page that they look at.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.run.ledger import LEDGER
from ketensim.scenario import files
from ketensim.texts import catalogue, languages, t
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import LONGEST_SEEN, READY, longest_norm_of, ready_plan
from ketensim.workshop.game.room import Door, Phase
from ketensim.workshop.talk.debrief import KINDS, STYLES
from ketensim.workshop.web import room_facts
from ketensim.workshop.web.facilitator import control
from ketensim.workshop.web.facilitator.chains_shown import chains_shown
from ketensim.workshop.web.facilitator.plan_form import chain_titles
from ketensim.workshop.web.phone import page as phone
from ketensim.workshop.web.projector import page as projector


def sentences(part: Any) -> Iterator[str]:
    """Every text below a name of the catalogue."""
    if isinstance(part, str):
        yield part
    else:
        for inner in part.values():
            yield from sentences(inner)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", sorted({*phone.TEXTS, *control.TEXTS, *projector.TEXTS}))
def test_what_a_script_says_asks_for_no_word_of_the_catalogue(name: str, language: str):
    """A script gets the parts that it says, and cannot look up what a name is called elsewhere."""
    part: Any = catalogue(language)
    for step in name.split("."):
        part = part[step]
    wishes = [wish for text in sentences(part) for _, _, wish, _ in string.Formatter().parse(text)]
    assert wishes and not [wish for wish in wishes if (wish or "").startswith("word ")]


@pytest.mark.parametrize("language", languages())
def test_every_page_of_the_projector_and_every_phase_has_its_words(language: str):
    for slide in (*room_facts.REVEAL_SLIDES, *room_facts.DEBRIEF_SLIDES):
        assert t(f"room.control.slide.{slide}", language) and t(f"room.control.ask.{slide}", language).endswith(
            ("?", ".")
        )
    for phase in ("predict_first", "decide_first", *Phase):
        assert t(f"room.script.{phase}.say", language) and t(f"room.script.{phase}.do", language)
    for phase in Phase:
        assert t(f"room.shared.phase.{phase}", language)
    assert all(t(f"report.bar.{use}", language) for use in HOUR_GROUPS)
    assert all(t(f"workshop.lost.{name}", language) for name in LEDGER)
    assert all(t(f"room.shared.tense.{name}", language) for name in room_facts.TENSE)
    assert all(t(f"room.screen.policy.{name}", language) for name in ("none", *STYLES))
    assert all(t(f"room.screen.kinds.{name}", language) for name in (*KINDS, "agreed"))
    assert all(t(f"room.control.door.{name}", language) for name in Door)
    for name, decision in DECISIONS.items():
        for step in decision.steps:
            assert t(f"workshop.decision.{name}.step.{step}.means", language)


def test_no_word_says_je_to_a_participant():
    texts = [*sentences(catalogue("nl")["workshop"]), *sentences(catalogue("nl")["room"])]
    assert [text for text in texts if re.search(r"\b(je|jij|jouw|jullie)\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", languages())
def test_every_button_and_screen_that_the_guide_names_is_called_so(language: str):
    """A facilitator has only the guide: what stands bold in a sentence of it stands on a screen."""
    guide = (Path(__file__).parents[3] / "docs" / language / "workshop.md").read_text("utf-8")
    within = re.sub(r"^(- )?\*\*[^*]+\*\*", "", guide, flags=re.MULTILINE)  # not what a paragraph begins with
    named = {" ".join(name.split()) for name in re.findall(r"\*\*([^*]+)\*\*", within)}
    titles = [ready_plan(name).title.in_language(language) for name in READY]
    known = [*sentences(catalogue(language)["room"]), *sentences(catalogue(language)["workshop"]), *titles]
    assert len(named) > 20
    assert [name for name in sorted(named) if not any(text.startswith(name) for text in known)] == []


@pytest.mark.parametrize("language", languages())
def test_no_chain_is_offered_without_what_it_shows_and_a_slow_one_not_without_a_warning(language: str):
    offered, mark = dict(chain_titles(language)), t("room.plan.chain_late_short", language)
    for chain in chains_shown(language):
        chain_norm = longest_norm_of(files.load(chain["name"]))
        assert str(chain_norm) in chain["shows"]
        slow = chain_norm > LONGEST_SEEN
        assert (offered[chain["name"]].endswith(mark), bool(chain["warning"])) == (slow, slow), chain["name"]
        assert chain["shows"].count(".") >= 4, (
            "its term, the two styles after two years, how long it takes, which way it goes"
        )
        twenty = round(ready_plan("minutes_20").minutes)
        minutes = t("room.plan.chain_years.from", language, year=1, minutes=twenty).split(":")[1]
        assert not (slow and minutes in chain["shows"]), (
            "twenty minutes are not enough where the card asks for four years"
        )
