"""Which column of a list of cases holds what: given by the reader of it, or found by its name in Dutch or English.

Only what is named in ``FIELDS`` is ever read; every other column stays in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.problems import excerpt, nearest

FIELDS: Final = ("case", "organisation", "start", "end", "case_type", "outcome", "deadline")
NEEDED: Final = ("case", "organisation", "start")
MOMENTS: Final = ("start", "end", "deadline")
# names as they stand in lists, in lower case with spaces for every other sign; what stands first is looked for first.
# Names of standards: XES (concept, org, time, lifecycle) and what comes of it in a CSV file.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "case": (
        "case concept name", "zaak", "zaaknummer", "zaaknr", "zaak nr", "zaak nummer", "zaakid", "zaak id",
        "zaakidentificatie", "zaak identificatie", "dossier", "dossiernummer", "dossiernr", "dossier id", "case",
        "case id", "caseid", "case number", "case no", "case nr", "casenummer", "aanvraagnummer", "aanvraag id",
        "meldingsnummer", "ticket", "ticket id", "kenmerk", "referentie", "reference", "trace", "trace id", "id", "nummer",
    ),
    "organisation": (
        "organisatie", "organisation", "organization", "ketenpartner", "partner", "instelling", "instantie", "org group",
        "organisatieonderdeel", "afdeling", "department", "eenheid", "unit", "team", "werkgroep", "workgroup", "group",
        "groep", "org role", "behandelende organisatie", "behandelende afdeling", "uitvoerder", "stap", "processtap",
        "step", "fase", "phase", "concept name", "activiteit", "activity", "event", "taak", "task",
    ),
    "start": (
        "start", "startdatum", "start datum", "start date", "start timestamp", "start time", "starttijd", "begin",
        "begindatum", "begin datum", "begintijd", "van", "vanaf", "datum van", "from", "ontvangen", "ontvangstdatum",
        "datum ontvangst", "received", "ingangsdatum", "datum in", "datum begin", "datum start", "time timestamp",
        "timestamp", "tijdstip", "datum", "date", "datum tijd", "datetime", "moment", "time", "tijd",
    ),
    "end": (
        "eind", "einde", "einddatum", "eind datum", "eindtijd", "end", "end date", "enddate", "end timestamp", "end time",
        "complete timestamp", "completed", "completion date", "tot", "t m", "tot en met", "until", "to", "afgerond",
        "datum afgerond", "afgehandeld", "datum uit", "datum eind", "datum einde", "closed", "gereed", "datum gereed",
        "time timestamp",
    ),
    "case_type": (
        "zaaktype", "zaak type", "case type", "casetype", "soort zaak", "zaaksoort", "soort", "type", "product",
        "soort aanvraag", "soort melding", "soort hulp", "soort jeugdhulp", "soort vergunning", "type zaak", "type aanvraag",
        "zaaktype omschrijving", "zaaktypeomschrijving", "zaaktype naam",
        "categorie", "category", "case category", "regeling", "service type", "case service type", "case case type",
    ),
    "outcome": (
        "uitkomst", "resultaat", "zaakresultaat", "uitslag", "afdoening", "outcome", "result", "case outcome", "besluit",
        "beslissing", "decision",
    ),
    "deadline": (
        "deadline", "case deadline", "uiterste datum", "uiterlijke datum", "uiterste einddatum", "uiterlijk",
        "fatale datum", "fatale termijn", "streefdatum", "due date", "due", "termijn", "beslistermijn", "norm datum",
        "normdatum", "wettelijke termijn", "case enddate planned",
    ),
}  # fmt: skip


def plain_name(name: object) -> str:
    """The name of a column without capitals, accents of punctuation and double spaces.

    Examples
    --------
    >>> plain_name(" case:concept:name"), plain_name("Datum_ontvangst ")
    ('case concept name', 'datum ontvangst')
    """
    return re.sub(r"[\W_]+", " ", str(name).casefold()).strip()


def columns_of(present: Sequence[str], given: Mapping[str, str], file: str) -> dict[str, str]:
    """The column of each field that the list has.

    Parameters
    ----------
    present : names of the columns in the file, in order
    given : field: column, as its reader says; goes before what is found by name
    file : for the message

    Returns
    -------
    field: column, in the order of ``FIELDS``; without fields that the list does not have

    Raises
    ------
    InputError : a column that is given and not there, or given twice; no column for a case, an organisation or a moment
    """
    problems = [
        Problem("log.error.no_column", f"--{field.replace('_', '-')}", {"given": excerpt(name), "allowed": tuple(present),
                                                                       **nearest(name, present)})
        for field, name in given.items()
        if name not in present
    ]  # fmt: skip
    if problems:
        raise InputError(problems, file)
    found, taken = dict(given), set(given.values())
    by_name: dict[str, str] = {}
    for name in present:
        by_name.setdefault(plain_name(name), name)
    for field in FIELDS:
        if field in found:
            continue
        known = (by_name[name] for name in NAMES[field] if name in by_name)
        column = next((name for name in known if name not in taken), None)
        if column is not None:
            found[field] = column
            taken.add(column)
    if "start" not in found and "end" in found:  # a moment is a moment, however it is called
        found["start"] = found.pop("end")
    missing = [field for field in NEEDED if field not in found]
    if missing:
        facts = {"allowed": tuple(present)}
        raise InputError([Problem(f"log.error.no_{field}", "", facts) for field in missing], file)
    doubled = [name for name in found.values() if list(present).count(name) > 1]
    if doubled:
        raise InputError([Problem("log.error.column_twice", "", {"given": excerpt(doubled[0])})], file)
    return {field: found[field] for field in FIELDS if field in found}
