"""Watch: one run as a moving chain, which can be stopped, scrubbed through, and asked why something changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import solara

from ketensim.app import curves, session
from ketensim.app.background import Listener, use_work
from ketensim.app.beside import as_it_is
from ketensim.app.pins import pins_in_link
from ketensim.app.setting import Pairs, Setting, scenario_of
from ketensim.app.vue import Message, part
from ketensim.app.watch.film import CHOICES, RUNS, Film, Ranking, film_of, is_choice, ranking_of
from ketensim.app.watch.player import film_as_text, reasons
from ketensim.app.watch.second import (
    choices,
    lay_beside,
    present_second,
    second_from_link,
    second_in_link,
    settings_to_choose,
)
from ketensim.foundation.errors import Problem
from ketensim.texts import t

RUN: Final = "run"  # part of a link
WEEK: Final = "week"  # part of a link: where the film begins
Wish = tuple[Setting, str]  # a setting, and which of its runs
RANKED: Final = 0.5  # share of the work that is done when the runs are known

run: solara.Reactive[str] = solara.reactive(CHOICES[0])  # that is watched
first_week: solara.Reactive[int] = solara.reactive(0)  # at which the film of a link stands still

Screen = part("watch/watch.vue", "watch", "film", "second", "marks")


def watch_in_link(present: Setting) -> Pairs:
    """Which run is watched, what is laid beside it, and what is pinned to choose from."""
    return [(RUN, run.value), *second_in_link(present), *pins_in_link(present)]


def watch_from_link(given: Pairs, present: Setting) -> list[Problem]:
    """Watch the run of a link, and what it lays beside it; what is no run is passed over."""
    asked = dict(given).get(RUN, "")
    if is_choice(asked):
        run.value = asked
    week = dict(given).get(WEEK, "")
    if week.isdecimal() and len(week) < 5:
        first_week.value = int(week)
    return second_from_link(given, present)


@dataclass(frozen=True, eq=False)
class ChosenFilm:
    """The film of a setting, and the runs that it was chosen from."""

    setting: Setting
    film: Film
    ranking: Ranking


@solara.component
def Watch() -> solara.Element:
    """The page."""
    setting, language = session.setting.value, session.language.value
    chosen, progress = use_film((setting, run.value))
    current = chosen if chosen is not None and chosen.setting == setting else None
    beside, progress_beside = use_film(_wish_beside(setting, current), current)
    if present_second(setting) is None or current is None:
        beside = None
    answer: solara.Reactive[tuple[Any, Message | None]] = solara.use_reactive(((), None))
    scenario = scenario_of(setting)
    films = [one for one in (current, beside) if one is not None]

    def tell(message: Message) -> None:
        match message:
            case {"kind": "choose", "run": choice} if choice in CHOICES:
                run.value = choice
            case {"kind": "choose", "run": "other"} if chosen is not None:
                run.value = str((chosen.film.replication + 1) % RUNS)
            case {"kind": "beside", "value": str(value)} if chosen is not None:
                lay_beside(value, setting, (beside or chosen).film.replication, session.language.value)
            case {"kind": "ask"}:
                answer.value = films, answers_of(message, films, session.language.value)

    screen = Screen(
        film=use_text(current, language),
        second=use_text(beside, language),
        marks=solara.use_memo(lambda: curves.marks(scenario, language), [scenario, language]),
        page={
            "chosen_run": run.value if run.value in CHOICES else "other",
            "beside": choices(setting, run.value, language),
            "names": [_name(one.setting, setting, language) for one in films],
            "progress": progress if progress < 1.0 or _wish_beside(setting, current) is None else progress_beside,
            "chain": setting.chain,
            "begin": min(first_week.value, scenario.weeks - 1),
            "answer": answer.value[1] if answer.value[0] == films else None,
        },
        tell=tell,
    )
    return solara.Div(children=[screen])


def _wish_beside(setting: Setting, first: ChosenFilm | None) -> Wish | None:
    """What is laid beside a film, once that is there: its run has to be known for the same run of another setting."""
    wanted = present_second(setting)
    if wanted is None or first is None:
        return None
    return (setting, wanted.run) if wanted.setting is None else (wanted.setting, str(first.film.replication))


def _name(setting: Setting, present: Setting, language: str) -> str:
    """What the setting of a film is called."""
    if setting == present:
        return t("compare.now", language) if setting != as_it_is(setting) else t("compare.as_it_is", language)
    return settings_to_choose(present, language).get(setting, "")


def use_text(chosen: ChosenFilm | None, language: str) -> str:
    """A film as the page reads it, made once; nothing while there is none."""
    text: str = solara.use_memo(
        lambda: film_as_text(chosen.film, chosen.ranking, language) if chosen else "", [chosen, language]
    )
    return text


def use_film(wish: Wish | None, like: ChosenFilm | None = None) -> tuple[ChosenFilm | None, float]:
    """The film that was made last, when it is of the setting that is asked, and the share that is done.

    Parameters
    ----------
    wish : setting and run; None = no film is wanted
    like : a film whose runs are known
    """
    before = solara.use_ref(None)

    def work(listener: Listener) -> None:
        assert wish is not None
        setting, choice = wish
        known = like if like is not None and like.setting == setting else before.current
        before.current = make_film(setting, choice, known, listener)
        listener.show(before.current)
        listener.progress(1.0)

    chosen, progress = use_work(None if wish is None else work, [wish])
    return chosen if wish is not None and chosen is not None and chosen.setting == wish[0] else None, progress


def make_film(setting: Setting, choice: str, before: ChosenFilm | None, listener: Listener) -> ChosenFilm:
    """The film of a setting; what is known of the runs from the film before is not computed again."""
    scenario = scenario_of(setting)
    ranking = before.ranking if before and before.setting == setting else ranking_of(scenario, setting.seed)
    listener.progress(RANKED)
    rest = 1.0 - RANKED
    film = film_of(scenario, setting.seed, ranking.run(choice), lambda share: listener.progress(RANKED + rest * share))
    return ChosenFilm(setting, film, ranking)


def answer_to(question: Message, film: Film, language: str) -> dict[str, Any] | None:
    """Why an organisation changed in a week; None when a browser asks for what is not there."""
    weeks, organisations = film.counted.shape
    match question:
        case {"week": int(week), "organisation": int(place)} if 0 <= week < weeks and 0 <= place < organisations:
            sentences = reasons(film, week, place, language)
            return {"week": week, "organisation": place, "language": language, "sentences": sentences}
    return None


def answers_of(question: Message, films: Sequence[ChosenFilm], language: str) -> dict[str, Any] | None:
    """Why an organisation changed in a week, in each film."""
    answers = [answer_to(question, one.film, language) for one in films]
    if not answers or None in answers:
        return None
    return {**(answers[0] or {}), "sentences": [answer["sentences"] for answer in answers if answer]}
