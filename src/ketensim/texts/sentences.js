/* How a fact is written in a sentence, as sentences.py writes it: the one file for app and workshop. What both must give stands in
   tests/texts/sentences.yaml. A classic script, so that a page can include it and a module can import it. */
globalThis.sentences = (function () {
  "use strict";
  const FACT = /\{\{|\}\}|\{(\w+)(?::([^}]*))?\}/g; // doubled braces are braces
  const WISH = /^(\+?)(,?)(?:\.(\d))?([f%])$/;
  const MORE = 2; // digits that a number gets at most, to be told from the one that it is unlike
  const DEEP = 100; // decimals in which a number can be written exactly
  const SEPARATE_FROM = 10000; // smaller whole numbers need no separator for thousands
  const SIGNIFICANT = 3; // digits of a number without further wishes
  const here = () => document.documentElement.lang;
  const last = (name) => name.slice(name.indexOf(".") + 1);

  /* A text with its facts; `word` gives what a name of the catalogue, section.name, is called. */
  function fill(text, facts, language = here(), word = last) {
    const said = (whole, name, wish = "") => (name in facts ? told(facts, name, wish, language, word) : whole);
    return text.replace(FACT, (whole, name, wish) => (name ? said(whole, name, wish) : whole[0]));
  }

  /* A fact; one that is unlike another has as many digits as it takes to look other than that one. */
  function told(facts, name, wish, language, word) {
    const [plainly, other] = wish.split(" unlike ");
    if (other === undefined) return written(facts[name], wish, language, word);
    for (let more = 0; more <= MORE; more += 1) {
      const said = figure(facts[name], plainly, language, more);
      if (said !== figure(facts[other], plainly, language, more)) return said;
    }
    return figure(facts[name], plainly, language);
  }

  function written(value, wish, language, word) {
    if (Array.isArray(value)) return value.map((part) => written(part, wish, language, word)).join(", ");
    if (wish.startsWith("word ")) return word(wish.slice(5) + "." + value);
    if (wish.startsWith("?")) return wish.slice(1).split("|")[value === 1 || value === "1" || value === true ? 0 : 1] ?? "";
    if (value === true || value === false) return word("word." + (value ? "yes" : "no"));
    if (value instanceof Date) return date(value, language);
    if (typeof value === "number") return figure(value, wish, language);
    return value === null || value === undefined ? "–" : String(value);
  }

  function figure(value, wish, language, more = 0) {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : "∞";
    if (wish === "d") return String(Math.trunc(value));
    const text = unsigned(value, wish, more);
    const signed = /[1-9]/.test(text) ? text.replace("-", "−") : text.replace(/^[+-]/, "");
    return language === "nl" ? signed.replace(/[,.]/g, (sign) => (sign === "," ? "." : ",")) : signed;
  }

  function unsigned(value, wish, more) {
    if (wish === "points") return fixed(100 * value, 1 + more, "+", true);
    if (wish === "hundredths") return fixed(100 * value, 1 + more, "", true);
    if (wish === "hundred") return fixed(100 * value, more);
    if (wish === "%") return fixed(100 * value, more) + "%";
    if (!wish) return plain(value, SIGNIFICANT + more);
    const [, plus, comma, digits = 6, kind] = WISH.exec(wish);
    return fixed(kind === "%" ? 100 * value : value, Number(digits) + more, plus, comma) + (kind === "%" ? "%" : "");
  }

  function plain(value, digits) {
    const large = Math.abs(value) >= SEPARATE_FROM;
    if (Number.isInteger(value)) return fixed(value, 0, "", large);
    const text = fixed(value, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))), "", large);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }

  /* What lies halfway goes to the even digit, as Python rounds. */
  function fixed(value, digits, plus = "", grouped = false) {
    const size = Math.abs(value), exact = size.toFixed(DEEP), cut = exact.length - DEEP + digits;
    const down = /^50*$/.test(exact.slice(cut)) && /[02468]\.?$/.test(exact.slice(0, cut));
    const [whole, part] = (down ? exact.slice(0, cut) : size.toFixed(digits)).split(".");
    const thousands = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
    return (value < 0 ? "-" : plus) + thousands + (part ? "." + part : "");
  }

  /* Made once per language: a figure writes some dates at every repaint, and to make one takes longer than to use it. */
  const months = {};

  function date(day, language = here()) {
    const month = months[language] ?? (months[language] = new Intl.DateTimeFormat(language === "nl" ? "nl-NL" : "en-GB", { month: "long", timeZone: "UTC" }));
    return day.getUTCDate() + " " + month.format(day) + " " + day.getUTCFullYear();
  }

  /* A number with so many decimals, and a share as a percentage: a dash when it is not known. */
  const number = (value, digits = 0, language = here()) => written(value, ",." + digits + "f", language, last);
  const percent = (share, language = here()) => written(share, ",.0%", language, last);

  return { fill, number, percent, date };
})();
