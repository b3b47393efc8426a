// A participant's page: draws the newest snapshot, sends what is chosen at once.

import { changeOne, decideScreen, question } from "./deciding.js";
import { keptOrBroken } from "./dealing.js";
import { h, render } from "./dom.js";
import { Link, passed } from "./link.js";
import { alarm, announce, data, hours, news, number, percent, say, seenAndThere, strip, timer, toHeading } from "./shared.js";
import { agreed, hundred, queueLine, scores, story } from "./stories.js";

const root = document.getElementById("page");
const local = { place: "", share: null, steps: {}, screen: 0, partner: "", terms: null };
const LAST = 2; // seconds before the end in which a prediction that was not recorded is recorded
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let snapshot = null, told = "", film = { place: "", start: 0 };

const link = new Link(data, draw, { drawn: resend, failure: say("phone.not_sent") });
const act = (action, wanted) => link.act(action, wanted);
draw(); // that it is connecting, which on a slow network takes some seconds
setInterval(() => {
  if (!snapshot || link.gone || (snapshot.deadline === null && !snapshot.film)) return;
  const left = snapshot.paused || snapshot.deadline === null ? Infinity : link.until(snapshot.deadline);
  if (snapshot.phase === "predict" && left > 0 && left < LAST && unsaved() && !link.busy) act({ do: "predict", share: local.share, round: snapshot.round });
  draw();
}, 500);

function draw() {
  if (link.gone) return void render(root, gone());
  snapshot = link.snapshot;
  if (!snapshot) return void render(root, h("p", { class: "muted waiting" }, say("phone.connecting")));
  if (snapshot.at_the_door) return void render(root, h("div", { class: "body" }, h("h1", null, say("phone.door.title")), h("p", { class: "lead waiting" }, say("phone.door.wait"))));
  const place = `${snapshot.phase} ${snapshot.round}`;
  const moved = local.place !== "" && local.place !== place;
  if (moved) link.problem = "";
  if (local.place !== place) Object.assign(local, { place, share: null, steps: {}, screen: 0, partner: "", change: undefined });
  if (moved && snapshot.phase === "moment") buzz([80, 60, 80]);
  if (snapshot.message && snapshot.message !== told) buzz(200);
  told = snapshot.message;
  render(root, top(), h("div", { class: "body", key: place }, alarm(link.problem), views[snapshot.phase](), ownPlace()));
  if (moved) {
    toHeading(root);
    announce(root.querySelector("h1")?.textContent ?? "");
  }
}

// where a phone can and a person has not asked for calm
function buzz(pattern) {
  if (!calm && navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate(pattern);
}

function top() {
  const me = snapshot.me;
  const where = me.tables > 1 || snapshot.table_names[me.table] ? tableName(me.table) : "";
  const round = snapshot.phase === "lobby" || snapshot.phase === "closed" ? "" : say("shared.round", { round: snapshot.round + 1, rounds: snapshot.rounds });
  return h("div", { class: "pinned", key: "top" },
    h("header", { class: "top" },
      h("div", null,
        h("strong", null, me.organisation || say(`shared.role.${me.role}`)),
        h("span", { class: "small" }, [me.role !== "team" && me.organisation ? say(`shared.role.${me.role}`) : "", where, round].filter(Boolean).join(" · "))),
      ["predict", "decide", "moment"].includes(snapshot.phase) || snapshot.paused ? timer(snapshot, link) : null),
    link.status === "away" ? h("p", { class: "away", role: "status" }, say("phone.away")) : null,
    snapshot.message ? h("p", { class: "message", role: "status" }, h("b", null, say("phone.message")), " ", snapshot.message) : null);
}

const tableName = (table) => snapshot.table_names[table] ?? say("shared.table", { table: table + 1 });

function tools() {
  return { snapshot, local, act, draw, choose, data, link, busy: link.busy, locked: over() || snapshot.decide?.final };
}

const views = {
  lobby() {
    return [
      h("h1", null, snapshot.title),
      h("p", { class: "lead" }, say(`phone.you_are.${snapshot.me.role}`, { organisation: snapshot.me.organisation })),
      about(),
      h("section", { class: "card" }, h("h2", null, snapshot.chain), h("p", null, snapshot.summary)),
      tableForm(),
      h("p", { class: "waiting" }, say("phone.starts_soon")),
    ];
  },
  predict,
  decide,
  run: () => filmView("run"),
  moment,
  second: () => filmView("second"),
  reveal() {
    return [outcome(snapshot.last), h("p", { class: "waiting" }, say("phone.reveal.talk"))];
  },
  debrief() {
    return [h("h1", null, say("phone.debrief.title")), h("p", { class: "lead" }, say("phone.debrief.look")), takeAway(), outcome(snapshot.last)];
  },
  closed() {
    return [h("h1", null, say("phone.closed.title")), h("p", { class: "lead" }, say("phone.closed.thanks")), takeAway()];
  },
};

function filmView(half) {
  return [
    h("h1", null, say(`phone.run.title_${half}`)),
    ownQueue(),
    h("p", { class: "lead" }, say("phone.run.look")),
    half === "run" || snapshot.me.role !== "team" ? h("p", { class: "muted" }, say(`phone.run.${snapshot.me.role}`)) : null,
  ];
}

// the own queue, week by week, at the pace of the screen
function ownQueue() {
  const own = snapshot.film;
  if (!own) return h("div", { class: "halfyear", "aria-hidden": "true" }, Array.from({ length: 26 }, () => h("i")));
  const place = `${snapshot.phase} ${snapshot.round}`, known = own.waiting.length, first = snapshot.phase === "second" ? Math.floor(data.weeks / 2) : 0;
  if (film.place !== place) film = { place, start: passed() };
  const week = calm || snapshot.phase === "moment" ? known - 1 : Math.min(known - 1, first + Math.floor((passed() - film.start) / pace()));
  return h("section", { class: "card own" },
    h("h2", null, say("phone.run.queue")),
    queueLine(own.waiting, week, data.weeks),
    h("p", { class: "muted small number" }, say("phone.run.week", { week: week + 1, weeks: data.weeks })),
    week === known - 1 ? h("p", { class: "story" }, story({ ...own, waiting_before: Math.round(own.waiting[0]), waiting: Math.round(own.waiting[week]) })) : null);
}

const pace = () => (1000 * (snapshot.seconds ?? 60)) / data.weeks; // ms that a week takes on the screen

function moment() {
  const team = snapshot.me.role === "team";
  const intro = !team ? "intro_other" : snapshot.moment.partners.length ? "intro" : "intro_alone";
  return [
    h("h1", null, snapshot.tense),
    h("p", { class: "lead" }, say(`phone.moment.${intro}`)),
    snapshot.paused ? h("p", { class: "notice" }, say("phone.paused")) : over() ? h("p", { class: "notice", role: "status" }, say("phone.moment.closed")) : null,
    ownQueue(),
    team ? [keptOrBroken({ ...tools(), partners: snapshot.moment.partners, terms: data.terms, round: snapshot.round }), changeOne(tools())] : null,
  ];
}

function tableForm() {
  const me = snapshot.me;
  const send = (event) => {
    event.preventDefault();
    act({ do: "table", name: event.target.elements.table.value });
  };
  if (me.role === "observer" || (me.tables < 2 && !snapshot.table_names[me.table])) return null;
  return h("form", { class: "card rename", onsubmit: send },
    h("label", { for: "table-name" }, say("phone.table_name")),
    h("div", { class: "row" },
      h("input", { type: "text", id: "table-name", name: "table", maxlength: data.nickname_length, value: snapshot.table_names[me.table] ?? "", placeholder: say("shared.table", { table: me.table + 1 }), autocomplete: "off" }),
      h("button", { type: "submit" }, say("phone.place.save"))));
}

function about() {
  const about = snapshot.about;
  if (!about) return null;
  const fact = (name, value) => (value && value.length !== 0 ? [h("dt", null, say(`phone.about.${name}`)), h("dd", null, value)] : null);
  return h("section", { class: "card" },
    h("h2", null, about.name),
    h("dl", { class: "facts wide" },
      fact("people", number(about.people)),
      fact("answers_to", about.answers_to),
      fact("from", about.from.join(", ") || say("phone.about.outside")),
      fact("to", about.to.join(", ") || say("phone.about.closes"))),
    about.free ? h("p", { class: "hint" }, say("phone.about.free")) : null);
}

function predict() {
  const saved = snapshot.prediction;
  const share = local.share ?? saved ?? 50;
  const choose = (value) => {
    const wanted = Math.min(100, Math.max(0, Math.round(Number(value))));
    if (!Number.isFinite(wanted)) return;
    local.share = wanted;
    draw();
  };
  const closed = over();
  const changed = saved === null || Math.round(saved) !== share;
  return [
    h("h1", null, say("phone.predict.title")),
    snapshot.round === 0 || !snapshot.last ? h("p", { class: "muted" }, say(`phone.you_are.${snapshot.me.role}`, { organisation: snapshot.me.organisation })) : null,
    h("p", null, say("phone.predict.question")),
    news(snapshot, "notice"),
    snapshot.last && snapshot.last.goal.mean !== null ? h("p", { class: "muted" }, say("phone.predict.before", { goal: snapshot.last.goal.mean, cost: snapshot.last.cost.mean })) : null,
    h("section", { class: "card predict" },
      h("p", { class: "big number", "aria-hidden": "true" }, `${number(share)}`),
      h("label", { for: "share" }, say("phone.predict.label")),
      h("input", { type: "range", id: "share", min: 0, max: 100, step: 1, value: share, disabled: closed, "aria-valuetext": `${share}%`, oninput: (event) => choose(event.target.value) }),
      h("div", { class: "row apart ends", "aria-hidden": "true" }, h("span", null, say("phone.predict.none")), h("span", null, say("phone.predict.all"))),
      h("div", { class: "row exact" },
        h("label", { for: "exact" }, say("phone.predict.exact")),
        h("input", { type: "number", id: "exact", min: 0, max: 100, inputmode: "numeric", value: share, disabled: closed, onchange: (event) => choose(event.target.value) }))),
    snapshot.paused ? h("p", { class: "notice" }, say("phone.paused")) : closed ? h("p", { class: "notice" }, saved === null ? say("phone.predict.missed") : say("phone.predict.closed", { share: saved / 100 })) : [
      h("button", { class: "main large", disabled: link.busy || !changed, onclick: () => act({ do: "predict", share, round: snapshot.round }) },
        saved === null ? say("phone.predict.save") : say("phone.predict.change")),
      saved !== null ? h("p", { class: "saved", role: "status" }, say("phone.predict.saved", { share: saved / 100 })) : null,
    ],
  ];
}

function decide() {
  const { role, organisation } = snapshot.me;
  if (role === "observer") return observe(snapshot.decide.open);
  const closed = over();
  const notice = snapshot.paused ? say("phone.paused") : closed && !snapshot.decide.final ? say("phone.decide.closed") : "";
  if (role === "team") return [notice ? h("p", { class: "notice", role: "status" }, notice) : null, decideScreen(tools())];
  return [
    h("h1", null, say("phone.decide.title_mirror", { organisation })),
    h("p", notice ? { class: "notice", role: "status" } : null, notice || say("phone.decide.intro_mirror")),
    snapshot.decide.open.map((decision) => question(decision, tools())),
    h("p", { class: snapshot.decide.given ? "saved" : "muted" }, say(snapshot.decide.given ? "phone.decide.advice_given" : "phone.decide.advice_none")),
  ];
}

async function choose(name, place) {
  local.steps = { ...local.steps, [name]: place };
  const answer = await act({ do: "choose", steps: { [name]: place }, final: false, round: snapshot.round }, () => local.steps[name] === place);
  const answered = answer.ok || Boolean(answer.problem); // taken or refused by the server; the rest goes once more
  if (answered && local.steps[name] === place) delete local.steps[name];
  draw();
}

// what was tapped while the server was away
function resend() {
  if (link.busy || snapshot.phase !== "decide" || over()) return;
  const [first] = Object.entries(local.steps);
  if (first) choose(...first);
}

function unsaved() {
  return local.share !== null && (snapshot.prediction === null || Math.round(snapshot.prediction) !== local.share);
}

function observe(open) {
  return [
    h("h1", null, say("phone.observe.title")),
    h("p", null, say("phone.observe.intro")),
    h("ul", { class: "card watch" }, ["who", "word", "room", "partner"].map((name) => h("li", null, say(`phone.observe.${name}`)))),
    h("section", { class: "card" }, h("h2", null, say("phone.observe.open")),
      open.map(({ name }) => h("p", null, h("b", null, say(`decision.${name}.label`)), ": ", say(`decision.${name}.question`)))),
  ];
}

// the own story first, then the two scores, then all else for who wants to know
function outcome(last) {
  if (!last) return [h("h1", null, say("phone.reveal.title")), h("p", { class: "muted" }, say("phone.reveal.computing"))];
  const mine = last.prediction;
  const off = mine === null || last.goal.mean === null ? null : Math.round(mine - last.goal.mean);
  return [
    last.own ? h("section", { class: "card ownstory" }, h("h1", null, snapshot.me.organisation), h("p", { class: "story large" }, story(last.own)), last.agreements.map((one) => h("p", { class: one.state, key: `${one.one} ${one.other}` }, agreed(one, data.terms)))) :
      h("h1", null, say("phone.reveal.title")),
    h("section", { class: "card" },
      h("h2", null, snapshot.me.tables > 1 ? say("phone.reveal.table", { table: tableName(last.table) }) : say("phone.reveal.chain")),
      scores(last, last.others.length),
      off === null ? null : h("p", null, last.nearest && !snapshot.calm ? h("b", { class: "star" }, "★ ") : null, say(Math.abs(off) <= 3 ? "phone.reveal.right" : off > 0 ? "phone.reveal.too_high" : "phone.reveal.too_low", { mine, off: Math.abs(off) }), last.nearest ? ` ${say("phone.reveal.nearest")}` : ""),
      strip({ mine, expected: last.expected, goal: last.goal }),
      last.others.length ? h("ul", { class: "others small" }, last.others.map((other) => h("li", { key: String(other.table) }, say("phone.reveal.other", { table: tableName(other.table), goal: other.goal.mean, cost: other.cost.mean })))) : null),
    h("section", { class: "card" }, h("h2", null, say("phone.reveal.lost")), hundred(last.lost)),
    h("details", { class: "own" }, h("summary", null, say("phone.reveal.more")),
      hours(last.own ? last.own.hours : last.hours, { title: say(last.own ? "phone.own.hours" : "phone.own.chain_hours") }),
      last.own ? h("p", null, say("phone.own.trust", { before: percent(last.own.trust_before), after: percent(last.own.trust) })) : null,
      h("h3", null, say("phone.sight.title")), seenAndThere(last.sight.seen, last.sight.there),
      h("p", { class: "muted small" }, say("phone.sight.note"), last.sight.most_mistaken ? ` ${say("phone.sight.most", { organisation: last.sight.most_mistaken })}` : "")),
  ];
}

function takeAway() {
  const until = new Date(snapshot.delete_at * 1000).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric" });
  return h("section", { class: "card" },
    h("p", null, say("phone.take.what")),
    h("a", { class: "button main large", href: `${data.base}/takeaway${data.query}`, target: "_blank" }, say("phone.take.button")),
    h("p", { class: "hint" }, say("phone.take.until", { date: until })));
}

function ownPlace() {
  const me = snapshot.me;
  const rename = (event) => {
    event.preventDefault();
    act({ do: "name", nickname: event.target.elements.nickname.value });
  };
  return h("details", { class: "place", key: "place" },
    h("summary", null, say("phone.place.title")),
    h("p", null, me.team.length ? say("phone.place.team", { names: me.team.map((name) => name || say("phone.place.nameless")).join(", ") }) : say("phone.place.alone")),
    h("p", null, say("phone.place.code"), " ", h("b", { class: "code" }, me.rejoin)),
    h("p", { class: "hint" }, say("phone.place.code_help")),
    h("form", { class: "rename", onsubmit: rename },
      h("label", { for: "nickname" }, say("phone.place.nickname")),
      h("div", { class: "row" },
        h("input", { type: "text", id: "nickname", name: "nickname", maxlength: data.nickname_length, value: me.nickname, autocomplete: "off" }),
        h("button", { type: "submit" }, say("phone.place.save")))));
}

function over() {
  return snapshot.paused || (snapshot.deadline !== null && link.until(snapshot.deadline) <= 0);
}

function gone() {
  return h("div", { class: "body" }, h("div", { class: "card" }, h("h1", null, say("phone.gone.title")), h("p", null, say("phone.gone.why")), h("a", { class: "button", href: "/m" }, say("phone.gone.again"))));
}
