"""The report of an experiment: one HTML file with what came out, its figures, and how to run it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ketensim.analysis.answers import BLOCK, Answers
from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.markup import Markup, element, joined
from ketensim.views.experiment import experiment_charts as charts
from ketensim.views.experiment.experiment_words import MOST_ROWS, Words
from ketensim.views.report.document import document, scripts
from ketensim.views.report.page import table_html
from ketensim.views.report.tables import PERCENTAGES

if TYPE_CHECKING:
    import pandas as pd

MOST_BLOCKS: Final = 8
LEAST_LINES: Final = 20  # fewer points make no picture of parallel coordinates
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
            "told": self.told,
            "first": self.first,
            "together": self.together,
            "heat": self.heat,
            "policies": self.policies,
            "robustness": self.robustness,
            "boxes": self.boxes,
            "sensitivity": self.sensitivity,
            "time": self.time,
            "parallel": self.parallel,
            "reproduce": self.reproduce,
        }
        made = [(name, body) for name, make in sections.items() if (body := make()) is not None]
        parts = [element("section", element("h2", self.t(f"head.{name}")), body, id=name) for name, body in made]
        title = self.answers.experiment.title.in_language(self.language)
        body = element(
            "body", self.header(title, [name for name, _ in made]), element("main", *parts), *scripts(self.figures)
        )
        return document(title, body, self.language)

    def t(self, key: str, **facts: object) -> str:
        """A text about experiments."""
        return self.words.t(key, **facts)

    def header(self, title: str, names: list[str]) -> Markup:
        """Title, question, size, and a link to every section."""
        manifest = self.answers.result.manifest
        chains = [self.words.scenario(self.answers.experiment.scenario_name(place))
                  for place in range(len(self.answers.experiment.scenario))]  # fmt: skip
        facts = {"points": manifest["points"], "runs": len(self.answers.result.runs), "chains": chains}
        links = [element("a", self.t(f"head.{name}"), href=f"#{name}") for name in names]
        return element(
            "header",
            element("p", self.t("kind"), class_="kind"),
            element("h1", title),
            element("p", self.t("size", **facts), class_="subtitle"),
            element("p", self.answers.experiment.question.in_language(self.language), class_="lead"),
            element("nav", *(joined(link, " ") for link in links), aria_label=t("report.contents", self.language)),
            class_="page",
        )

    def plot(self, name: str, figure: Figure, **facts: object) -> Markup:
        """A figure with its caption."""
        self.figures[f"figure-{name}"] = figure
        caption = self.t(f"caption.{name.partition('-')[0]}", **facts)
        place = element(
            "div",
            id=f"figure-{name}",
            class_="plot",
            role="img",
            aria_label=caption,
            data_fallback=t("report.figure.fallback", self.language),
            style=f"min-height:{figure['layout']['height']}px",
        )
        return element("figure", place, element("figcaption", caption))

    def unit(self) -> Body:
        """In what differences are told, where that could be misread."""
        return element("p", self.t("unit"), class_="small") if self.answers.main in PERCENTAGES else None

    # --- sections ---
    def told(self) -> Body:
        """What came out, and what it is not."""
        sentences = list(self.words.conclusions())
        failed = len(self.answers.result.manifest["failed"])
        note = self.answers.experiment.note
        return joined(
            *(element("p", sentence) for sentence in sentences),
            element("p", self.t("told.failed", number=failed)) if failed else None,
            element("p", note.in_language(self.language).strip(), class_="small") if note else None,
            element("p", t("report.caveat", self.language), class_="caveat"),
        )

    def first(self) -> Body:
        """Main effects: tornado and ranking per block."""
        if "first" not in self.answers.tables:
            return None
        table, outcome = self.answers.tables["first"], self.words.outcome(self.answers.main)
        series, parts = [], []
        for name, rows in self._by_block(table):
            told = rows.assign(what=[self.words.factor(one) for one in rows["factor"]], value=rows["effect"])
            series.append((name, told))
            columns = ("what", "gain", "low", "high", "first", "ranks")
            shown = self.words.table("first", rows, columns)
            parts.append(joined(element("h3", name), table_html(shown)))
        figure = charts.tornado(self.words, series, self.t("axis.effect", outcome=outcome))
        return joined(self.plot("tornado", figure, outcome=outcome), self.unit(), *parts)

    def together(self) -> Body:
        """The strongest interactions, with a picture of the strongest in each block."""
        if "effects" not in self.answers.tables:
            return None
        table = self.answers.tables["effects"]
        table = table[(table["outcome"] == self.answers.main) & (table["other"] != "")]
        parts = []
        blocks = {self.words.block(*block[:3]): block for block in self.answers.blocks}
        for number, (name, found) in enumerate(self._by_block(table)):
            rows = found.loc[found["effect"].abs().sort_values(ascending=False).index][: MOST_ROWS // 2]
            one, two = charts.most_important(self.answers, blocks[name])
            figure = charts.interaction(self.words, blocks[name], one, two)
            facts = {"one": self.words.factor(one), "two": self.words.lower(two)}
            alias = ("alias",) if (rows["alias"] != "").any() else ()
            shown = self.words.table("effects", rows, ("what", "effect", "low", "high", *alias))
            parts.append(
                joined(element("h3", name), self.plot(f"interaction-{number}", figure, **facts), table_html(shown))
            )
        return joined(*parts, self.unit())

    def heat(self) -> Body:
        """The main outcome over two factors of a grid."""
        names = [name for name in self.answers.factors if self.answers.points[name].nunique() > 2]
        if self.answers.experiment.design.kind != "grid" or len(self.answers.factors) < 2 or not names:
            return None
        one, two = (names + [name for name in self.answers.factors if name not in names])[:2]
        facts = {"one": self.words.factor(one), "two": self.words.lower(two)}
        figure = charts.heat_map(self.words, one, two)
        return self.plot("heat", figure, outcome=self.words.outcome(self.answers.main), **facts)

    def policies(self) -> Body:
        """Ways to steer against the first, on equal luck."""
        if "policies" not in self.answers.tables:
            return None
        table = self.answers.tables["policies"]
        table = table[table["outcome"] == self.answers.main]
        series, parts = [], []
        for (scenario, events), rows in table.groupby(["scenario", "events"], sort=False):
            name = self.words.block(str(scenario), "", str(events))
            others = rows.iloc[1:]
            names = [self.words.policy(one) for one in others["policy"]]
            series.append((name, others.assign(what=names, value=others["difference"])))
            columns = ("choice", "mean", "difference", "low", "high", "better")
            parts.append(joined(element("h3", name), table_html(self.words.table("policies", rows, columns))))
        base = self.words.policy(self.answers.experiment.policies[0].id)
        outcome = self.words.outcome(self.answers.main)
        figure = charts.tornado(self.words, series, self.t("axis.difference", outcome=outcome, base=base))
        return joined(self.plot("policies", figure, base=base, outcome=outcome), self.unit(), *parts)

    def robustness(self) -> Body:
        """Which choice holds up in every world."""
        if "robustness" not in self.answers.tables:
            return None
        table = self.answers.tables["robustness"]
        sign = self.answers.less_is_better(self.answers.main)
        shown = table.sort_values("worst", ascending=sign)[:MOST_ROWS]
        columns = ("choice", "mean", "worst", "regret", "satisficing")
        worlds = self.answers.points["world"].nunique()
        facts = {"wanted": self.words.wanted(), "choices": len(table), "worlds": worlds}
        return joined(
            element("p", self.t("robustness", **facts)),
            self.plot("robustness", charts.spread_of_choices(self.words, table)),
            table_html(self.words.table("robustness", shown, columns)),
        )

    def boxes(self) -> Body:
        """In which part of the space it goes well, in sentences."""
        parts = []
        for scenario, policy, events, found in self.answers.found:
            name = self.words.block(scenario, policy, events)
            sentences = [element("li", self.words.box(box)) for box in found]
            told = element("ol", *sentences) if sentences else element("p", self.t("no_box"))
            parts.append(joined(element("h3", name) if len(self.answers.found) > 1 else None, told))
        return joined(element("p", self.t("prim", wanted=self.words.wanted())), *parts) if parts else None

    def sensitivity(self) -> Body:
        """Sobol's or Morris' indices."""
        name = next((one for one in ("sobol", "morris") if one in self.answers.tables), None)
        if name is None:
            return None
        value, low, high = ("total", "total_low", "total_high") if name == "sobol" else ("mu_star", "low", "high")
        table = self.answers.tables[name]
        table = table[table["outcome"] == self.answers.main]
        series = [
            (
                block,
                rows.assign(
                    what=rows["input"].map(self.words.factor), value=rows[value], low=rows[low], high=rows[high]
                ),
            )
            for block, rows in self._by_block(table)
        ]
        outcome = self.words.outcome(self.answers.main)
        figure = charts.tornado(self.words, series, self.t(f"axis.{name}", outcome=outcome), shares=name == "sobol")
        return self.plot(name, figure, outcome=outcome, noise=float(table["noise"].mean()))

    def time(self) -> Body:
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
        elif self.answers.found:
            means = self.answers.mean_of(points["point"].to_numpy(), self.answers.main)
            good = self.answers.good(means)
            groups = [(self.t("goes_well"), points[good]), (self.t("other_combinations"), points[~good])]
        else:
            groups = [(self.words.scenario(str(name)), rows) for name, rows in points.groupby("scenario", sort=False)]
        return self.plot(
            "time", charts.over_time(self.words, [(name, rows["point"].tolist()) for name, rows in groups])
        )

    def parallel(self) -> Body:
        """All points at once."""
        names = [*self.answers.experiment.levers, *self.answers.experiment.uncertainties]
        factors = [name for name in names if name in self.answers.points and self.answers.points[name].nunique() > 1]
        if len(factors) < 2 or len(self.answers.points) < LEAST_LINES:
            return None
        figure = charts.parallel(self.words, factors)
        return self.plot("parallel", figure, outcome=self.words.outcome(self.answers.main))

    def reproduce(self) -> Body:
        """The command, the experiment and what it was made with."""
        manifest = self.answers.result.manifest
        rows = [f"{name} {version}" for name, version in manifest["versions"].items()]
        rows += [f"python {manifest['python']}", f"model {manifest['model_sha256'][:16]}", f"seed {manifest['seed']}"]
        text = (self.answers.result.folder / "experiment.yaml").read_text("utf-8")
        return joined(
            element("p", self.t("reproduce")),
            element("pre", self.command),
            element("p", ", ".join(rows), class_="small"),
            element("details", element("summary", self.t("file")), element("pre", text)),
        )

    def _by_block(self, table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
        for names, rows in list(table.groupby(list(BLOCK), sort=False))[:MOST_BLOCKS]:
            yield self.words.block(*(str(name) for name in names)), rows

    def _strongest(self) -> str:
        if "first" not in self.answers.tables:
            return self.answers.factors[0]
        table = self.answers.tables["first"].assign(size=lambda rows: rows["effect"].abs())
        return str(table.groupby("factor")["size"].mean().idxmax())
