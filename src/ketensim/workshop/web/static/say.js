// Sentences of the catalogue with their facts, which sentences.js writes for app and workshop alike.

import "./sentences.js";
import { embedded } from "./dom.js";

const texts = embedded("texts");
export const { number, percent } = globalThis.sentences;

const found = (key) => key.split(".").reduce((part, name) => (part ? part[name] : undefined), texts);

/** The text of a key with its facts; the key itself when there is no such text. */
export function say(key, facts = {}) {
  const text = found(key);
  return typeof text === "string" ? globalThis.sentences.fill(text, facts) : key;
}

/** Whether there is a text with this key. */
export const has = (key) => typeof found(key) === "string";

/** Seconds as minutes and seconds. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
