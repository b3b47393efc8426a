// Deciding on a phone: one question per screen, and the one thing that may be changed in the middle of the year.

import { partnersList, waitsForUs } from "./dealing.js";
import { h } from "./dom.js";
import { news, say } from "./shared.js";
import { story } from "./stories.js";

/** The screen that is open: partners first, then one question at a time, then what was chosen. */
export function decideScreen(tools) {
  const { snapshot, local } = tools;
  const { open, partners = [], final } = snapshot.decide;
  const screens = [...(partners.length ? ["partners"] : []), ...open.map(({ name }) => name), "ready"];
  const place = final ? screens.length - 1 : Math.min(local.screen ?? 0, screens.length - 1);
  const name = screens[place];
  const turn = (step) => { local.screen = place + step; local.partner = ""; tools.draw(); scrollTo({ top: 0 }); };
  const asked = waitsForUs(partners);
  return [
    asked && name !== "partners" && !final ? h("button", { class: "notice link", onclick: () => turn(-place) }, say("phone.deal.asked", { partners: asked })) : null,
    name === "partners" ? partnersScreen(tools, partners) : name === "ready" ? readyScreen(tools) : questionScreen(tools, open.find((one) => one.name === name)),
    final ? null : h("div", { class: "bar", key: "bar" },
      h("div", { class: "row apart nowrap" },
        place > 0 ? h("button", { onclick: () => turn(-1) }, say("phone.decide.back")) : h("span", null),
        h("span", { class: "muted small" }, say("phone.decide.where", { number: place + 1, all: screens.length })),
        place < screens.length - 1 ? h("button", { class: "main", onclick: () => turn(1) }, say("phone.decide.next")) : h("span", null)),
      name === "ready" ? readyButton(tools) : null),
  ];
}

function partnersScreen(tools, partners) {
  const { snapshot, data } = tools;
  return [
    h("h1", null, say("phone.deal.title")),
    h("p", { class: "muted" }, say("phone.deal.intro")),
    partnersList({ ...tools, partners, terms: data.terms, round: snapshot.round, locked: tools.locked }),
  ];
}

function questionScreen(tools, decision) {
  const { snapshot } = tools, last = snapshot.last?.own;
  return [
    news(snapshot, "notice"),
    last ? h("p", { class: "story small" }, say("phone.decide.last_year"), " ", story(last)) : null,
    question(decision, tools),
  ];
}

/** One question with its answers. */
export function question(decision, { snapshot, local, locked, choose }) {
  const { advice = [], steps } = snapshot.decide, { name } = decision;
  const chosen = { ...steps, ...local.steps }[name];
  const counts = decision.steps.map((_, place) => advice.filter((given) => given[name] === place).length);
  return h("fieldset", { class: "card question", key: `question ${name}`, disabled: locked },
    h("legend", null, h("h1", null, say(`decision.${name}.question`))),
    decision.steps.map((step, place) => answer(`${name}`, step, place, place === chosen, () => choose(name, place), counts[place])),
    h("p", { class: "hint" }, say(`decision.${name}.help`)));
}

function answer(name, step, place, checked, pick, advised = 0) {
  return h("label", { class: "step", key: step },
    h("input", { type: "radio", name, value: place, checked, onchange: pick }),
    h("span", null,
      h("b", null, say(`decision.${name}.step.${step}.label`)),
      h("span", { class: "hint" }, say(`decision.${name}.step.${step}.means`)),
      advised ? h("span", { class: "tag" }, say("phone.decide.advised", { count: advised })) : null));
}

function readyScreen({ snapshot, local, locked, data }) {
  const { open, final, partners = [] } = snapshot.decide, steps = { ...snapshot.decide.steps, ...local.steps };
  const deals = partners.filter((partner) => partner.terms);
  return [
    h("h1", null, say(final ? "phone.decide.done" : "phone.decide.check")),
    final ? h("p", { class: "notice", role: "status" }, say("phone.decide.final")) : locked ? null : h("p", { class: "muted" }, say("phone.decide.kept")),
    h("dl", { class: "card facts" },
      open.map(({ name, steps: names }) => [h("dt", null, say(`decision.${name}.label`)), h("dd", null, say(`decision.${name}.step.${names[steps[name]]}.label`))]),
      data.terms && partners.length ? [h("dt", null, say("phone.deal.label")), h("dd", null, deals.length ? deals.map((partner) => partner.name).join(", ") : say("phone.deal.none"))] : null),
  ];
}

function readyButton({ snapshot, local, locked, busy, act, link }) {
  const { open, final, wanted, wanted_until: until, mates } = snapshot.decide;
  if (final || locked) return null;
  const steps = { ...snapshot.decide.steps, ...local.steps };
  const left = Math.max(0, Math.ceil(link.until(until)));
  const send = () => act({ do: "choose", steps: Object.fromEntries(open.map(({ name }) => [name, steps[name]])), final: true, round: snapshot.round });
  if (wanted === "me") return h("p", { class: "waiting", role: "status" }, say("phone.decide.waits", { seconds: left }));
  return [
    wanted === "mate" ? h("p", { class: "small", role: "status" }, say("phone.decide.mate_ready", { seconds: left })) : null,
    h("button", { class: "main large", disabled: busy, onclick: send }, say(wanted === "mate" ? "phone.decide.agree" : mates ? "phone.decide.button_team" : "phone.decide.button")),
  ];
}

/** Choose the one thing that is changed in the middle of the year. */
export function changeOne(tools) {
  const { snapshot, local, locked, act, draw } = tools;
  const { open, steps, changed } = snapshot.moment;
  const [name] = Object.keys(changed);
  const now = { ...steps, ...changed };
  const picked = local.change ?? name ?? "";
  const decision = open.find((one) => one.name === picked);
  const send = (step) => act({ do: "change", decision: picked, step, round: snapshot.round });
  return h("section", { class: "card" },
    h("h2", null, say("phone.moment.change")),
    h("p", { class: "muted small" }, say("phone.moment.change_help")),
    h("div", { class: "row chips", role: "group", "aria-label": say("phone.moment.change") }, open.map((one) =>
      h("button", { class: one.name === picked ? "chosen" : "", "aria-pressed": String(one.name === picked), disabled: locked, onclick: () => { local.change = one.name === picked ? "" : one.name; draw(); } }, say(`decision.${one.name}.label`)))),
    decision ? h("fieldset", { class: "question", disabled: locked, key: `change ${picked}` },
      h("legend", { class: "hidden" }, say(`decision.${picked}.label`)),
      decision.steps.map((step, place) => answer(picked, step, place, place === now[picked], () => send(place)))) : null,
    name ? h("p", { class: "saved", role: "status" }, say("phone.moment.changed", { what: say(`decision.${name}.label`), step: say(`decision.${name}.step.${open.find((one) => one.name === name).steps[changed[name]]}.label`) })) :
      h("p", { class: "muted" }, say("phone.moment.unchanged")));
}

