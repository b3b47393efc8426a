// The facilitator's page: where the workshop is, what comes next, who is in and who is waited for.

import { h, render } from "./dom.js";
import { Link } from "./link.js";
import { agreementsPanel, choicesPanel, doorPanel, peoplePanel } from "./panels.js";
import { alarm, announce, data, news, number, say, secondsLeft, timer } from "./shared.js";

const root = document.getElementById("page");
const local = { place: "", open: "", deleting: "", message: "" };
let snapshot = null;

const link = new Link(data, draw, { failure: say("control.not_sent") });
const act = (action) => link.act(action);
setInterval(() => snapshot && !link.gone && draw(), 500);

function draw() {
  if (link.gone) return void render(root, h("div", { class: "card alone" }, h("h1", null, say("control.gone")), h("a", { class: "button main", href: "/" }, say("control.to_start"))));
  snapshot = link.snapshot;
  if (!snapshot) return void render(root, h("p", { class: "muted alone" }, say("control.connecting")));
  const place = `${snapshot.phase} ${snapshot.round}`;
  if (local.place && local.place !== place) Object.assign(local, { open: "", message: "" }), (link.problem = "");
  local.place = place;
  const tools = { snapshot, act, local, draw, data };
  render(root, head(), h("div", { class: "columns", key: "columns" },
    h("div", { class: "first" }, alarm(link.problem), now(), steps(), script(), h("div", { key: snapshot.phase }, detail(tools))),
    h("aside", { class: "second" }, broadcast(), invite(), doorPanel(tools), peoplePanel(tools), keeping())));
}

function head() {
  return h("header", { key: "head" },
    h("div", null, h("strong", null, snapshot.title), h("span", { class: "muted" }, ` ${snapshot.chain}`)),
    h("div", { class: "row" },
      link.status === "away" ? h("span", { class: "tag warn", role: "status" }, say("control.away")) : null,
      data.start ? h("a", { class: "button", href: `/${data.query}` }, say("control.start_page")) : null,
      h("a", { class: "button", href: `${data.base}/screen`, target: "ketensim-screen" }, say("control.screen"))));
}

// the journey as a line: where we are
function steps() {
  const names = ["lobby", ...Array.from({ length: snapshot.rounds }, (_, round) => `round ${round}`), "debrief"];
  const here = snapshot.phase === "lobby" ? "lobby" : ["debrief", "closed"].includes(snapshot.phase) ? "debrief" : `round ${snapshot.round}`;
  const place = names.indexOf(here);
  return h("ol", { class: "journey", key: "journey" }, names.map((name, number) => h("li", {
    class: number < place ? "past" : number === place ? "here" : "", "aria-current": number === place ? "step" : null },
    name.startsWith("round") ? say("control.round", { round: Number(name.slice(6)) + 1 }) : say(`shared.phase.${name}`))));
}

function now() {
  const { phase, round, rounds } = snapshot;
  const last = phase === "reveal" && round === rounds - 1;
  const forward = last ? "reveal_last" : phase;
  const stuck = ["run", "second"].includes(phase) && !snapshot.computed;
  const where = ["lobby", "debrief", "closed"].includes(phase) ? say(`shared.phase.${phase}`) : say("control.where", { round: round + 1, rounds, phase: say(`shared.phase.${phase}`) });
  const here = { phase, round };
  return h("section", { class: "card now", key: "now" },
    h("div", { class: "row apart" }, h("h1", null, where), secondsLeft(snapshot, link) === null ? null : timer(snapshot, link)),
    progress(),
    phase === "closed" ? null : h("button", { class: "main large", disabled: link.busy || stuck, onclick: () => (phase !== "debrief" || confirm(say("control.close_sure"))) && act({ do: "on", ...here }) }, stuck ? say("control.computing") : say(`control.on.${forward}`)),
    h("p", { class: "hint center" }, consequence()),
    phase === "closed" || phase === "lobby" ? null : h("div", { class: "row tools" },
      snapshot.paused ? h("button", { onclick: () => act({ do: "resume" }) }, say("control.resume")) : h("button", { onclick: () => act({ do: "pause" }) }, say("control.pause")),
      snapshot.deadline === null ? null : h("button", { onclick: () => act({ do: "extend", seconds: 60 }) }, say("control.extend")),
      phase !== "closed" ? h("button", { onclick: () => act({ do: "back", ...here }) }, say("control.back")) : null));
}

function progress() {
  const all = snapshot.people.length;
  if (snapshot.phase === "predict") {
    const done = all - snapshot.not_predicted.length;
    return meter(done, all, say("control.predicted", { done, all }));
  }
  if (snapshot.phase === "decide") {
    const teams = snapshot.teams.filter((team) => team.people).length;
    return meter(teams - snapshot.waiting.length, teams, say("control.decided", { done: teams - snapshot.waiting.length, all: teams }));
  }
  if (snapshot.phase === "lobby") return h("p", { class: "lead" }, say("control.joined", { people: all, places: snapshot.teams.length * snapshot.team_size }));
  return null;
}

function meter(done, all, words) {
  return h("div", { class: "progress" }, h("p", null, words), h("progress", { max: Math.max(1, all), value: done, "aria-label": words }));
}

function consequence() {
  if (snapshot.phase === "decide" && snapshot.waiting.length) return say("control.without", { teams: snapshot.waiting.length });
  if (snapshot.phase === "predict" && snapshot.not_predicted.length) return say("control.without_people", { people: snapshot.not_predicted.length });
  return say(`control.then.${snapshot.phase}`);
}

function script() {
  const key = ["predict", "decide"].includes(snapshot.phase) && snapshot.round === 0 ? `${snapshot.phase}_first` : snapshot.phase;
  return h("details", { class: "card script", key: "script", open: true },
    h("summary", null, say("control.script")),
    h("p", { class: "say" }, say(`script.${key}.say`)),
    news(snapshot, "say"),
    h("p", { class: "muted small" }, say(`script.${key}.do`)),
    snapshot.surprise?.length ? h("p", { class: "muted small" }, say("control.surprise", { what: snapshot.surprise.join("; ") })) : null);
}

function detail(tools) {
  const { phase } = snapshot;
  if (phase === "lobby") return h("section", { class: "card" }, h("h2", null, say("control.prepare")), h("div", { class: "row" }, download("handout", "handout")), h("p", { class: "hint" }, say("control.prepare_help")));
  if (["decide", "run", "moment", "second"].includes(phase)) return [choicesPanel(tools), agreementsPanel(tools)];
  if (phase === "reveal" || phase === "debrief" || phase === "closed") return phase === "reveal" ? [pages(), outcomes(), choicesPanel(tools), agreementsPanel(tools)] : [pages(), whatIf(), downloads()];
  return null;
}

function pages() {
  const place = snapshot.slides.indexOf(snapshot.slide);
  const turn = (name) => act({ do: "slide", slide: name });
  return h("section", { class: "card" },
    h("h2", null, say("control.slides")),
    snapshot.phase !== "reveal" && !snapshot.debriefed ? h("p", { class: "muted" }, say("control.debriefing")) : null,
    h("div", { class: "slides", role: "group", "aria-label": say("control.slides") }, snapshot.slides.map((name, number_) =>
      h("button", { key: name, class: name === snapshot.slide ? "chosen" : "", "aria-pressed": String(name === snapshot.slide), onclick: () => turn(name) }, `${number_ + 1}. ${say(`control.slide.${name}`)}`))),
    h("p", { class: "say small" }, say(`control.ask.${snapshot.slide}`)),
    place < snapshot.slides.length - 1 ? h("button", { class: "main", onclick: () => turn(snapshot.slides[place + 1]) }, say("control.next_slide")) : null,
    snapshot.screens ? null : h("p", { class: "hint" }, say("control.no_screen")));
}

function outcomes() {
  if (!snapshot.outcome) return null;
  return h("section", { class: "card" }, h("h2", null, say("control.outcome")),
    h("table", null,
      h("thead", null, h("tr", null, ["table", "expected", "goal", "cost", "waiting"].map((name) => h("th", { scope: "col" }, say(`control.column.${name}`))))),
      h("tbody", null, snapshot.outcome.map(({ table, goal, cost, expected, waiting_before: before, waiting }) => h("tr", null,
        h("th", { scope: "row" }, snapshot.table_names[table] ?? number(table + 1)), h("td", null, expected === null ? "–" : number(expected)),
        h("td", null, h("b", null, goal.mean === null ? "–" : number(goal.mean, 1)), " ", h("span", { class: "muted small" }, `(${number(goal.low)}–${number(goal.high)})`)),
        h("td", null, cost.mean === null ? "–" : `€ ${number(cost.mean)}`), h("td", null, `${number(before)} → ${number(waiting)}`))))));
}

function whatIf() {
  if (!snapshot.played) return null;
  const send = (event) => {
    event.preventDefault();
    const form = event.target.elements;
    act({ do: "replay", table: Number(form.table.value), round: Number(form.from.value), organisation: form.organisation.value, other: form.other.value });
  };
  const choice = (name, label, options) => h("div", { class: "field" }, h("label", { for: `what-${name}` }, label), h("select", { id: `what-${name}`, name }, options));
  return h("section", { class: "card", key: "what-if" },
    h("h2", null, say("control.what_if.title")), h("p", { class: "muted" }, say("control.what_if.help")),
    h("form", { class: "grid wide", onsubmit: send },
      snapshot.tables > 1 ? choice("table", say("control.column.table"), Array.from({ length: snapshot.tables }, (_, table) => h("option", { value: table }, number(table + 1)))) : h("input", { type: "hidden", name: "table", value: 0 }),
      choice("from", say("control.what_if.from"), Array.from({ length: snapshot.played }, (_, round) => h("option", { value: round }, say("control.round", { round: round + 1 })))),
      choice("organisation", say("control.what_if.who"), [h("option", { value: "" }, say("control.what_if.everybody")), snapshot.organisations.map(({ id, name: label }) => h("option", { value: id }, label))]),
      choice("other", say("control.what_if.other"), data.other_choices.map((name) => h("option", { value: name }, say(`control.what_if.choice.${name}`)))),
      h("button", { class: "main", type: "submit", disabled: link.busy }, say("control.what_if.button"))),
    snapshot.replays.map((words) => h("p", { key: words, class: "replayed" }, words)),
    snapshot.replaying ? h("p", { class: "muted", role: "status" }, say("control.what_if.busy")) : null);
}

function downloads() {
  const lines = [["report", "report"], ["decisions.csv", "decisions"], ["outcomes.csv", "outcomes"], ["agreements.csv", "agreements"], ["tables.xlsx", "tables"], ["handout", "handout"]];
  return h("section", { class: "card" }, h("h2", null, say("control.downloads")), h("div", { class: "row" }, lines.map(([file, name]) => download(file, name))));
}

function download(file, name) {
  return h("a", { class: "button", href: `${data.base}/${file}${data.query}`, target: "_blank" }, say(`control.download.${name}`));
}

function invite() {
  const address = snapshot.join;
  return h("section", { class: "card invite", key: "invite" },
    h("img", { src: `${data.base}/qr.svg`, alt: say("control.qr", { address }) }),
    h("div", null, h("p", { class: "code" }, snapshot.code), h("p", { class: "small" }, say("control.address"), h("br"), h("b", null, address.replace(/^https?:\/\//, "")))));
}

function broadcast() {
  const send = (event) => {
    event.preventDefault();
    act({ do: "tell", message: local.message.trim() }).then(({ ok }) => ok && announce(say("control.told")));
  };
  return h("section", { class: "card", key: "broadcast" },
    h("h2", null, say("control.tell")),
    snapshot.message ? h("p", { class: "notice" }, snapshot.message, " ", h("button", { class: "quietly", onclick: () => ((local.message = ""), act({ do: "tell", message: "" })) }, say("control.untell"))) : null,
    h("form", { onsubmit: send },
      h("label", { for: "message", class: "hidden" }, say("control.tell")),
      h("textarea", { id: "message", maxlength: data.message_length, rows: 2, value: local.message, oninput: (event) => (local.message = event.target.value) }),
      h("button", { type: "submit", disabled: link.busy }, say("control.send"))));
}

function keeping() {
  const date = new Date(snapshot.delete_at * 1000).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric" });
  const remove = (event) => {
    event.preventDefault();
    act({ do: "delete", code: local.deleting });
  };
  return h("details", { class: "card", key: "keeping" },
    h("summary", null, say("control.keeping")),
    h("p", null, say("control.kept_until", { date })),
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: snapshot.calm, onchange: (event) => act({ do: "calm", calm: event.target.checked }) }), " ", say("control.calm")),
    snapshot.phase === "lobby" || snapshot.phase === "closed" || snapshot.phase === "debrief" ? null : h("p", null, h("button", { onclick: () => confirm(say("control.close_sure")) && act({ do: "close" }) }, say("control.close"))),
    h("form", { onsubmit: remove },
      h("label", { for: "deleting" }, say("control.delete_label", { code: snapshot.code })),
      h("div", { class: "row nowrap" },
        h("input", { type: "text", id: "deleting", autocomplete: "off", maxlength: 12, value: local.deleting, oninput: (event) => { local.deleting = event.target.value; draw(); } }),
        h("button", { class: "danger", type: "submit", disabled: local.deleting.trim().toUpperCase() !== snapshot.code }, say("control.delete")))));
}
