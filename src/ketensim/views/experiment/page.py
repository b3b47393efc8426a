"""The report of an experiment: one HTML file with what came out, its figures, and how to run it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from ketensim.analysis.answers import BLOCK, Answers
from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.html_file import figure_scripts, html_file, place_of_figure
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.table import html_table
from ketensim.views.experiment import experiment_charts as charts
from ketensim.views.experiment.experiment_conclusions import conclusions, dependence_table, domain, effect_table
from ketensim.views.experiment.experiment_description import changed_model
from ketensim.views.experiment.experiment_words import MOST_ROWS, Words
from ketensim.views.report.document import links_to
from ketensim.views.report.values import PERCENTAGES

if TYPE_CHECKING:
    import pandas as pd

MOST_BLOCKS: Final = 8
LEAST_LINES: Final = 20  # fewer points make no picture of parallel coordinates
ALWAYS: Final = ("conclusions", "time", "reproduce")  # sections of which no run needs a value of the main outcome
Body = Markup | None


class ExperimentPage:
    """The sections of the report, and the figures that they have added so far.

    Parameters
    ----------
    answers : what the experiment says
    language : one of ``texts.languages()``
    command : the command line that gives the same result again
    """

    def __init__(self, answers: Answers, language: str, command: str) -> None:
        self.answers = answers
        self.words = Words(answers, language)
        self.language = language
        self.command = command
        self.figures: dict[str, Figure] = {}

    def html(self) -> str:
        """The report as one HTML document."""
        sections: dict[str, Callable[[], Body]] = {
            "conclusions": self._conclusions,
            "first": self._main_effects,
            "together": self._interactions,
            "worked_on": self._worked_on,
            "heat": self._heat,
            "policies": self._policies,
            "winners": self._winners,
            "dependence": self._dependence,
            "robustness": self._robustness,
            "boxes": self._boxes,
            "sensitivity": self._sensitivity,
            "time": self._time,
            "parallel": self._parallel,
            "reproduce": self._reproduction,
        }
        if not self.answers.measured:
            sections = {name: sections[name] for name in ALWAYS}
        contents = {name: body for name, make in sections.items() if (body := make()) is not None}
        titles = {name: self.t(f"head.{self._head(name)}") for name in contents}
        parts = [element("section", element("h2", titles[name]), body, id=name) for name, body in contents.items()]
        title = self.answers.experiment.title.in_language(self.language)
        header = self._header(title, titles)
        body = element("body", header, element("main", *parts), *figure_scripts(self.figures))
        return html_file(title, body, self.language)

    def _head(self, name: str) -> str:
        """The key of a section's title: which condition first is no question where no direction is welcome."""
        return "moves" if name == "first" and self.words.way() == "neither" else name

    def t(self, key: str, **facts: object) -> str:
        """A text about experiments."""
        return self.words.t(key, **facts)

    def _header(self, title: str, titles: Mapping[str, str]) -> Markup:
        """Title, question, size, and a link to every section."""
        answers, experiment = self.answers, self.answers.experiment
        names = [experiment.scenario_name(place) for place in range(len(experiment.scenario))]
        chains = [self.words.scenario(name) for name in names]
        facts = {
            "points": answers.result.manifest["points"],
            "runs": answers.missing[answers.main].of_runs,
            "chains": chains,
        }
        return element(
            "header",
            element("p", self.t("kind"), class_="kind"),
            element("h1", title),
            element("p", self.t("size", **facts), class_="subtitle"),
            element("p", experiment.question.in_language(self.language), class_="lead"),
            links_to(titles, self.language),
            class_="page",
        )

    def _plot(self, name: str, figure: Figure, **facts: object) -> Markup:
        """A figure with its caption."""
        self.figures[f"figure-{name}"] = figure
        words = self.t(f"caption.{name.partition('-')[0]}", **facts)
        return place_of_figure(f"figure-{name}", figure, words, element("figcaption", words), self.language)

    def _unit(self) -> Body:
        """In what differences are told, where that could be misread."""
        return element("p", self.t("unit"), class_="small") if self.answers.main in PERCENTAGES else None

    # --- sections ---
    def _conclusions(self) -> Body:
        """What came out, and what it is not."""
        sentences = list(conclusions(self.words))
        failed = len(self.answers.result.manifest["failed"])
        note = self.answers.experiment.note
        return fragment(
            *(element("p", element("strong", words)) for words in changed_model(self.words)),
            *(element("p", sentence) for sentence in sentences),
            element("p", self.t("conclusion.failed", number=failed)) if failed else None,
            element("p", note.in_language(self.language).strip(), class_="small") if note else None,
            element("p", t("report.caveat", self.language), class_="caveat"),
        )

    def _main_effects(self) -> Body:
        """Main effects: tornado and ranking per block."""
        if "first" not in self.answers.tables:
            return None
        outcome = self.words.outcome(self.answers.main)
        series, parts = [], []
        for name, rows in self._by_block(self.answers.tables["first"]):
            series.append((name, rows.assign(what=rows["factor"].map(self.words.factor), value=rows["effect"])))
            columns = ("what", "effect", "low", "high", "first", "ranks")
            parts.append(self._table(name, rows, columns))
        figure = charts.tornado_chart(self.words, series, self.t("axis.effect", outcome=outcome))
        meaning = element("p", self.t(f"tornado_{self.words.way()}"), class_="small")
        return fragment(self._plot("tornado", figure, outcome=outcome), meaning, self._unit(), *parts)

    def _interactions(self) -> Body:
        """The strongest interactions, with a picture of the strongest in each block."""
        effects = self._of_main("effects")
        if effects is None:
            return None
        parts = []
        blocks = {self.words.block(*block[:3]): block for block in self.answers.blocks}
        for number, (name, rows) in enumerate(self._by_block(effects[effects["other"] != ""])):
            strongest = rows.loc[rows["effect"].abs().sort_values(ascending=False).index][: MOST_ROWS // 2]
            pair = charts.most_important(self.answers, blocks[name])
            figure = charts.interaction_chart(self.words, blocks[name], *pair)
            drawn = self._plot(f"interaction-{number}", figure, **self._pair(*pair))
            alias = ("alias",) if (strongest["alias"] != "").any() else ()
            parts.append(self._table(name, strongest, ("what", "effect", "low", "high", *alias), drawn))
        return fragment(*parts, self._unit())

    def _worked_on(self) -> Body:
        """Which factor works on which outcome, per block."""
        if "effects" not in self.answers.tables or len(self.answers.experiment.outcomes) < 2:
            return None
        tables = self._by_block(self.answers.tables["effects"])
        parts = [fragment(element("h3", name), html_table(effect_table(self.words, rows))) for name, rows in tables]
        return fragment(element("p", self.t("worked_on")), *parts)

    def _heat(self) -> Body:
        """The main outcome over two factors of a grid."""
        names = [name for name in self.answers.factors if self.answers.points[name].nunique() > 2]
        if self.answers.experiment.design.kind != "grid" or len(self.answers.factors) < 2 or not names:
            return None
        pair = (names + [name for name in self.answers.factors if name not in names])[:2]
        figure = charts.heat_chart(self.words, *pair)
        return self._plot("heat", figure, outcome=self.words.outcome(self.answers.main), **self._pair(*pair))

    def _policies(self) -> Body:
        """Ways to steer against the first, on equal luck."""
        policies = self._of_main("policies")
        if policies is None:
            return None
        series, parts = [], []
        for (scenario, events), rows in policies.groupby(["scenario", "events"], sort=False):
            name = self.words.block(str(scenario), "", str(events))
            others = rows.iloc[1:]
            series.append(
                (name, others.assign(what=others["policy"].map(self.words.policy), value=others["difference"]))
            )
            often = "lower" if self.words.way() == "less" else "higher"
            parts.append(self._table(name, rows, ("policy", "mean", "difference", "low", "high", often)))
        base = self.words.policy(self.answers.experiment.policies[0].id)
        outcome = self.words.outcome(self.answers.main)
        figure = charts.tornado_chart(self.words, series, self.t("axis.difference", outcome=outcome, base=base))
        return fragment(self._plot("policies", figure, base=base, outcome=outcome), self._unit(), *parts)

    def _winners(self) -> Body:
        """Which way to steer does best where: how often, a map, and sentences."""
        if "winners" not in self.answers.tables:
            return None
        parts = []
        found = self.answers.tables["winners"].groupby(["scenario", "events"], sort=False)
        for number, ((scenario, events), rows) in enumerate(list(found)[:MOST_BLOCKS]):
            wins = self.answers.tables["wins"]
            wins = wins[(wins["scenario"] == scenario) & (wins["events"] == events)]
            domains = [row for row in self.answers.domains if (row[0], row[2]) == (scenario, events)]
            sentences = [element("li", domain(self.words, *row[:3], box)) for row in domains for box in row[3]]
            name = self.words.block(str(scenario), "", str(events))
            table = html_table(self.words.table(wins, ("policy", "wins", "sure_wins")))
            parts += [element("h3", name), element("p", self.t("winners", number=len(rows))), table]
            if len(self.answers.factors) > 1 and len(rows) >= LEAST_LINES:
                pair = charts.telling(self.answers, domains)
                parts.append(
                    self._plot(f"winners-{number}", charts.winner_chart(self.words, rows, *pair), **self._pair(*pair))
                )
            parts.append(element("ul", *sentences, class_="told") if sentences else element("p", self.t("no_domain")))
        return fragment(*parts)

    def _dependence(self) -> Body:
        """Whether what a lever does depends on the circumstances or on the way to steer."""
        if "dependence" not in self.answers.tables:
            return None
        parts = [
            fragment(
                element("h3", self.words.block(str(scenario), "", str(events))),
                html_table(dependence_table(self.words, rows)),
            )
            for (scenario, events), rows in list(
                self.answers.tables["dependence"].groupby(["scenario", "events"], sort=False)
            )[:MOST_BLOCKS]
        ]
        return fragment(element("p", self.t("dependence")), self._unit(), *parts)

    def _robustness(self) -> Body:
        """Which choice holds up in every world."""
        if "robustness" not in self.answers.tables:
            return None
        table = self.answers.tables["robustness"]
        best_first = table.sort_values("worst", ascending=self.words.way() == "less")
        columns = ("choice", "mean", "worst", "regret", "satisficing")
        worlds = self.answers.points["world"].nunique()
        facts = {"wanted": self.words.wanted(), "choices": len(table), "worlds": worlds}
        return fragment(
            element("p", f"{self.t('robustness', **facts)} {self.words.made_up()}"),
            self._plot("robustness", charts.choice_chart(self.words, table)),
            html_table(self.words.table(best_first[:MOST_ROWS], columns)),
        )

    def _boxes(self) -> Body:
        """In which part of the space it goes well, in sentences."""
        parts = []
        for scenario, policy, events, boxes in self.answers.boxes:
            name = self.words.block(scenario, policy, events)
            sentences = [element("li", self.words.box(box)) for box in boxes]
            body = element("ol", *sentences, class_="told") if sentences else element("p", self.t("no_box"))
            parts.append(fragment(element("h3", name) if len(self.answers.boxes) > 1 else None, body))
        if self.answers.leaves:
            parts.append(element("p", self.t("cart")))
        for scenario, policy, events, drawn in self.answers.leaves:
            name = self.words.block(scenario, policy, events)
            told = [self.words.leaf(box) for box in drawn]
            sentences = [element("li", f"{leaf[:1].upper()}{leaf[1:]}.") for leaf in told]
            body = element("ul", *sentences, class_="told") if sentences else element("p", self.t("no_leaf"))
            parts.append(fragment(element("h3", name) if len(self.answers.leaves) > 1 else None, body))
        agreed = self.words.made_up() or self.t("prim_wanted", wanted=self.words.wanted())
        return fragment(element("p", f"{agreed} {self.t('prim')}"), *parts) if parts else None

    def _sensitivity(self) -> Body:
        """Sobol's or Morris' indices."""
        name = "sobol" if "sobol" in self.answers.tables else "morris"
        indices = self._of_main(name)
        if indices is None:
            return None
        value, low, high = ("total", "total_low", "total_high") if name == "sobol" else ("mu_star", "low", "high")
        columns = {"value": indices[value], "low": indices[low], "high": indices[high]}
        indices = indices.assign(what=indices["input"].map(self.words.factor), **columns)
        series = list(self._by_block(indices))
        outcome = self.words.outcome(self.answers.main)
        figure = charts.tornado_chart(
            self.words, series, self.t(f"axis.{name}", outcome=outcome), shares=name == "sobol"
        )
        luck = "equal" if self.answers.experiment.equal_luck else "own"
        words = element("p", self.t(f"noise.{name}_{luck}", noise=float(indices["noise"].max())), class_="small")
        return fragment(self._plot(name, figure, outcome=outcome), words)

    def _time(self) -> Body:
        """Small multiples over time: by way to steer, else by the levels of the strongest factor, else by chain."""
        points, experiment = self.answers.points, self.answers.experiment
        if len(experiment.policies) > 1:
            groups = [(self.words.policy(str(name)), rows) for name, rows in points.groupby("policy", sort=False)]
        elif "first" in self.answers.tables or experiment.design.kind == "grid":
            factor = self._strongest()
            groups = [
                (f"{self.words.factor(factor)} {self.t('number', value=level)}", rows)
                for level, rows in points.groupby(factor)
            ]
        elif self.answers.boxes:
            good = self.answers.criterion.good(self.answers.means(self.answers.main))
            groups = [(self.t("goes_well"), points[good]), (self.t("other_combinations"), points[~good])]
        else:
            groups = [(self.words.scenario(str(name)), rows) for name, rows in points.groupby("scenario", sort=False)]
        lines = [(name, rows["point"].tolist()) for name, rows in groups]
        return self._plot("time", charts.time_charts(self.words, lines), lines=len(lines))

    def _parallel(self) -> Body:
        """All points at once."""
        names = [*self.answers.experiment.levers, *self.answers.experiment.uncertainties]
        factors = [name for name in names if name in self.answers.points and self.answers.points[name].nunique() > 1]
        if len(factors) < 2 or len(self.answers.points) < LEAST_LINES:
            return None
        figure = charts.parallel_chart(self.words, factors)
        return self._plot("parallel", figure, outcome=self.words.outcome(self.answers.main))

    def _reproduction(self) -> Body:
        """The command, the experiment and what it was made with."""
        manifest = self.answers.result.manifest
        rows = [f"{name} {version}" for name, version in manifest["versions"].items()]
        rows += [f"python {manifest['python']}", f"model {manifest['model_sha256'][:16]}", f"seed {manifest['seed']}"]
        text = (self.answers.result.folder / "experiment.yaml").read_text("utf-8")
        return fragment(
            element("p", self.t("reproduce")),
            element("pre", self.command),
            element("p", f"{', '.join(rows)}. {self.t('mark', mark=self.answers.result.mark)}", class_="small"),
            element("details", element("summary", self.t("file")), element("pre", text)),
        )

    def _of_main(self, name: str) -> pd.DataFrame | None:
        """The rows of a table about the main outcome; None when the design does not allow the table."""
        table = self.answers.tables.get(name)
        return None if table is None else table[table["outcome"] == self.answers.main]

    def _table(self, name: str, rows: pd.DataFrame, columns: tuple[str, ...], drawn: Markup | None = None) -> Markup:
        """A table of a block under its name, and a picture above it."""
        return fragment(element("h3", name), drawn, html_table(self.words.table(rows, columns)))

    def _pair(self, first: str, second: str) -> dict[str, str]:
        """Two factors in a caption."""
        return {"one": self.words.factor(first), "two": self.words.lower(second)}

    def _by_block(self, table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
        for names, rows in list(table.groupby(list(BLOCK), sort=False))[:MOST_BLOCKS]:
            yield self.words.block(*(str(name) for name in names)), rows

    def _strongest(self) -> str:
        if "first" not in self.answers.tables:
            return self.answers.factors[0]
        table = self.answers.tables["first"].assign(size=lambda rows: rows["effect"].abs())
        return str(table.groupby("factor")["size"].mean().idxmax())
