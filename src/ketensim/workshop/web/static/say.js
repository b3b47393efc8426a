// Sentences of the catalogue, filled in as texts/sentences.py does: {share:%}, {count:?one|many}, {value:.1f}.

import { embedded } from "./dom.js";

const texts = embedded("texts");
export const language = document.documentElement.lang;

/** The text of a key with its facts; the key itself when there is no such text. */
export function say(key, facts = {}) {
  const text = key.split(".").reduce((part, name) => (part ? part[name] : undefined), texts);
  if (typeof text !== "string") return key;
  return text.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, wish) => fact(facts[name], wish ?? ""));
}

/** Whether there is a text with this key. */
export function has(key) {
  return typeof key.split(".").reduce((part, name) => (part ? part[name] : undefined), texts) === "string";
}

function fact(value, wish) {
  if (wish.startsWith("?")) {
    const [one, many] = wish.slice(1).split("|");
    return value === 1 ? one : many;
  }
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (wish === "%") return `${number(100 * value, 0)}%`;
  const digits = /^\.(\d)f$/.exec(wish);
  return number(value, digits ? Number(digits[1]) : Number.isInteger(value) ? 0 : 1);
}

/** A number as the language writes it. */
export function number(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language === "nl" ? "nl-NL" : "en-GB", options).format(value);
}

/** A share as a percentage. */
export function percent(share) {
  return share === null || share === undefined ? "–" : `${number(100 * share)}%`;
}

/** Seconds as minutes and seconds. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
