"""Side stair: every text for people, in Dutch and English (used by views, door, workshop, app and cli only).

``t("report.title", "nl", runs=200)`` looks the key up in ``nl.yaml`` and fills in the facts; numbers and dates in a
sentence are written as the language writes them. A fact in braces may say how it wants to be shown::

    {share:%}          45%            {difference:points}   +3.2  (percentage points)
    {share:hundred}    45             {weeks:.1f}           6.5
    {width:hundredths} 3.2            (percentage points without a sign)
    {seed:d}           12345          {count:?case|cases}   case, or cases when it is not 1
    {lever:word lever} Room           the label that the catalogue has for that name
    {things}           cases          what a chain handles: its own word when the facts give one ({thing} is one of them)
    {a:% unlike b}     58.2%          with so many more digits that it does not look like b, which it is not

``sentences.py`` writes facts in Python and ``sentences.js`` in browsers, alike.

A catalogue is read section by section (a section is a key at the margin), each when it is first asked for, so that a
command pays only for what it says. What the app and the workshop say stands in files of their own (``nl_app.yaml``,
``nl_workshop.yaml``), each section in one file only.
"""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar, Final

from ketensim.texts.sentences import HANDLED, Sentence

LANGUAGES: Final = ("nl", "en")  # the first is the one to fall back on
PARTS: Final = ("", "_app", "_workshop")  # files of a catalogue
CASES: Final[Mapping[str, str]] = MappingProxyType({})  # words of a chain that calls what it handles cases
SECTION: Final = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)


def languages() -> tuple[str, ...]:
    """The languages that every text exists in; the first is used when nobody asks for another."""
    return LANGUAGES


def language_of_system(environment: Mapping[str, str] = os.environ) -> str:
    """The language that the system asks for, Dutch when it asks for none that we have.

    The locale ``C`` or ``POSIX`` is no language.

    Examples
    --------
    >>> language_of_system({"LANG": "en_US.UTF-8"}), language_of_system({"LANG": "C.UTF-8"})
    ('en', 'nl')
    """
    name = next(
        (environment[variable] for variable in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(variable)), ""
    )
    if not name and environment is os.environ:
        name = locale.getlocale()[0] or ""
    if re.split(r"[._@]", name)[0] in ("", "C", "POSIX"):
        return LANGUAGES[0]
    for wish in (*environment.get("LANGUAGE", "").split(":"), name):
        language = {"dutch": "nl", "english": "en"}.get(wish.split("_")[0].lower(), wish[:2].lower())
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def language_wished(accepted: str, otherwise: str = LANGUAGES[0]) -> str:
    """The first of our languages that a browser asks for in its header Accept-Language, else the other one.

    Examples
    --------
    >>> language_wished("de-DE,en;q=0.8,nl;q=0.5"), language_wished("fr"), language_wished("", "en")
    ('en', 'nl', 'en')
    """
    wishes = [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return next((wish for wish in wishes if wish in LANGUAGES), otherwise)


def t(key: str, language: str, /, **facts: Any) -> str:
    """The text of a key with the facts filled in.

    Parameters
    ----------
    key : names from section to text, e.g. ``error.unknown_key``
    language : one of ``languages()``
    facts : what the sentence names in braces; more facts than it names are allowed

    Raises
    ------
    KeyError : when the catalogue has no such text, or the text names a fact that is not given

    Examples
    --------
    >>> t("report.goal.mean", "nl", share=0.456)
    'Gemiddeld is dat 46%.'
    """
    text = _find(key, language)
    if not isinstance(text, str):
        raise KeyError(f"{language}.yaml has no text {key}")
    words = {name: facts[name] for name in HANDLED if name in facts}
    return Sentence(language, lambda name: word(name, language, **words)).format(text, **facts)


def word(name: str, language: str, /, **words: str) -> str:
    """What a name is called: the text of a key, or its ``label``; the last part of the key when it has none.

    Words say what the chain handles (``Scenario.words``), silent = cases.

    Examples
    --------
    >>> word("lever.room", "nl"), word("unit.weeks", "en"), word("unit.furlongs", "en")
    ('Ruimte', 'weeks', 'furlongs')
    >>> word("outcome.waiting", "nl"), word("outcome.waiting", "nl", things="gezinnen")
    ('Wachtende zaken', 'Wachtende gezinnen')
    """
    text = _find(name, language)
    if isinstance(text, Mapping):
        text = text.get("label")
    return _handled(text, words, language) if isinstance(text, str) else name.partition(".")[2]


def enumerated(parts: Sequence[str], language: str) -> str:
    """Several parts of a sentence with the word before the last of them.

    Examples
    --------
    >>> enumerated(["a", "b", "c"], "nl")
    'a, b en c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return t("report.and", language, first=", ".join(parts[:-1]), last=parts[-1])


def names_in(section: str, language: str) -> tuple[str, ...]:
    """The names that a section has texts for, e.g. of all steering policies; quicker than importing their table."""
    return tuple(_section(language, section))


def catalogue(language: str) -> dict[str, Any]:
    """All texts of a language as nested names, for tests and documentation."""
    return {name: _section(language, name) for name in _sections(language)}


def section(name: str, language: str) -> Mapping[str, Any]:
    """All texts of one section as nested names, for a page that fills in the facts itself."""
    return _section(language, name)


def glossary() -> dict[str, dict[str, Any]]:
    """Terms of the field: ``nl``, ``en``, ``definition`` (nl, en) and where there is one ``symbol`` and ``unit``."""
    return {name: dict(_section("glossary", name)) for name in _sections("glossary")}


def meaning_of(term: Mapping[str, Any], language: str, words: Mapping[str, str] = CASES) -> str:
    """What a term of the glossary means; words say what the chain handles (``Scenario.words``), silent = cases."""
    return _handled(term["definition"][language], words, language)


def starter(language: str) -> str:
    """The commented scenario file that a new chain begins with; ``NAME`` in it stands for the name of the chain."""
    return resources.files(__name__).joinpath(f"starter_{language}.yaml").read_text("utf-8")


def worded(texts: Mapping[str, Any], words: Mapping[str, str], language: str) -> dict[str, Any]:
    """Texts, as nested names, in which what a chain handles has its word; a page fills in the other facts.

    Parameters
    ----------
    texts : as ``section`` gives them
    words : ``thing`` and ``things`` of a chain (``Scenario.words``); what is not there is said as of any chain
    language : of the texts
    """

    def of(inner: Any) -> Any:
        if isinstance(inner, Mapping):
            return {name: of(part) for name, part in inner.items()}
        return _handled(inner, words, language)

    return {name: of(part) for name, part in texts.items()}


def script() -> str:
    """``sentences.js``, with which pages fill in facts themselves: ``sentences.fill(text, facts)``."""
    return resources.files(__name__).joinpath("sentences.js").read_text("utf-8")


def _handled(text: str, words: Mapping[str, str], language: str) -> str:
    """A text in which what the chain handles has its word; other facts stay in braces."""
    for name in HANDLED:
        if f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", words.get(name) or word(f"word.{name}", language))
    return text


def _find(key: str, language: str) -> object:
    if language not in LANGUAGES:
        raise KeyError(f"there are no texts in {language!r}, only in {', '.join(LANGUAGES)}")
    section, _, rest = key.partition(".")
    if section not in _sections(language):
        return None
    node: object = _section(language, section)
    while rest:
        if not isinstance(node, Mapping):
            return None
        if rest in node:  # a name with a dot in it, or the last one
            return node[rest]
        name, _, rest = rest.partition(".")
        node = node.get(name)
    return node


@cache
def _sections(catalogue: str) -> dict[str, str]:
    sections: dict[str, str] = {}
    for file in [f"{catalogue}{part}.yaml" for part in PARTS] if catalogue in LANGUAGES else [f"{catalogue}.yaml"]:
        text = resources.files(__name__).joinpath(file).read_text("utf-8")
        parts = (part for part in SECTION.split(text) if SECTION.match(part))
        sections |= {part.partition(":")[0]: part for part in parts}
    return sections


@cache
def _section(catalogue: str, name: str) -> dict[str, Any]:
    import yaml

    class Texts(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Everything is text: no word of a catalogue is a number or a yes."""

        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    loaded: dict[str, dict[str, Any]] = yaml.load(_sections(catalogue)[name], Loader=Texts)
    return loaded[name]
