"""Watch: one run as a moving chain, which can be stopped, scrubbed through, and asked why something changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import solara

from ketensim.app import session
from ketensim.app.background import StoppedError, in_background
from ketensim.app.explore import figures
from ketensim.app.setting import Setting, scenario_of
from ketensim.app.watch.film import CHOICES, RUNS, Film, Ranking, filmed, ranked
from ketensim.app.watch.player import reasons, told

RANKED: Final = 0.5  # share of the work that is done when the runs are known
TOLD: Final = 0.1  # steps in which progress is shown


@solara.component_vue("watch.vue")
def Screen(
    words: dict[str, Any],
    film: str,
    marks: list[dict[str, Any]],
    language: str,
    chosen_run: str,
    progress: float,
    chain: str,
    answer: dict[str, Any] | None,
    event_ask: Callable[[dict[str, Any]], None],
    event_choose: Callable[[str], None],
) -> None:
    """The stage, its controls, and the answers."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A film and the runs that it was chosen from."""

    setting: Setting
    film: Film
    ranking: Ranking


@solara.component
def Watch() -> solara.Element:
    """The page."""
    choice = session.run
    answer: solara.Reactive[dict[str, Any] | None] = solara.use_reactive(None)
    setting, language = session.setting.value, session.language.value
    now, progress = use_film(setting, choice.value, lambda: answer.set(None))

    def ask(wish: dict[str, Any]) -> None:
        answer.value = answered(now, wish, session.language.value)

    def choose(wish: str) -> None:
        if wish in CHOICES:
            choice.value = wish
        elif wish == "other" and now is not None:
            choice.value = str((now.film.replication + 1) % RUNS)

    fresh = now is not None and now.setting == setting
    scenario = scenario_of(setting)
    film = solara.use_memo(
        lambda: told(now.film, now.ranking, language) if now and fresh else "", [now, fresh, language]
    )
    screen = Screen(
        words=dict(session.texts("watch")),
        film=film,
        marks=solara.use_memo(lambda: figures.marks(scenario, language), [scenario, language]),
        language=language,
        chosen_run=choice.value if choice.value in CHOICES else "other",
        progress=progress,
        chain=setting.chain,
        answer=answer.value,
        event_ask=ask,
        event_choose=choose,
    )
    return solara.Div(children=[screen])


def use_film(setting: Setting, choice: str, forget: Callable[[], None]) -> tuple[Shown | None, float]:
    """The film of a setting, and the share of it that is made; a thread makes it until the page is left."""
    shown: solara.Reactive[Shown | None] = solara.use_reactive(None)
    progress = solara.use_reactive(0.0)
    before = solara.use_ref(None)

    def show(found: Shown) -> None:
        before.current = found
        forget()
        shown.value = found

    def start() -> Callable[[], None]:
        progress.value = 0.0
        known = before.current
        return in_background(lambda stop: make(setting, choice, known, stop, progress.set, show), "ketensim-film")

    solara.use_effect(start, [setting, choice])
    return shown.value, progress.value


def make(
    setting: Setting,
    choice: str,
    before: Shown | None,
    stop: threading.Event,
    progress: Callable[[float], None],
    show: Callable[[Shown], None],
) -> None:
    """Make the film that was chosen; ends quietly when it is stopped."""
    told_last = [0.0]

    def tell(share: float) -> None:
        if stop.is_set():
            raise StoppedError
        if share - told_last[0] >= TOLD:
            told_last[0] = share
            progress(share)

    try:
        scenario = scenario_of(setting)
        ranking = before.ranking if before and before.setting == setting else ranked(scenario, setting.seed)
        tell(RANKED)
        film = filmed(scenario, setting.seed, ranking.run(choice), lambda share: tell(RANKED + (1 - RANKED) * share))
    except StoppedError:
        return
    if not stop.is_set():
        show(Shown(setting, film, ranking))
        progress(1.0)


def answered(shown: Shown | None, wish: dict[str, Any], language: str) -> dict[str, Any] | None:
    """Why an organisation changed in a week; None when a browser asks for what is not there."""
    week, place = wish.get("week"), wish.get("organisation")
    if shown is None or not isinstance(week, int) or not isinstance(place, int):
        return None
    if not (0 <= week < shown.film.weeks and 0 <= place < shown.film.counted.shape[1]):
        return None
    return {
        "week": week,
        "organisation": place,
        "language": language,
        "sentences": reasons(shown.film, week, place, language),
    }
