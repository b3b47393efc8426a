// A participant's page: draws the newest snapshot, sends what is chosen at once.

import { h, render } from "./dom.js";
import { Link } from "./link.js";
import { alarm, announce, data, hours, news, number, percent, say, seenAndThere, strip, timer, toHeading } from "./shared.js";

const root = document.getElementById("page");
const local = { place: "", share: null, steps: {} };
const LAST = 2; // seconds before the end in which a prediction that was not recorded is recorded
let snapshot = null;

const link = new Link(data, draw, { drawn: resend, failure: say("phone.not_sent") });
const act = (action) => link.act(action);
setInterval(() => {
  if (!snapshot || link.gone || snapshot.deadline === null) return;
  const left = snapshot.paused ? Infinity : link.until(snapshot.deadline);
  if (snapshot.phase === "predict" && left > 0 && left < LAST && unsaved() && !link.busy) act({ do: "predict", share: local.share, round: snapshot.round });
  draw();
}, 500);

function draw() {
  if (link.gone) return void render(root, gone());
  snapshot = link.snapshot;
  if (!snapshot) return void render(root, h("p", { class: "muted waiting" }, say("phone.connecting")));
  const place = `${snapshot.phase} ${snapshot.round}`;
  const moved = local.place !== "" && local.place !== place;
  if (moved) link.problem = "";
  if (local.place !== place) Object.assign(local, { place, share: null, steps: {} });
  render(root, top(), h("div", { class: "body", key: place }, message(), alarm(link.problem), views[snapshot.phase](), ownPlace()));
  if (moved) {
    toHeading(root);
    announce(root.querySelector("h1")?.textContent ?? "");
  }
}

function top() {
  const me = snapshot.me;
  const where = me.tables > 1 ? say("shared.table", { table: me.table + 1 }) : "";
  const round = snapshot.phase === "lobby" || snapshot.phase === "closed" ? "" : say("shared.round", { round: snapshot.round + 1, rounds: snapshot.rounds });
  return [
    h("header", { class: "top", key: "top" },
      h("div", null,
        h("strong", null, me.organisation || say(`shared.role.${me.role}`)),
        h("span", { class: "small" }, [me.role !== "team" && me.organisation ? say(`shared.role.${me.role}`) : "", where, round].filter(Boolean).join(" · "))),
      ["predict", "decide"].includes(snapshot.phase) || snapshot.paused ? timer(snapshot, link) : null),
    link.status === "away" ? h("p", { class: "away", key: "away", role: "status" }, say("phone.away")) : null,
  ];
}

function message() {
  return snapshot.message ? h("p", { class: "notice", key: "message", role: "status" }, h("b", null, say("phone.message")), " ", snapshot.message) : null;
}

const views = {
  lobby() {
    return [
      h("h1", null, snapshot.title),
      h("p", { class: "lead" }, say(`phone.you_are.${snapshot.me.role}`, { organisation: snapshot.me.organisation })),
      about(),
      h("section", { class: "card" }, h("h2", null, snapshot.chain), h("p", null, snapshot.summary)),
      h("p", { class: "waiting" }, say("phone.starts_soon")),
    ];
  },
  predict: predict,
  decide: decide,
  run() {
    return [
      h("h1", null, say("phone.run.title")),
      h("p", { class: "lead" }, say("phone.run.look")),
      h("div", { class: "halfyear", "aria-hidden": "true" }, Array.from({ length: data.weeks }, () => h("i"))),
      h("p", { class: "muted" }, say(`phone.run.${snapshot.me.role}`)),
    ];
  },
  reveal() {
    return [h("h1", null, say("phone.reveal.title")), outcome(snapshot.last), h("p", { class: "waiting" }, say("phone.reveal.talk"))];
  },
  debrief() {
    return [h("h1", null, say("phone.debrief.title")), h("p", { class: "lead" }, say("phone.debrief.look")), takeAway(), outcome(snapshot.last)];
  },
  closed() {
    return [h("h1", null, say("phone.closed.title")), h("p", { class: "lead" }, say("phone.closed.thanks")), takeAway()];
  },
};

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
    snapshot.last && snapshot.last.goal.mean !== null ? h("p", { class: "muted" }, say("phone.predict.before", { goal: snapshot.last.goal.mean / 100 })) : null,
    h("section", { class: "card predict" },
      h("p", { class: "big number", "aria-hidden": "true" }, `${number(share)}%`),
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
  const { open, advice, final, given, ...team } = snapshot.decide;
  const role = snapshot.me.role;
  if (role === "observer") return observe(open);
  const steps = { ...team.steps, ...local.steps };
  const closed = over();
  const locked = closed || final;
  return [
    h("h1", null, say(`phone.decide.title_${role}`, { organisation: snapshot.me.organisation })),
    final ? h("p", { class: "notice", role: "status" }, say("phone.decide.final")) : snapshot.paused ? h("p", { class: "notice", role: "status" }, say("phone.paused")) : closed ? h("p", { class: "notice", role: "status" }, say("phone.decide.closed")) : h("p", null, say(`phone.decide.intro_${role}`)),
    news(snapshot, "notice"),
    ownResult(),
    open.map((decision) => question(decision, steps[decision.name], locked, advice ?? [])),
    locked ? null : role === "team" ? h("div", { class: "bar", key: "bar" },
      h("p", { class: "small" }, link.busy || Object.keys(local.steps).length ? say("phone.sending") : say("phone.decide.kept")),
      h("button", { class: "main large", disabled: link.busy, onclick: () => act({ do: "choose", steps: ofOpen(steps), final: true, round: snapshot.round }) }, say("phone.decide.button"))) :
      h("p", { class: "saved" }, given ? say("phone.decide.advice_given") : say("phone.decide.advice_none")),
  ];

  function ofOpen(all) {
    return Object.fromEntries(open.map(({ name }) => [name, all[name]]));
  }
}

function question(decision, chosen, locked, advice) {
  const name = decision.name;
  const counts = decision.steps.map((_, place) => advice.filter((steps) => steps[name] === place).length);
  return h("fieldset", { class: "card question", key: `question ${name}`, disabled: locked },
    h("legend", null, say(`decision.${name}.label`)),
    h("p", null, say(`decision.${name}.question`)),
    decision.steps.map((step, place) => h("label", { class: "step", key: step },
      h("input", { type: "radio", name, value: place, checked: place === chosen, onchange: () => choose(name, place) }),
      h("span", null,
        h("b", null, say(`decision.${name}.step.${step}.label`)),
        h("span", { class: "hint" }, say(`decision.${name}.step.${step}.means`)),
        counts[place] ? h("span", { class: "tag" }, say("phone.decide.advised", { count: counts[place] })) : null))));
}

async function choose(name, place) {
  local.steps = { ...local.steps, [name]: place };
  const answer = await act({ do: "choose", steps: { [name]: place }, final: false, round: snapshot.round });
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

function ownResult() {
  const last = snapshot.last;
  if (!last || !last.own) return null;
  return h("details", { class: "own" }, h("summary", null, say("phone.own.title")), facts(last), hours(last.own.hours));
}

function facts(last) {
  const own = last.own;
  const fact = (name, value) => [h("dt", null, say(`phone.own.${name}`)), h("dd", null, value)];
  return h("dl", { class: "facts" },
    fact("waiting", say("phone.own.from_to", { before: number(own.waiting_before), after: number(own.waiting) })),
    fact("returned", number(own.returned)),
    fact("trust", percent(own.trust)),
    fact("interventions", number(own.interventions, 1)));
}

function outcome(last) {
  if (!last) return h("p", { class: "muted" }, say("phone.reveal.computing"));
  const mine = last.prediction;
  const off = mine === null || last.goal.mean === null ? null : Math.round(mine - last.goal.mean);
  return [
    h("section", { class: "card" },
      h("h2", null, say("phone.reveal.goal")),
      h("p", { class: "big number" }, last.goal.mean === null ? "–" : `${number(last.goal.mean)}%`),
      h("p", null, say("phone.reveal.range", { low: last.goal.low, high: last.goal.high })),
      strip({ mine, expected: last.expected, goal: last.goal }),
      off === null ? null : h("p", null, Math.abs(off) <= 3 ? say("phone.reveal.right", { mine }) : say(off > 0 ? "phone.reveal.too_high" : "phone.reveal.too_low", { mine, off: Math.abs(off) }))),
    last.own ? h("section", { class: "card" }, h("h2", null, say("phone.own.of", { organisation: snapshot.me.organisation })), facts(last), hours(last.own.hours, { title: say("phone.own.hours") })) :
      h("section", { class: "card" }, h("h2", null, say("phone.own.chain_hours")), hours(last.hours)),
    h("section", { class: "card" }, h("h2", null, say("phone.sight.title")), seenAndThere(last.sight.seen, last.sight.there),
      h("p", { class: "muted small" }, say("phone.sight.note")),
      h("p", { class: "muted small" }, last.sight.most_mistaken ? say("phone.sight.most", { organisation: last.sight.most_mistaken }) : "")),
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
