"""Watch: one run as a moving chain, which can be stopped, scrubbed through, and asked why something changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import solara

from ketensim.app import curves, session
from ketensim.app.background import Listener, use_work
from ketensim.app.setting import Pairs, Setting, scenario_of
from ketensim.app.vue import Message, part
from ketensim.app.watch.film import CHOICES, RUNS, Film, Ranking, film_of, is_choice, ranking_of
from ketensim.app.watch.player import film_as_text, reasons
from ketensim.foundation.errors import Problem

RUN: Final = "run"  # part of a link
WEEK: Final = "week"  # part of a link: where the film begins
RANKED: Final = 0.5  # share of the work that is done when the runs are known

run: solara.Reactive[str] = solara.reactive(CHOICES[0])  # that is watched
first_week: solara.Reactive[int] = solara.reactive(0)  # at which the film of a link stands still

Screen = part("watch/watch.vue", "watch", "film", "marks")


def run_in_link(_: Setting) -> Pairs:
    """Which run is watched."""
    return [(RUN, run.value)]


def run_from_link(given: Pairs, _: Setting) -> list[Problem]:
    """Watch the run of a link; what is no run is passed over."""
    asked = dict(given).get(RUN, "")
    if is_choice(asked):
        run.value = asked
    week = dict(given).get(WEEK, "")
    if week.isdecimal() and len(week) < 5:
        first_week.value = int(week)
    return []


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
    chosen, progress = use_film(setting, run.value)
    answer: solara.Reactive[tuple[ChosenFilm | None, Message | None]] = solara.use_reactive((None, None))
    scenario = scenario_of(setting)
    current = chosen if chosen is not None and chosen.setting == setting else None

    def tell(message: Message) -> None:
        match message:
            case {"kind": "choose", "run": choice} if choice in CHOICES:
                run.value = choice
            case {"kind": "choose", "run": "other"} if chosen is not None:
                run.value = str((chosen.film.replication + 1) % RUNS)
            case {"kind": "ask"} if chosen is not None:
                answer.value = chosen, answer_to(message, chosen.film, session.language.value)

    screen = Screen(
        film=solara.use_memo(
            lambda: film_as_text(current.film, current.ranking, language) if current else "", [current, language]
        ),
        marks=solara.use_memo(lambda: curves.marks(scenario, language), [scenario, language]),
        page={
            "chosen_run": run.value if run.value in CHOICES else "other",
            "progress": progress,
            "chain": setting.chain,
            "begin": min(first_week.value, scenario.weeks - 1),
            "answer": answer.value[1] if answer.value[0] is chosen else None,
        },
        tell=tell,
    )
    return solara.Div(children=[screen])


def use_film(setting: Setting, choice: str) -> tuple[ChosenFilm | None, float]:
    """The film that was made last, and the share that is done of the one that is asked."""
    before = solara.use_ref(None)

    def work(listener: Listener) -> None:
        before.current = make_film(setting, choice, before.current, listener)
        listener.show(before.current)
        listener.progress(1.0)

    chosen, progress = use_work(work, [setting, choice])
    return chosen, progress


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
