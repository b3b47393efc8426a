// Charts as SVG: bands over the weeks, a histogram beside an outcome, ranges and differences on one scale.

import { h } from "./dom.js";
import { data, number, percent, say } from "./shared.js";

const W = 1000;
export const COLOURS = 8; // table-0 to table-7 in the style; more tables begin again, and each line has its number
const WEEKS = data.weeks; // of a round

/** Goal realisation over all weeks so far; of one table with its band, of more as lines with their number. */
export function bands(tables, { weeks, upto, height = 420, events = [], firstWeek = 0 }) {
  const left = 64, right = 30 + 26 * (tables.length > 1 ? tables.length : 0), top = 14, bottom = 36;
  const x = (week) => left + ((W - left - right) * week) / Math.max(1, weeks - 1);
  const [lowest, highest] = span(tables);
  const y = (share) => top + (height - top - bottom) * (1 - (Math.min(highest, Math.max(lowest, share)) - lowest) / (highest - lowest));
  const grid = steps(lowest, highest).map((share) => [
    h("line", { class: "grid", x1: left, x2: W - right, y1: y(share), y2: y(share) }),
    h("text", { x: left - 10, y: y(share) + 5, "text-anchor": "end" }, percent(share)),
  ]);
  const halves = Array.from({ length: Math.ceil(weeks / WEEKS) }, (_, round) => [
    round ? h("line", { class: "half", x1: x(round * WEEKS), x2: x(round * WEEKS), y1: top, y2: height - bottom }) : null,
    h("text", { x: x(Math.min(weeks - 1, round * WEEKS + WEEKS / 2)), y: height - 12, "text-anchor": "middle" }, say("screen.round", { round: round + 1 })),
  ]);
  const marks = events.filter((event) => firstWeek + event.week <= upto).map((event) => [
    h("line", { class: "event", x1: x(firstWeek + event.week), x2: x(firstWeek + event.week), y1: top, y2: height - bottom }),
    h("text", { class: "eventname", x: x(firstWeek + event.week) + 8, y: top + 16 }, event.label),
  ]);
  const beside = (table) => (tables.length > 1 ? 12 + 24 * table.table : 0); // equal tables stand beside each other
  const lines = tables.map((table) => {
    const kept = [...table.weeks.middle.keys()].filter((week) => week <= upto);
    const point = (values) => kept.filter((week) => values[week] !== null).map((week) => `${x(week).toFixed(1)},${y(values[week]).toFixed(1)}`);
    const low = point(table.weeks.low), high = point(table.weeks.high), middle = point(table.weeks.middle);
    const last = kept.filter((week) => table.weeks.middle[week] !== null).at(-1);
    const kind = `table-${table.table % COLOURS}`;
    return h("g", { class: kind, key: `table ${table.table}` },
      tables.length === 1 && low.length ? h("polygon", { class: "area", points: [...high, ...low.reverse()].join(" ") }) : null,
      h("polyline", { class: "line", points: middle.join(" ") }),
      last === undefined ? null : h("circle", { class: "dot", cx: x(last) + beside(table), cy: y(table.weeks.middle[last]), r: tables.length > 1 ? 11 : 7 }),
      last === undefined || tables.length === 1 ? null : h("text", { class: "inside", x: x(last) + beside(table), y: y(table.weeks.middle[last]) + 5, "text-anchor": "middle" }, String(table.table + 1)));
  });
  const words = tables.map((table) => say("screen.told_table", { table: table.table + 1, goal: (table.goal.mean ?? 0) / 100 })).join(" ");
  return h("svg", { class: "chart bands", viewBox: `0 0 ${W} ${height}`, role: "img", "aria-label": `${say("screen.goal_over_time")} ${words}` }, grid, halves, marks, lines);
}

// the part of the scale that is needed, in whole tenths, never less than four of them
function span(tables) {
  const known = tables.flatMap((table) => [...table.weeks.low, ...table.weeks.high]).filter((value) => value !== null);
  let low = Math.floor(10 * Math.min(...known, 0.9)) / 10, high = Math.ceil(10 * Math.max(...known, 0.1)) / 10;
  while (high - low < 0.39) {
    if (low > 0.05) low -= 0.1;
    if (high - low < 0.39 && high < 0.95) high += 0.1;
  }
  return [Math.max(0, low), Math.min(1, high)];
}

function steps(low, high) {
  return Array.from({ length: Math.round(10 * (high - low)) + 1 }, (_, place) => low + place / 10);
}

// a name on one line or two
function name(words, y) {
  const cut = words.length > 40 ? words.lastIndexOf(" ", 40) : -1;
  if (cut < 0) return h("text", { class: "strong", x: 0, y: y + 6 }, words);
  return [h("text", { class: "strong", x: 0, y: y - 4 }, words.slice(0, cut)), h("text", { class: "strong", x: 0, y: y + 18 }, words.slice(cut + 1))];
}

/** What people expected, in bins of five percentage points, with what came out drawn through it. */
export function histogram(counts, { goal, expected, height = 250, unveiled = true }) {
  const left = 14, right = 14, bottom = 34, top = 34;
  const most = Math.max(1, ...counts);
  const x = (share) => left + ((520 - left - right) * share) / 100;
  const y = (count) => height - bottom - ((height - top - bottom) * count) / most;
  const bars = counts.map((count, bin) => count === 0 ? null : h("rect", {
    class: "guess", x: x(bin * 5) + 1.5, width: x(5) - x(0) - 3, y: y(count), height: height - bottom - y(count), rx: 3 }));
  const ticks = [0, 25, 50, 75, 100].map((share) => h("text", { x: x(share), y: height - 10, "text-anchor": share === 0 ? "start" : share === 100 ? "end" : "middle" }, `${share}%`));
  const outcome = !unveiled || goal.mean === null ? null : [
    h("rect", { class: "range", x: x(goal.low), width: Math.max(2, x(goal.high) - x(goal.low)), y: top, height: height - top - bottom }),
    h("line", { class: "outcome", x1: x(goal.mean), x2: x(goal.mean), y1: top - 6, y2: height - bottom }),
    h("text", { class: "strong", x: Math.min(470, Math.max(50, x(goal.mean))), y: top - 13, "text-anchor": "middle" }, say("screen.came_out", { goal: goal.mean / 100 })),
  ];
  const words = say("screen.histogram_told", { expected, mean: goal.mean, people: counts.reduce((sum, count) => sum + count, 0) });
  return h("svg", { class: "chart histogram", viewBox: `0 0 520 ${height}`, role: "img", "aria-label": words },
    h("line", { class: "axis", x1: left, x2: 520 - right, y1: height - bottom, y2: height - bottom }), outcome, bars, ticks);
}

/** Ranges under each other on one scale of shares: name, mean, low, high (in per cent). */
export function ranges(rows, { unit = "%" } = {}) {
  const known = rows.flatMap((row) => [row.low, row.high, row.mean]).filter((value) => value !== null);
  const lowest = Math.max(0, Math.floor((Math.min(...known) - 4) / 5) * 5), highest = Math.min(100, Math.ceil((Math.max(...known) + 4) / 5) * 5);
  const left = 330, right = 90, step = 54, height = rows.length * step + 34;
  const x = (value) => left + ((W - left - right) * (value - lowest)) / Math.max(1, highest - lowest);
  const drawn = rows.map((row, place) => {
    const middle = place * step + step / 2;
    return h("g", { class: row.kind ?? "", key: row.name },
      name(row.name, middle),
      h("line", { class: "whisker", x1: x(row.low), x2: x(row.high), y1: middle, y2: middle }),
      h("circle", { class: "dot", cx: x(row.mean), cy: middle, r: 11 }),
      h("text", { class: "strong", x: W, y: middle + 6, "text-anchor": "end" }, `${number(row.mean, 1)}${unit}`));
  });
  const ticks = [lowest, (lowest + highest) / 2, highest].map((value) => [
    h("line", { class: "grid", x1: x(value), x2: x(value), y1: 0, y2: height - 30 }),
    h("text", { x: x(value), y: height - 8, "text-anchor": "middle" }, `${number(value)}${unit}`)]);
  const words = rows.map((row) => `${row.name}: ${number(row.mean, 1)}${unit}`).join("; ");
  return h("svg", { class: "chart ranges", viewBox: `0 0 ${W} ${height}`, role: "img", "aria-label": words }, ticks, drawn);
}

/** Differences around zero, in percentage points: name, mean, low, high; grey when the verdict is that it cannot be told. */
export function differences(rows) {
  const widest = Math.max(1, ...rows.flatMap((row) => [Math.abs(row.low ?? 0), Math.abs(row.high ?? 0), Math.abs(row.mean ?? 0)])) * 1.08;
  const left = 400, right = 110, step = 50, height = rows.length * step + 30;
  const x = (value) => left + ((W - left - right) * (value + widest)) / (2 * widest);
  const drawn = rows.map((row, place) => {
    const middle = place * step + step / 2, mean = row.mean ?? 0;
    const kind = { higher: "gain", lower: "cost" }[row.verdict] ?? "unsure";
    return h("g", { class: kind, key: `${place} ${row.name}` },
      name(row.name, middle),
      h("rect", { class: "effect", x: Math.min(x(0), x(mean)), width: Math.abs(x(mean) - x(0)), y: middle - 13, height: 26, rx: 4 }),
      row.low === null ? null : h("line", { class: "whisker", x1: x(row.low), x2: x(row.high), y1: middle, y2: middle }),
      h("text", { class: "strong", x: W, y: middle + 6, "text-anchor": "end" }, signed(row.mean)));
  });
  const words = rows.map((row) => `${row.name}: ${signed(row.mean)}`).join("; ");
  return h("svg", { class: "chart differences", viewBox: `0 0 ${W} ${height}`, role: "img", "aria-label": words },
    h("line", { class: "axis", x1: x(0), x2: x(0), y1: 0, y2: height - 26 }), h("text", { x: x(0), y: height - 6, "text-anchor": "middle" }, "0"), drawn);
}

/** A difference in percentage points with its sign. */
export function signed(value) {
  if (value === null || value === undefined) return "–";
  return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${number(Math.abs(value), 1)}`;
}
