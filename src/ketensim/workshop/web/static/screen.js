// The projector: large, calm, and never a person's name.

import { COLOURS, bands, histogram, pairs, queuesOver } from "./charts.js";
import { h, render } from "./dom.js";
import { Link, passed } from "./link.js";
import { data, hours, hoursLegend, news, number, say, seenAndThere, timer } from "./shared.js";
import { agreed, hundred, scores, story } from "./stories.js";

const root = document.getElementById("page");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const WEEKS = data.weeks; // of a round
const TERMS = data.terms; // names of the steps that an agreement has
const MANY = 2; // more tables than this are drawn small
const DENSE = 6; // more columns than this show choices as dots only
const WIDE = 5; // more questions than this make a table so wide that tables stand below each other
const SMALLEST = 0.56, STEP = 0.04; // of the size that letters have, where a picture would not fit otherwise
let snapshot = null, film = { place: "", start: 0 }, fitted = { place: "", size: 1 };

const link = new Link(data, draw);
setInterval(() => snapshot && draw(), 350);
draw();

function draw() {
  if (link.gone) return void render(root, h("div", { class: "center" }, h("h1", null, say("screen.gone"))));
  snapshot = link.snapshot;
  if (!snapshot) return void render(root, h("div", { class: "center" }, h("p", null, say("screen.connecting"))));
  const view = views[snapshot.slide] ?? views[snapshot.phase];
  render(root, head(), h("div", { class: `stage ${snapshot.slide} ${snapshot.tables > MANY ? "many" : ""} ${snapshot.calm || calm ? "calm" : ""}`, key: `${snapshot.slide} ${snapshot.round}` }, view()), foot());
  fit(`${snapshot.slide} ${snapshot.phase} ${snapshot.round} ${innerWidth} ${innerHeight}`);
}

// nobody scrolls a projector: what does not fit is drawn smaller, until the next picture
function fit(place) {
  const stage = root.querySelector(".stage"), scale = (size) => document.documentElement.style.setProperty("--fit", String(size));
  if (fitted.place !== place) scale((fitted = { place, size: 1 }).size);
  const tooSmall = () => stage.scrollHeight > stage.clientHeight + 1 || stage.scrollWidth > stage.clientWidth + 1;
  while (tooSmall() && fitted.size > SMALLEST) scale((fitted.size -= STEP));
}

function head() {
  const playing = !["lobby", "debrief", "closed"].includes(snapshot.phase);
  return h("header", { key: "head" },
    h("div", null,
      h("span", { class: "where" }, playing ? say("screen.where", { round: snapshot.round + 1, rounds: snapshot.rounds, phase: say(`shared.phase.${snapshot.phase}`) }) : say(`shared.phase.${snapshot.phase}`)),
      h("span", { class: "muted" }, snapshot.chain)),
    ["predict", "decide", "moment"].includes(snapshot.phase) || snapshot.paused ? timer(snapshot, link) : null);
}

function foot() {
  return h("footer", { key: "foot" },
    snapshot.message ? h("p", { class: "message", role: "status" }, snapshot.message) : null,
    link.status === "away" ? h("span", { class: "tag" }, say("screen.away")) : null,
    ["lobby", "closed"].includes(snapshot.phase) || snapshot.door === "closed" ? null : h("span", { class: "late" }, say("screen.late", { address: plain(snapshot.join), code: snapshot.code })));
}

function plain(address) {
  return address.replace(/^https?:\/\//, "").replace(/\/m\/.*$/, "");
}

const views = {
  lobby() {
    return [
      h("div", { class: "invite" },
        h("div", null,
          h("h1", null, snapshot.title),
          h("p", { class: "how" }, say("screen.scan"), " ", h("b", null, plain(snapshot.join))),
          h("p", { class: "code giant", "aria-label": say("screen.code_told", { code: [...snapshot.code].join(" ") }) }, snapshot.code)),
        h("img", { class: "qr", src: data.qr, alt: say("screen.qr", { address: snapshot.join }) })),
      seating(),
    ];
  },
  predict() {
    return h("div", { class: "center" },
      h("h1", null, say("screen.predict.title")),
      h("p", { class: "lead" }, say("screen.predict.question")),
      news(snapshot, "news"),
      h("p", { class: "giant number" }, say("screen.of", { done: snapshot.predicted, all: snapshot.people })),
      h("p", { class: "muted" }, say("screen.predict.in")),
      snapshot.before.length ? h("p", { class: "muted" }, snapshot.before.map(({ table, goal, cost }) => say("screen.predict.before", { table: nameOfTable(table), goal: goal.mean, cost: cost.mean })).join("  ")) : null);
  },
  decide() {
    return [
      h("h1", null, say("screen.decide.title")),
      news(snapshot, "news"),
      h("div", { class: "chips" }, snapshot.open.map((name) => h("span", { class: "chip" }, say(`decision.${name}.label`)))),
      grid(snapshot.teams, (team) => ({
        kind: team.people === 0 ? "robot" : team.final ? "done" : "open",
        words: team.people === 0 ? say("screen.decide.robot") : say(team.final ? "screen.decide.done" : "screen.decide.open"),
        sign: team.people === 0 ? "○" : team.final ? "✓" : "…",
      })),
      snapshot.agreements.length ? agreementsList(snapshot.agreements, true) : null,
    ];
  },
  run: () => filmView(0),
  second: () => filmView(snapshot.parts[0]),
  moment() {
    return [
      h("div", { class: "center tense" },
        h("p", { class: "lead" }, say("screen.moment.halfway", { week: snapshot.parts[0], weeks: WEEKS })),
        h("h1", { class: "headline" }, snapshot.tense),
        h("p", { class: "lead" }, say("screen.moment.ask"))),
      snapshot.agreements.length ? agreementsList(snapshot.agreements, false) : null,
      snapshot.films ? queues(snapshot.films, snapshot.films[0].waiting.length - 1) : null,
    ];
  },
  story() {
    return [h("h1", null, say("screen.story.title")), waitingOr((tables) => h("div", { class: `small-multiples n${Math.min(3, tables.length)} stories` }, tables.map((table) => h("section", { key: String(table.table) }, tableName(table),
      h("dl", null, told(table).map((own) => [h("dt", { key: `name ${own.id}` }, nameOf(own.id)), h("dd", { key: own.id }, story(own, nameOf))]))))))];
  },
  scores() {
    return [h("h1", null, say("screen.scores.title")), waitingOr((tables) => [
      h("div", { class: `small-multiples n${Math.min(3, tables.length)}` }, tables.map((table) => h("section", { key: String(table.table), class: `table-${table.table % 8}` }, tableName(table), scores(table, tables.length - 1),
        h("p", { class: "muted" }, say("screen.scores.waiting", { before: table.waiting_before, after: table.waiting }))))),
      h("p", { class: "lead ask" }, say(tables.length > 1 ? "screen.scores.ask_tables" : "screen.scores.ask")),
      h("p", { class: "muted small" }, say(tables.length > 1 ? "screen.scores.luck" : "screen.scores.what")),
    ])];
  },
  lost() {
    return [h("h1", null, say("screen.lost.title")), waitingOr((tables) => [
      tables.map((table) => h("div", { class: "bar-row", key: String(table.table) }, tableName(table), h("div", null, hundred(table.lost, { legend: tables.length < 4 })))),
      tables.length > 3 ? hundred(tables[0].lost)[1] : null,
      h("p", { class: "lead ask" }, say("screen.lost.ask")),
      h("p", { class: "muted small" }, say("screen.lost.what")),
    ])];
  },
  agreements() {
    return [h("h1", null, say("screen.agreements.title")), agreementsList(snapshot.agreements, true), h("p", { class: "lead ask" }, say("screen.agreements.ask"))];
  },
  prediction() {
    return [h("h1", null, say("screen.prediction.title")), waitingOr((tables) => h("div", { class: `small-multiples n${Math.min(3, tables.length)}` }, tables.map((table) =>
      h("figure", { key: String(table.table) }, tableName(table), histogram(table.histogram, table),
        h("figcaption", null, table.expected === null ? say("screen.prediction.nobody") : say("screen.prediction.expected", { expected: table.expected / 100 }),
          table.nearest === null || snapshot.calm ? null : h("b", { class: "star" }, ` ★ ${say("screen.prediction.nearest", { nearest: table.nearest / 100 })}`)))))), h("p", { class: "muted" }, say("screen.prediction.how"))];
  },
  choices() {
    const { open, teams } = snapshot.choices;
    const dense = snapshot.tables > 1 && snapshot.tables * open.length > DENSE ? "dense" : "";
    const beside = open.length > WIDE ? 1 : Math.min(3, snapshot.tables);
    return [h("h1", null, say("screen.choices.title")), h("div", { class: snapshot.tables > 1 ? `small-multiples n${beside} ${dense}` : "" }, tablesOf(teams).map((table) => h("table", { class: "choices", key: String(table) },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, snapshot.tables > 1 ? nameOfTable(table) : say("screen.organisation")), open.map(({ name }) => h("th", { scope: "col" }, say(`decision.${name}.label`))))),
      h("tbody", null, teams.filter((team) => team.table === table).map((team) => h("tr", null,
        h("th", { scope: "row" }, nameOf(team.organisation), team.by === "bot" ? h("span", { class: "muted small" }, ` ${say("screen.choices.robot")}`) : null),
        open.map((decision) => h("td", null, scale(team, decision))))))))),
    ];
  },
  energy() {
    return [h("h1", null, say("screen.energy.title")), waitingOr((tables) => [
      tables.map((table) => h("div", { class: "bar-row", key: String(table.table) }, tableName(table), hours(table.hours, { legend: false }))),
      tables.length ? hoursLegend(tables[0].hours, tables.length === 1) : null,
      h("p", { class: "lead ask" }, say("screen.energy.ask")),
    ])];
  },
  sight() {
    return [h("h1", null, say("screen.sight.title")), waitingOr((tables) => [
      h("div", { class: `small-multiples n${Math.min(3, tables.length)}` }, tables.map((table) => h("section", { key: String(table.table) }, tableName(table),
        seenAndThere(mean(table.sight.seen), mean(table.sight.there)),
        h("p", { class: "muted" }, say("screen.sight.detail", { interventions: table.interventions, incidents: table.incidents }))))),
      h("p", { class: "lead ask" }, say("screen.sight.ask")),
      h("p", { class: "muted small" }, say("screen.sight.note")),
    ])];
  },
  journey() {
    return [h("h1", null, say("screen.journey.title")), debriefOr((debrief) => [
      keyOfTables(debrief.tables),
      bands(debrief.tables, { weeks: snapshot.rounds * WEEKS, upto: 1e9, height: 440, events: debrief.events, names: nameOfTable }),
      h("p", { class: "muted" }, say("screen.journey.detail")),
    ])];
  },
  decision() {
    return [h("h1", null, say("screen.decision.title")), debriefOr((debrief) => [
      debrief.rows.length ? pairs(debrief.rows) : h("p", { class: "lead" }, say("screen.decision.none")),
      h("p", { class: "muted" }, say("screen.decision.detail")),
    ])];
  },
  kinds() {
    return [h("h1", null, say("screen.kinds.title")), debriefOr((debrief) => [pairs(debrief.rows), h("p", { class: "muted" }, say("screen.kinds.detail"))])];
  },
  styles() {
    return [h("h1", null, say("screen.styles.title")), debriefOr((debrief) => [
      h("p", { class: "lead" }, debrief.scores.map(({ table, goal, cost }) => say("screen.styles.played", { table: nameOfTable(table), goal, cost })).join("  ")),
      pairs(debrief.rows),
      h("p", { class: "muted" }, say("screen.styles.detail")),
    ])];
  },
  what_if() {
    return [h("h1", null, say("screen.what_if.title")), debriefOr((debrief) => [
      pairs(debrief.rows),
      h("p", { class: "muted" }, say("screen.what_if.detail")),
    ])];
  },
  questions() {
    return [h("h1", null, say("screen.questions.title")), debriefOr((debrief) => h("ol", { class: "questions" }, debrief.questions.map((words) => h("li", { key: words }, words))))];
  },
  debrief: () => views.journey(),
  closed: () => h("div", { class: "center" }, h("h1", null, say("screen.closed"))),
};

function waitingOr(draw) {
  return snapshot.result ? draw(snapshot.result) : h("p", { class: "lead" }, say("screen.run.computing"));
}

function debriefOr(draw) {
  return snapshot.debrief ? draw(snapshot.debrief) : h("div", { class: "center" }, h("p", { class: "lead" }, say("screen.debrief_computing")), h("div", { class: "pulse", "aria-hidden": "true" }));
}

function tableName(table) {
  return snapshot.tables > 1 ? h("h2", null, nameOfTable(table.table)) : null;
}

// which number and colour of a chart is which table
const badge = (table) => h("i", { class: `badge table-${table % COLOURS}`, "aria-hidden": "true" }, h("b", null, String(table + 1)));

function keyOfTables(tables) {
  const named = tables.filter(({ table }) => snapshot.table_names[table]);
  return tables.length > 1 && named.length ? h("p", { class: "key" }, tables.map(({ table }) => h("span", { key: String(table) }, badge(table), nameOfTable(table)))) : null;
}

function nameOfTable(table) {
  return snapshot.table_names[table] ?? say("shared.table", { table: table + 1 });
}

// half of the year, week by week: queues of everybody, where boards step in, and what happens on the way
function filmView(first) {
  const tables = snapshot.films;
  if (!tables) return h("div", { class: "center" }, h("h1", null, say("screen.run.computing")), h("div", { class: "pulse", "aria-hidden": "true" }));
  const place = `${snapshot.phase} ${snapshot.round}`, pace = (1000 * snapshot.seconds) / WEEKS, last = tables[0].waiting.length - 1;
  if (film.place !== place) film = { place, start: passed() };
  const week = calm ? last : Math.min(last, first + Math.floor((passed() - film.start) / pace));
  const now = snapshot.happened.filter((event) => event.week <= week && event.week > week - 6);
  return [
    h("div", { class: "row apart" },
      h("h1", null, say(first ? "screen.run.title_second" : "screen.run.title"), " ", h("span", { class: "what" }, say("screen.run.what"))),
      h("p", { class: "week number" }, say("screen.run.week", { week: week + 1, weeks: WEEKS }))),
    h("p", { class: "news" }, now.length ? now.map((event) => event.label).join("; ") : "\u00a0"),
    queuesOver(tables, { upto: week, weeks: WEEKS, half: snapshot.parts[0], events: snapshot.happened, height: 190, names: nameOfTable }),
    queues(tables, week),
  ];
}

// the stories of a table: all of them, or with many tables those that changed most
function told(table) {
  const size = (own) => Math.abs(own.waiting - own.waiting_before) + own.returned + 5 * own.interventions;
  return snapshot.tables > MANY ? [...table.organisations].sort((a, b) => size(b) - size(a)).slice(0, 3) : table.organisations;
}

function agreementsList(agreements, all) {
  const shown = agreements.filter((one) => all || one.terms);
  const kept = shown.some((one) => one.state === "kept") && !snapshot.calm && !calm && snapshot.phase === "reveal";
  return h("section", { class: "agreements", key: "agreements" },
    h("ul", { class: shown.length > 12 ? "denser" : shown.length > 3 ? "dense" : "" }, shown.map((one) => h("li", { class: one.state, key: `${one.table} ${one.one} ${one.other}` },
      snapshot.tables > 1 ? h("span", { class: "tag" }, nameOfTable(one.table)) : null, " ", agreed(shown.length > 12 ? { ...one, terms: null } : one, TERMS, nameOf)))),
    kept ? h("p", { class: "applause", "aria-hidden": "true" }, say("screen.agreements.applause")) : null);
}

function tablesOf(teams) {
  return [...new Set(teams.map((team) => team.table))];
}

function nameOf(id) {
  return snapshot.organisations.find((part) => part.id === id)?.name ?? id;
}

function mean(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

// organisations by tables, one cell per team
function grid(teams, tell) {
  const tables = tablesOf(teams);
  return h("table", { class: `teams t${Math.min(4, tables.length)}` },
    snapshot.tables > 1 ? h("thead", null, h("tr", null, h("td"), tables.map((table) => h("th", { scope: "col" }, nameOfTable(table))))) : null,
    h("tbody", null, snapshot.organisations.map(({ id, name }) => h("tr", { key: id }, h("th", { scope: "row" }, name), tables.map((table) => {
      const team = teams.find((other) => other.table === table && other.organisation === id);
      const { kind, words, sign } = tell(team);
      return h("td", null, h("span", { class: `state ${kind}` }, h("i", { "aria-hidden": "true" }, sign), " ", h("span", { class: "words" }, words)));
    })))));
}

function seating() {
  const people = (table, id) => snapshot.teams.find((team) => team[0] === table && team[1] === id)?.[2] ?? 0;
  const tables = Array.from({ length: snapshot.tables }, (_, table) => table);
  const present = h("p", { class: "lead" }, say("screen.in", { people: snapshot.people }), snapshot.observers ? ` ${say("screen.watching", { people: snapshot.observers })}` : "");
  if (snapshot.tables > MANY) return h("section", { class: "seating" }, present, h("div", { class: "fill" }, tables.map((table) => h("p", { key: String(table) }, h("b", null, nameOfTable(table)),
    " ", seatsText(snapshot.organisations.map(({ id }) => people(table, id)))))));
  return h("section", { class: "seating" }, present,
    h("table", { class: "teams" },
      h("thead", null, h("tr", null, snapshot.tables > 1 ? h("td") : null, snapshot.organisations.map(({ name }) => h("th", { scope: "col" }, name)))),
      h("tbody", null, tables.map((table) => h("tr", { key: String(table) }, snapshot.tables > 1 ? h("th", { scope: "row" }, nameOfTable(table)) : null,
        snapshot.organisations.map(({ id }) => seats(people(table, id))))))));
}

function seatsText(numbers) {
  const taken = numbers.filter((people) => people > 0).length;
  return h("span", { class: taken === numbers.length ? "state done" : "state" }, say("screen.taken", { taken, all: numbers.length }));
}

function seats(number_) {
  return h("td", null, h("span", { class: `state ${number_ ? "done" : "robot"}`, role: "img", "aria-label": number(number_) }, number_ ? "●".repeat(Math.min(10, number_)) : "○"));
}

// how full each organisation is on average, and where an administrator stepped in, in the one run that is shown
function queues(tables, week) {
  const most = Math.max(1, ...tables.flatMap((table) => table.waiting.flat().map((value) => value ?? 0)));
  const few = tables.slice(0, 6);
  return h("table", { class: `queues q${few.length}` },
    h("thead", null, h("tr", null, h("th", { scope: "col" }, say("screen.run.waiting")), snapshot.organisations.map(({ name }) => h("th", { scope: "col" }, name)))),
    h("tbody", null, few.map((table, number_) => h("tr", { key: String(number_) },
      h("th", { scope: "row" }, snapshot.tables > 1 ? [badge(number_), nameOfTable(number_)] : ""),
      table.organisations.map((id, place) => {
        const waiting = table.waiting[week]?.[place] ?? 0, before = table.waiting[0]?.[place] ?? 0;
        const stepped = table.intervened.slice(Math.max(0, week - 1), week + 1).some((row) => row[place]);
        return h("td", { key: id, class: stepped ? "stepped" : "" },
          h("span", { class: "queue" }, h("i", { style: { [tables.length > MANY ? "width" : "height"]: `${Math.round((100 * waiting) / most)}%` } })),
          h("b", { class: "number" }, say("shared.story.from_to", { before: Math.round(before), after: Math.round(waiting) })),
          h("span", { class: "flag" }, stepped ? say("screen.run.stepped_in") : ""));
      })))));
}

// a decision as a row of dots from least to most, with what was changed halfway
function scale(team, decision) {
  const step = team.steps[decision.name], after = team.changed[decision.name];
  const label = (place) => say(`decision.${decision.name}.step.${decision.steps[place]}.label`);
  const words = after === undefined ? label(step) : `${label(step)} → ${label(after)}`;
  return h("span", { class: "scale", role: "img", "aria-label": words },
    h("span", { class: "dots", "aria-hidden": "true" }, decision.steps.map((_, place) => h("i", { class: place === step ? "on" : place === after ? "on later" : "" }))),
    h("span", { class: "small", "aria-hidden": "true" }, words));
}
