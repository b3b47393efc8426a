// What became of an organisation and of a table in words and small pictures, for phone and projector.

import { h } from "./dom.js";
import { number, percent, say } from "./shared.js";

/** One organisation's year in a few words: "18 → 71 wait", "the board stepped in 5 times", "31 sent back by the Council". */
export function story(own, nameOf = (id) => id) {
  const stepped = Math.round(own.interventions);
  return [
    h("span", { class: "fact queue" }, h("b", { class: "number" }, say("shared.story.from_to", { before: own.waiting_before, after: own.waiting })), " ", say("shared.story.waiting")),
    stepped >= 1 ? h("span", { class: "fact" }, say("shared.story.stepped_in", { times: stepped })) : own.interventions >= 0.3 ? h("span", { class: "fact" }, say("shared.story.stepped_in_rarely")) : null,
    own.returned > 0 ? h("span", { class: "fact" }, own.returned_by ? say("shared.story.returned_by", { cases: own.returned, partner: nameOf(own.returned_by) }) : say("shared.story.returned", { cases: own.returned })) : null,
  ];
}

/** Two scores that pull apart, large: cases of every hundred, and euros per case that was done right and in time; beside so many other tables. */
export function scores(table, others) {
  return h("div", { class: "two-scores" },
    score("goal", table.goal.mean === null ? "–" : number(table.goal.mean), say("shared.score.goal"), against(table.goal.against, "points", others)),
    score("cost", table.cost.mean === null ? "–" : `€\u00a0${number(table.cost.mean)}`, say("shared.score.cost"), against(table.cost.against, "euros", others)));
}

function score(kind, figure, words, apart) {
  return h("div", { class: `score of-${kind}` }, h("b", { class: "figure number" }, figure), h("span", null, words), apart);
}

function against(difference, kind, others) {
  if (!difference) return null;
  const size = Math.abs(difference.mean);
  const way = !difference.sure || size === 0 ? "same" : difference.mean > 0 ? "more" : "less";
  return h("span", { class: `apart ${way}` }, say(`shared.apart.${kind}_${way}`, { size, others }));
}

/** What became of a hundred cases, as one bar with its legend. */
export function hundred(lost, { legend = true } = {}) {
  const kinds = Object.entries(lost).filter(([, cases]) => cases >= 0.5);
  const told = kinds.map(([kind, cases]) => `${say(`lost.${kind}`)} ${number(cases)}`).join(", ");
  return [
    h("div", { class: "hours hundred", role: "img", "aria-label": say("shared.hundred_told", { told }) }, kinds.map(([kind, cases]) =>
      h("i", { class: `lost-${kind}`, style: { "flex-grow": String(cases), "flex-basis": "0" } }, cases >= 5 ? number(cases) : null))),
    legend ? h("ul", { class: "legend" }, kinds.map(([kind, cases]) => h("li", null, h("i", { class: `lost-${kind}` }), say(`lost.${kind}`), ` ${number(cases)}`))) : null,
  ];
}

/** An agreement in words: what holds, whether it was kept, what became of trust. */
export function agreed(one, terms, nameOf = (id) => id) {
  return [
    h("b", null, `${nameOf(one.one)} – ${nameOf(one.other)}`), " ",
    one.terms ? h("span", { class: "muted" }, termsText(one.terms, terms)) : null, " ",
    h("span", { class: `state ${one.state}` }, one.state === "broken" ? say("shared.agreement.broken_by", { organisation: nameOf(one.by) }) : say(`shared.agreement.${one.state}`)),
    one.before === undefined ? null : h("span", { class: "trust number" }, " ", say("shared.agreement.trust", { before: percent(one.before), after: percent(one.after) })),
  ];
}

/** The terms of an agreement: how much is laid down, and how much time there is for each other. */
export function termsText(terms, names) {
  return say("shared.agreement.terms", {
    frame: say(`decision.steering.step.${names.steering[terms.frame]}.label`).toLowerCase(),
    time: say(`decision.hours_together.step.${names.hours_together[terms.time]}.label`).toLowerCase(),
  });
}

/** A queue over the weeks of a round as far as it has come, as a line with its last value. */
export function queueLine(waiting, upto, weeks, { height = 120 } = {}) {
  const shown = waiting.slice(0, upto + 1), most = Math.max(10, ...waiting);
  const x = (week) => 6 + (328 * week) / Math.max(1, weeks - 1), y = (value) => height - 8 - ((height - 26) * value) / most;
  const points = shown.map((value, week) => `${x(week).toFixed(1)},${y(value).toFixed(1)}`);
  const last = shown.at(-1) ?? 0;
  return h("svg", { class: "chart queue-line", viewBox: `0 0 400 ${height}`, role: "img", "aria-label": say("shared.story.from_to", { before: Math.round(waiting[0] ?? 0), after: Math.round(last) }) },
    h("line", { class: "axis", x1: 6, x2: 334, y1: height - 8, y2: height - 8 }),
    h("line", { class: "half", x1: x(weeks / 2), x2: x(weeks / 2), y1: 8, y2: height - 8 }),
    points.length > 1 ? h("polygon", { class: "inner", points: `${x(0)},${height - 8} ${points.join(" ")} ${x(shown.length - 1)},${height - 8}` }) : null,
    h("polyline", { class: "middle", points: points.join(" ") }),
    h("circle", { class: "end", cx: x(Math.max(0, shown.length - 1)), cy: y(last), r: 6 }),
    h("text", { class: "strong", x: x(Math.max(0, shown.length - 1)) + 12, y: y(last) + 6 }, number(last)));
}
