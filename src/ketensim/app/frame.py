"""What stands around every page: the bar with the pages, steps back and forth, the link, language and light or dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import solara
import solara.lab

from ketensim.app import session
from ketensim.app.levers import setting_name
from ketensim.app.setting import (
    EMBEDDED,
    SPOKEN,
    Pairs,
    Setting,
    base,
    from_query,
    language_in,
    made_by,
    other_version,
    pairs_of,
)
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import Problem
from ketensim.texts import LANGUAGES, language_wished

Bar = part("bar.vue", "bar", "pages")
Foot = part("foot.vue", "foot")


def nothing_to_add(_: Setting) -> Pairs:
    """A page whose link is the setting and no more."""
    return ()


def nothing_to_read(_: Pairs, __: Setting) -> list[Problem]:
    """A page that finds all it needs in the setting."""
    return []


@dataclass(frozen=True)
class AppPage:
    """A page of the app.

    Attributes
    ----------
    path : in its address; Dutch, as the links that people share
    word : what it is called, under ``app.pages`` in the catalogue
    component : the page itself
    adds : parts of a link beside the setting
    reads : takes those parts from a link; gives what could not be used
    """

    path: str
    word: str
    component: Callable[[], solara.Element]
    adds: Callable[[Setting], Pairs] = nothing_to_add
    reads: Callable[[Pairs, Setting], list[Problem]] = nothing_to_read


def routes_of(pages: Sequence[AppPage]) -> list[solara.Route]:
    """What Solara serves; each route carries its page, so that no page needs to import another to link to it."""
    return [
        solara.Route(
            page.path.strip("/") or "/",
            component=titled(page),
            layout=Frame if page is pages[0] else None,
            label=page.word,
            data=page,
        )
        for page in pages
    ]


def titled(page: AppPage) -> Callable[[], solara.Element]:
    """A page with its title, which has to stand deeper than the one that Solara makes of the route."""

    @solara.component
    def Titled() -> solara.Element:
        title = session.say("title", page=session.say(f"pages.{page.word}"))
        return solara.Div(children=[solara.Title(title), page.component()])

    drawn: Callable[[], solara.Element] = Titled
    return drawn


def page_path(word: str) -> str:
    """Where a page is, from another one."""
    path: str = next(page.path for page in served_pages(solara.use_router()) if page.word == word)
    return path


def served_pages(router: solara.routing.Router) -> list[AppPage]:
    """The pages in the order of the menu."""
    return [route.data for route in router.routes]


@solara.component
def Frame(children: list[solara.Element] | None = None) -> solara.Element:
    """The layout of every page; the first page that is opened reads the setting from its link."""
    router = solara.use_router()
    pages = served_pages(router)
    solara.use_memo(lambda: greet(router.search or "", pages), [])
    here = next((page for page in pages if page.path.strip("/") == router.parts[0]), None)
    setting = session.at_rest()

    def tell(message: Message) -> None:
        match message:
            case {"kind": "go", "path": path} if path in [page.path for page in pages]:
                router.push(path)
            case {"kind": "undo"}:
                session.undo()
            case {"kind": "redo"}:
                session.redo()
            case {"kind": "speak", "language": spoken} if spoken in LANGUAGES:
                session.language.value = spoken
            case {"kind": "dismiss"}:
                session.notice()

    bar = Bar(
        pages=[{"path": page.path, "label": session.say(f"pages.{page.word}"), "here": page is here} for page in pages],
        page={
            "languages": LANGUAGES,
            "query": session.link_of(setting, *(here.adds(setting) if here else ())),
            "can_undo": bool(session.steps.value.past),
            "can_redo": bool(session.steps.value.future),
            "notices": session.notices.value,
        },
        tell=tell,
    )
    foot = Foot(
        page={
            "chain": base(setting).title.in_language(session.language.value),
            "setting": setting_name(setting, session.language.value),
            "made_by": made_by(),
            "path": here.path if here else session.HOME,
            "query": session.link_of(setting, *(here.adds(setting) if here else ())),
        }
    )
    alone = session.embedded.value
    drawn = [*([] if alone else [bar]), *(children or []), foot]
    return solara.Column(children=drawn, gap="0", classes=["ketensim", *(["ks-embedded"] if alone else [])])


def greet(search: str, pages: Sequence[AppPage]) -> None:
    """Speak the language that the visitor chose before or that the browser asks for, and read the link."""
    told = dict(solara.lab.cookies.value or {}).get(SPOKEN)
    wished = ",".join((solara.lab.headers.value or {}).get("accept-language", []))
    session.language.value = told if told in LANGUAGES else language_wished(wished)
    read_link(search, pages)


def read_link(search: str, pages: Sequence[AppPage]) -> None:
    """Set everything that a link holds, and say what of it could not be used."""
    if not search:
        return
    given = pairs_of(search)
    session.language.value = language_in(given) or session.language.value
    session.embedded.value = dict(given).get(EMBEDDED) == "1"
    session.setting.value, problems = from_query(search)
    problems += [problem for page in pages for problem in page.reads(given, session.setting.value)]
    sentences = [session.say("link.left_out", what=session.sentence_of(problem)) for problem in problems]
    made = other_version(search)
    if made is not None:
        sentences.append(session.say("link.other_version", made=made[:20]))
    session.notice(*sentences)
