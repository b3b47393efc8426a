"""Claims about lists of cases: what is read, what is left out, and that a simulated list tells what the run did."""

from __future__ import annotations

import datetime
import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.conftest import small

import ketensim as ks
from ketensim.cli import main
from ketensim.foundation.errors import InputError
from ketensim.logs.event_log import LEFT_OUT, EventLog, read_log
from ketensim.logs.log_columns import FIELDS
from ketensim.logs.moments import moments_of
from ketensim.logs.simulated_logs import simulated_log
from ketensim.logs.written_logs import write_log
from ketensim.scenario.files import from_dict
from ketensim.texts import catalogue, t
from ketensim.views.imported.log_words import outcomes_table, quality_sentences

PACKAGE = Path(ks.__file__).parent


@pytest.fixture(scope="module")
def chain() -> ks.Scenario:
    return from_dict(small())


@pytest.fixture(scope="module")
def written(chain: ks.Scenario) -> pd.DataFrame:
    return simulated_log(chain, seed=3)


def rows(number: int = 12, start: str = "2023-01-{:02d}", end: str = "2023-02-{:02d}") -> list[str]:
    return [f"Z{k};Gemeente;{start.format(k + 1)};{end.format(k + 1)}" for k in range(number)]


def listed(tmp_path: Path, lines: list[str], header: str = "Zaaknummer;Organisatie;Van;Tot", **how: str) -> EventLog:
    file = tmp_path / "lijst.csv"
    file.write_text("\n".join([header, *lines]) + "\n", how.pop("encoding", "utf-8"))
    return read_log(file, **how)


# --- a simulated list ----------------------------------------------------------------------------------------------
@pytest.mark.jit
def test_a_simulated_list_holds_what_the_run_counted(chain: ks.Scenario, written: pd.DataFrame) -> None:
    """Oracle: the outcomes of the same run, which are counted in the model and not in the list."""
    results = ks.simulate(chain, 1, 3, weekly=True)
    week = (written.start.to_numpy() - np.datetime64(chain.start)) // np.timedelta64(7, "D")
    first = written.groupby("case").head(1).index
    assert (week[first] >= 0).sum() == results.weekly.arrived.sum()
    last = written.groupby("case").tail(1)
    assert (last.outcome == "closed").sum() == results.weekly.closed.sum()
    assert (last.outcome == "dropped").sum() == results.weekly.dropped.sum()
    present = written[written.end.isna()].organisation.value_counts()
    end = results.organisations[results.organisations.week == chain.weeks - 1].set_index("organisation").present
    assert {name: present.get(name, 0) for name in end.index} == end.to_dict()


@pytest.mark.jit
def test_a_simulated_list_of_a_changed_model_is_that_of_the_changed_model(chain: ks.Scenario) -> None:
    with ks.rules(mismatch_chance=never), ks.extend(outcomes={"busy": busy}):
        weekly = ks.simulate(chain, 1, 3, weekly=True).weekly
        changed = simulated_log(chain, seed=3)
    assert (changed.groupby("case").tail(1).outcome == "closed").sum() == weekly.closed.sum()
    assert not changed.equals(simulated_log(chain, seed=3))


def never(most: float, frame: float, trust: float, trust_part: float) -> float:
    return 0.0


def busy(state: Any) -> float:
    return float(state.chain[0].open)


@pytest.mark.jit
def test_a_case_in_a_simulated_list_is_in_one_place_at_a_time(written: pd.DataFrame) -> None:
    same = written.case.eq(written.case.shift(-1))
    assert (written.end[same] == written.start.shift(-1)[same]).all()
    assert written.end.isna()[same].sum() == 0


@pytest.mark.jit
@pytest.mark.parametrize("day", range(7))
def test_what_happens_in_one_week_of_a_run_stands_in_one_calendar_week(chain: ks.Scenario, day: int) -> None:
    """Whoever counts a list by calendar weeks must not see a visit of one week run over into the next."""
    begins = chain.model_copy(update={"start": datetime.date(2024, 1, 1 + day)}).with_weeks(12)  # a Monday, and on
    table = simulated_log(begins, seed=3)
    closed = table[table.end.notna()]
    first = closed[~closed.case.duplicated()]  # they came in on another day than they left
    days = np.concatenate([first.start.to_numpy(), closed.end.to_numpy()]).astype("M8[D]")
    calendar, of_run = ((days - np.datetime64(monday, "D")).astype(int) // 7 for monday in ("2024-01-01", begins.start))
    assert len(np.unique(np.column_stack([calendar, of_run]), axis=0)) == len(np.unique(of_run))


@pytest.mark.jit
@pytest.mark.parametrize("kind", [".csv", ".parquet", ".xes", ".xes.gz"])
def test_what_is_written_is_read_back_the_same(kind: str, written: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"log{kind}"
    write_log(written, path)
    log = read_log(path)
    assert len(log.visits) == len(written) == log.quality.used
    assert (log.visits.organisation.astype(str).to_numpy() == written.organisation.astype(str).to_numpy()).all()
    assert (log.visits.start.to_numpy() == written.start.to_numpy()).all()
    ended = written.end.notna().to_numpy()
    assert (log.visits.end.to_numpy()[ended] == written.end.to_numpy()[ended]).all()
    assert log.quality.open_cases == (~ended).sum()
    assert set(log.quality.columns) == set(FIELDS)


@pytest.mark.jit
def test_run_writes_the_list_of_its_first_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, file = tmp_path / "uit", tmp_path / "zaken.csv"
    words = ["run", "reference", "--runs", "2", "--weeks", "12", "--out", str(out), "--log", str(file), "--lang", "nl"]
    assert main(words) == 0
    assert str(file) in capsys.readouterr().out
    assert read_log(file).quality.used == len(simulated_log(ks.load("reference").with_weeks(12), 1))
    assert main([*words[:-3], str(tmp_path / "zaken.doc"), "--lang", "nl"]) == 2
    assert ".xes.gz" in capsys.readouterr().err


# --- how lists are written -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_list_is_read_in_any_form_that_a_spreadsheet_writes(encoding: str, separator: str, tmp_path: Path) -> None:
    lines = [line.replace("Gemeente", "Coöperatie").replace(";", separator) for line in rows()]
    log = listed(tmp_path, lines, f"Zaaknummer{separator}Organisatie{separator}Van{separator}Tot", encoding=encoding)
    assert log.organisations == ["Coöperatie"]
    assert len(log.cases) == 12


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["30-4-2023", "1-5-2023"], "2023-04-30"),
        (["30/04/2023 13:45", "1/05/2023 8:00"], "2023-04-30T13:45"),
        (["4/30/2023", "5/1/2023"], "2023-04-30"),
        (["2023-04-30T13:45:10.123+02:00"], "2023-04-30T13:45:10"),
        (["30 april 2023", "1 mei 2023"], "2023-04-30"),
        (["30 Apr 2023 1:45 PM"], "2023-04-30T13:45"),
        (["zo 30 apr. 2023"], "2023-04-30"),
        (["20230430"], "2023-04-30"),
        (["45046"], "2023-04-30"),
        (["30.04.23"], "2023-04-30"),
        (["30-04-23 13.45 uur"], "2023-04-30T13:45"),
        (["31-12-9999"], "NaT"),
        (["31-2-2023"], "NaT"),
        (["niet bekend"], "NaT"),
    ],
)
def test_a_date_is_read_as_it_is_meant(texts: list[str], day: str) -> None:
    assert str(moments_of(pd.Series(texts))[0]) == str(np.datetime64(day, "s"))


def test_nothing_of_a_list_is_kept_but_what_a_chain_needs(tmp_path: Path) -> None:
    lines = [f"{line};J. Jansen;123456782" for line in rows()]
    log = listed(tmp_path, lines, "Zaaknummer;Organisatie;Van;Tot;Naam;BSN")
    kept = log.visits.to_csv() + log.cases.to_csv() + repr(log.quality)
    assert not re.search(r"Jansen|123456782|Z1\b|Naam|BSN", kept)


def test_a_column_that_is_not_found_by_name_can_be_given(tmp_path: Path) -> None:
    header = "sleutel;wie;sinds;t/m"
    with pytest.raises(InputError) as refused:
        listed(tmp_path, rows(), header)
    assert [problem.key for problem in refused.value.problems] == [
        "log.error.no_case",
        "log.error.no_organisation",
    ]
    log = listed(tmp_path, rows(), header, case="sleutel", organisation="wie", start="sinds")
    assert log.quality.columns == {"case": "sleutel", "organisation": "wie", "start": "sinds", "end": "t/m"}
    with pytest.raises(InputError) as unknown:
        listed(tmp_path, rows(), header, case="sleuteltje")
    assert unknown.value.problems[0].facts["nearest"] == "sleutel"


@pytest.mark.parametrize("form", ["datum.xlsx", "tekst.xlsx", "nl.csv", "parquet", "xes", "xes.gz"])
def test_every_form_of_a_list_gives_the_same_log(form: str, tmp_path: Path) -> None:
    """Excel with dates or with Dutch texts below a title, a Dutch CSV of Windows with numbers, Parquet and XES."""
    day = pd.Timestamp("2023-01-31")
    table = pd.DataFrame(
        [(f"Z{k}", "Coöperatie" if k % 2 else "Gemeente", day + pd.Timedelta(days=k), day + pd.Timedelta(days=40 + k), k / 4)
         for k in range(12)], columns=["zaaknummer", "organisatie", "van", "tot", "bedrag"],
    )  # fmt: skip
    texts = table.assign(**{name: table[name].dt.strftime("%d-%m-%Y") for name in ("van", "tot")})
    file = tmp_path / f"lijst.{form.rpartition('.')[2] if form != 'xes.gz' else form}"
    if form.endswith("xlsx"):
        chosen, above = (texts, 2) if form == "tekst.xlsx" else (table, 0)
        with pd.ExcelWriter(file) as book:
            chosen.to_excel(book, index=False, startrow=above)
            if above:
                book.sheets["Sheet1"]["A1"] = "Zaken van vorig jaar"
    elif form == "nl.csv":
        texts.to_csv(file, index=False, sep=";", decimal=",", encoding="cp1252")
    elif form == "parquet":
        table.to_parquet(file)
    else:
        events = "".join(
            f"<trace><string key='concept:name' value='{row.zaaknummer}'/><event>"
            f"<string key='org:group' value='{row.organisatie}'/><date key='start_timestamp' value='{row.van.isoformat()}'/>"
            f"<date key='time:timestamp' value='{row.tot.isoformat()}'/></event></trace>"
            for row in table.itertuples()
        )
        content = f"<?xml version='1.0' encoding='UTF-8'?><log>{events}</log>".encode()
        file.write_bytes(gzip.compress(content) if form == "xes.gz" else content)
    log = read_log(file)
    assert log.visits.organisation.astype(str).tolist() == table.organisatie.tolist()
    assert log.visits.start.tolist() == table.van.tolist()
    assert log.visits.end.tolist() == table.tot.tolist()
    assert log.quality.used == len(table)


def test_outcomes_are_counted_by_share_and_said_to_be_only_that(tmp_path: Path) -> None:
    lines = [f"{line};{'toegekend' if k < 9 else 'afgewezen' if k < 11 else ''}" for k, line in enumerate(rows())]
    log = listed(tmp_path, lines, "Zaaknummer;Organisatie;Van;Tot;Uitkomst")
    table = outcomes_table(log, "nl")
    assert table is not None
    assert table.rows == [("toegekend", "9", "82%"), ("afgewezen", "2", "18%"), ("Niet vermeld", "1", "–")]
    assert t("log.quality.outcome", "nl") in quality_sentences(log, "nl")
    assert outcomes_table(listed(tmp_path, rows()), "nl") is None


# --- what is left out ------------------------------------------------------------------------------------------------
def test_what_cannot_be_used_is_left_out_and_counted_with_its_row(tmp_path: Path) -> None:
    wrong = [
        ";Gemeente;2023-01-01;2023-02-01",
        "Z50;onbekend;2023-01-01;2023-02-01",
        "Z51;Gemeente;;2023-02-01",
        "Z52;Gemeente;gisteren;2023-02-01",
        "Z53;Gemeente;2023-03-01;2023-02-01",
        rows()[0],
        "Z54;Gemeente;2023-01-05;",
    ]
    quality = listed(tmp_path, [*rows(), *wrong]).quality
    assert quality.left_out == {
        "misfit": 0, "no_case": 1, "no_organisation": 1, "no_start": 1, "unreadable_start": 1, "end_before_start": 1,
        "double": 1,
    }  # fmt: skip
    assert quality.first_rows["no_case"] == 14
    assert quality.open_cases == 1
    assert (quality.rows, quality.used) == (19, 13)


def test_rows_at_one_organisation_are_one_visit_and_what_lies_between_waits_at_the_next(tmp_path: Path) -> None:
    lines = [
        "A;Gemeente;2023-01-01;2023-01-03",
        "A;Gemeente;2023-01-05;2023-01-09",
        "A;Raad;2023-01-20;2023-01-30",
        "A;Rechter;2023-01-25;2023-02-20",
    ]
    log = listed(tmp_path, [*lines, *rows(10)])
    visits = log.visits[log.visits.case == log.visits.case.iloc[0]]
    assert visits.organisation.tolist() == ["Gemeente", "Raad", "Rechter"]
    assert [str(day.date()) for day in visits.start] == ["2023-01-01", "2023-01-09", "2023-01-25"]
    assert [str(day.date()) for day in visits.end] == ["2023-01-09", "2023-01-25", "2023-02-20"]
    assert (log.quality.overlapping, log.quality.gaps) == (1, 1)


def test_with_one_moment_per_row_a_visit_lasts_until_the_case_is_seen_elsewhere(tmp_path: Path) -> None:
    lines = ["A;Gemeente;2023-01-01", "A;Gemeente;2023-01-05", "A;Raad;2023-01-20", "A;Raad;2023-01-22"]
    log = listed(tmp_path, [*lines, *(f"Z{k};Gemeente;2023-02-01" for k in range(10))], "zaak;afdeling;tijdstip")
    visits = log.visits[log.visits.case == log.visits.case.iloc[0]]
    assert [str(day.date()) for day in visits.end] == ["2023-01-20", "2023-01-22"]
    assert log.quality.one_moment and log.quality.open_cases == 0


# --- what is refused -------------------------------------------------------------------------------------------------
XES = "<log><trace><string key='concept:name' value='1'/><event><string key='concept:name' value='a'/></event></trace>"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("leeg.csv", b"zaak;organisatie;van\n", "log.error.empty"),
        ("weinig.csv", b"zaak;organisatie;van\n1;A;2023-01-01\n", "log.error.few_cases"),
        ("datum.csv", b"zaak;organisatie;van\n" + b"1;A;ooit\n" * 20, "log.error.moments"),
        ("kolommen.csv", b"zaak;organisatie;van\n" + b"1;A;2023-01-01;te veel\n" * 20, "log.error.misfits"),
        ("twee.csv", b"zaak;organisatie;van;zaak\n" + b"1;A;2023-01-01;1\n" * 20, "log.error.column_twice"),
        ("niets.csv", b"PK\0\0\0", "log.error.not_text"),
        ("niets_erin.csv", b" \n\n", "log.error.empty"),
        ("teken.csv", b"zaak~organisatie~van\n" + b"1~A~2023-01-01\n" * 20, "log.error.one_column"),
        ("kop.csv", b"zaak,organisatie,van\n" + b"1;A;2023-01-01\n" * 20, "log.error.one_column"),
        ("lang.csv", b"zaak;organisatie;van\n1;" + b"x" * 3_000_000 + b";2023-01-01\n", "log.error.endless"),
        ("open.csv", b'zaak;organisatie;van\n1;"A;2023-01-01\n' + b"1;A;2023-01-01\n" * 200_000, "log.error.endless"),
        ("boek.xlsx", b"PK\0\0\0", "log.error.no_workbook"),
        ("slot.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "log.error.locked"),
        ("kolom.parquet", b"PAR1", "log.error.damaged"),
        ("gepakt.xes.gz", b"\x1f\x8b\0", "log.error.damaged"),
        ("stuk.xes", XES.encode(), "log.error.xml"),
        ("ander.xes", b"<html/>", "log.error.no_xes"),
        ("soort.xes", b"<!DOCTYPE log [<!ENTITY a 'a'>]><log/>", "log.error.doctype"),
        ("lijst.doc", b"x", "log.error.kind"),
    ],
)
def test_a_bad_file_gets_one_clear_message(name: str, content: bytes, key: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_log(file)
    (problem,) = refused.value.problems
    assert problem.key == key
    assert refused.value.file == str(file)
    for language in ("nl", "en"):
        assert t(problem.key, language, **problem.facts)


def test_a_bad_date_is_shown_with_row_and_column(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        listed(tmp_path, rows(start="ooit {}"))
    facts = refused.value.problems[0].facts
    assert (facts["row"], facts["column"], facts["given"]) == (2, "Van", "ooit 1")


def test_a_list_of_which_every_row_is_left_out_says_why_and_from_which_row(tmp_path: Path) -> None:
    lines = [f"Z{number};Raad;2023-03-01;2023-02-01" for number in range(30)]
    with pytest.raises(InputError) as refused:
        listed(tmp_path, lines, "zaak;organisatie;van;tot")
    (problem,) = refused.value.problems
    assert "30 regels waarin het einde vóór het begin ligt; de eerste is regel 2" in t(
        problem.key, "nl", **problem.facts
    )


def test_every_reason_to_leave_a_row_out_can_be_said_when_all_are() -> None:
    for language in ("nl", "en"):
        assert set(catalogue(language)["log"]["error"]["few_left"]) == set(LEFT_OUT) - {"misfit"}


def test_a_small_file_that_unpacks_to_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.xes.gz"
    file.write_bytes(gzip.compress(b"<log>" + b"\0" * 10_000_000))
    with pytest.raises(InputError):
        read_log(file)


def test_every_problem_of_a_list_has_a_sentence() -> None:
    used = set()
    for file in (PACKAGE / "logs").glob("*.py"):
        used |= set(re.findall(r'"log\.error\.([a-z_]+)"', file.read_text("utf-8")))
    used |= {"no_case", "no_organisation", "no_start", "size", "few_left"}
    for language in ("nl", "en"):
        assert used == set(catalogue(language)["log"]["error"])
