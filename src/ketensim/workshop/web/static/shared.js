// What the phone, the control page and the projector have in common: sentences of the catalogue, and parts of a page.

import "./sentences.js";
import { embedded, h } from "./dom.js";

const texts = embedded("texts");
export const data = embedded("data");
export const { number, percent } = globalThis.sentences;

/** The text of a key with its facts; the key itself when there is no such text. */
export function say(key, facts = {}) {
  const text = key.split(".").reduce((part, name) => (part ? part[name] : undefined), texts);
  return typeof text === "string" ? globalThis.sentences.fill(text, facts) : key;
}

const SEEN = 0.004; // share of the hours from which a use is drawn
const WIDE = 0.055; // share of a bar from which a figure fits in it

/** Hundred hours as one bar, with a legend and a text for who does not see it. */
export function hours(shares, { legend = true, title = null } = {}) {
  const uses = present(shares).map(([use, share]) => `${say(`bar.${use}`)} ${number(100 * share)}`).join(", ");
  const bar = h("div", { class: "hours", role: "img", "aria-label": say("shared.hours_told", { told: uses }) }, present(shares).map(([use, share]) =>
    h("i", { class: `use-${use}`, style: { "flex-grow": String(share), "flex-basis": "0" } }, share >= WIDE ? number(100 * share) : null)));
  return [title ? h("h3", null, title) : null, bar, legend ? hoursLegend(shares) : null];
}

/** What the colours of the bar mean. */
export function hoursLegend(shares, figures = true) {
  return h("ul", { class: "legend" }, present(shares).map(([use, share]) =>
    h("li", null, h("i", { class: `use-${use}` }), say(`bar.${use}`), figures ? ` ${number(100 * share)}` : null)));
}

const present = (shares) => Object.entries(shares).filter(([, share]) => share > SEEN);

/** Seconds left on the clock of a snapshot; null when there is no limit. */
export function secondsLeft(snapshot, link) {
  if (snapshot.paused) return snapshot.left;
  return snapshot.deadline === null ? null : Math.max(0, link.until(snapshot.deadline));
}

/** The clock, as text and as how urgent it is. */
export function timer(snapshot, link) {
  const left = secondsLeft(snapshot, link);
  if (left === null) return null;
  if (snapshot.paused) return h("span", { class: "clock paused", key: "clock" }, say("shared.paused"));
  const urgent = left <= 0 ? "clock over" : left < 31 ? "clock soon" : "clock";
  return h("span", { class: urgent, key: "clock", role: "timer" }, left <= 0 ? say("shared.time_up") : minutes(left));
}

function minutes(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Show what a table expected and what came out, on one line from 0 to 100 per cent. */
export function strip({ mine, expected, goal }) {
  const at = (value) => 10 + 3.8 * value;
  const parts = [
    h("line", { class: "axis", x1: at(0), x2: at(100), y1: 44, y2: 44 }),
    [0, 25, 50, 75, 100].map((value) => [
      h("line", { class: "axis", x1: at(value), x2: at(value), y1: 40, y2: 48 }),
      h("text", { x: at(value), y: 64, "text-anchor": "middle" }, String(value)),
    ]),
    goal.low === null ? null : h("rect", { class: "range", x: at(goal.low), width: Math.max(1, at(goal.high) - at(goal.low)), y: 26, height: 36, rx: 4 }),
    goal.mean === null ? null : h("line", { class: "outcome", x1: at(goal.mean), x2: at(goal.mean), y1: 22, y2: 66 }),
    mine === null || mine === undefined ? null : [
      h("line", { class: "mine", x1: at(mine), x2: at(mine), y1: 18, y2: 52 }),
      h("path", { class: "arrow", d: `M${at(mine) - 7} 6 h14 l-7 12 z` }),
    ],
  ];
  const words = say("shared.strip_told", { mine: mine ?? null, mean: goal.mean, low: goal.low, high: goal.high, expected: expected ?? null });
  return h("svg", { class: "chart strip", viewBox: "0 0 400 72", role: "img", "aria-label": words }, parts);
}

/** What administrators believed beside what was there, as two bars. */
export function seenAndThere(seen, there) {
  const row = (name, share, kind) => h("div", { class: "compare" },
    h("span", null, say(`shared.${name}`)),
    h("div", { class: "track" }, h("i", { class: kind, style: { width: `${Math.round(100 * (share ?? 0))}%` } })),
    h("b", { class: "number" }, percent(share)));
  return h("div", { class: "comparison" }, row("seen", seen, "seen"), row("there", there, "there"));
}

/** What happens in this round, as far as it is known beforehand. */
export function news(snapshot, kind) {
  return snapshot.known?.length ? h("p", { class: kind }, say("shared.news", { what: snapshot.known.join("; ") })) : null;
}

/** A line that names what is wrong, for people and for screen readers. */
export function alarm(words) {
  return words ? h("p", { class: "error", role: "alert", key: "alarm" }, words) : null;
}

/** Read a sentence aloud to who uses a screen reader. */
export function announce(words) {
  const place = document.getElementById("said");
  if (place && place.textContent !== words) place.textContent = words;
}

/** Put the reader at the heading of a page that has changed under the hands. */
export function toHeading(root) {
  const heading = root.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}
