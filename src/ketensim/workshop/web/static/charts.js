// Charts as SVG: bands over the weeks, a histogram beside an outcome, ranges and differences on one scale.

import { h } from "./dom.js";
import { data, number, percent, say } from "./shared.js";

const W = 1000;
export const COLOURS = 8; // table-0 to table-7 in the style; more tables begin again, and each line has its number
const WEEKS = data.weeks; // of a round

/** Goal realisation over all weeks so far; of one table with its band, of more as lines with their number. */
export function bands(tables, { weeks, upto, height = 420, events = [], firstWeek = 0, names = (table) => String(table + 1) }) {
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
  const marks = events.filter((event) => firstWeek + event.week <= upto).map((event, place) => [
    h("line", { class: "event", x1: x(firstWeek + event.week), x2: x(firstWeek + event.week), y1: top, y2: height - bottom }),
    eventName(event, place, x(firstWeek + event.week), top),
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
  const words = tables.map((table) => say("screen.told_table", { table: names(table.table), goal: (table.goal.mean ?? 0) / 100 })).join(" ");
  return h("svg", { class: "chart bands", viewBox: `0 0 ${W} ${height}`, role: "img", "aria-label": `${say("screen.goal_over_time")} ${words}` }, grid, halves, lines, marks);
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

const LETTERS = 36; // of a name on one line

// a name on as many lines as it takes, around a height
function name(words, y) {
  const lines = words.split(" ").reduce((found, word) => {
    const last = found.at(-1);
    if (last && last.length + word.length < LETTERS) found[found.length - 1] = `${last} ${word}`;
    else found.push(word);
    return found;
  }, []);
  return lines.map((line, place) => h("text", { class: "strong", x: 0, y: y + 6 + 21 * (place - (lines.length - 1) / 2) }, line));
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

// beside its line, on the side where there is room, and lower than the one before
function eventName(event, place, x, top) {
  const late = x > W / 2;
  return h("text", { class: "eventname", x: x + (late ? -8 : 8), y: top + 16 + 20 * (place % 3), "text-anchor": late ? "end" : "start" }, event.label);
}

/** How many cases wait at each table, over the weeks of a round as far as it has come. */
export function queuesOver(tables, { upto, weeks, half, events, height, names }) {
  const left = 64, right = 30 + 26 * (tables.length > 1 ? tables.length : 0), top = 14, bottom = 34;
  const totals = tables.map((table) => table.waiting.map((week) => week.reduce((sum, value) => sum + (value ?? 0), 0)));
  const most = Math.max(20, ...totals.flat()) * 1.08;
  const x = (week) => left + ((W - left - right) * week) / Math.max(1, weeks - 1);
  const y = (value) => height - bottom - ((height - top - bottom) * value) / most;
  const step = [5, 10, 20, 50, 100, 200, 500, 1000].find((size) => most / size < 5) ?? 2000;
  const grid = Array.from({ length: Math.floor(most / step) + 1 }, (_, place) => [
    h("line", { class: "grid", x1: left, x2: W - right, y1: y(place * step), y2: y(place * step) }),
    h("text", { x: left - 10, y: y(place * step) + 6, "text-anchor": "end" }, number(place * step))]);
  const marks = events.filter((event) => event.week <= upto).map((event, place) => [
    h("line", { class: "event", x1: x(event.week), x2: x(event.week), y1: top, y2: height - bottom }),
    eventName(event, place, x(event.week), top)]);
  const lines = totals.map((total, table) => {
    const shown = total.slice(0, upto + 1), end = x(shown.length - 1) + (tables.length > 1 ? 12 + 24 * table : 0);
    return h("g", { class: `table-${table % COLOURS}`, key: `queue ${table}` },
      h("polyline", { class: "line", points: shown.map((value, week) => `${x(week).toFixed(1)},${y(value).toFixed(1)}`).join(" ") }),
      h("circle", { class: "dot", cx: end, cy: y(shown.at(-1)), r: tables.length > 1 ? 11 : 7 }),
      tables.length > 1 ? h("text", { class: "inside", x: end, y: y(shown.at(-1)) + 5, "text-anchor": "middle" }, String(table + 1)) : null);
  });
  const words = totals.map((total, table) => say("screen.run.told", { table: names(table), waiting: Math.round(total[upto] ?? 0) })).join(" ");
  return h("svg", { class: "chart bands film", viewBox: `0 0 ${W} ${height}`, role: "img", "aria-label": words }, grid,
    h("line", { class: "half", x1: x(half), x2: x(half), y1: top, y2: height - bottom }), lines, marks);
}

/** Differences of the two scores beside each other: percentage points, and euros per case; grey where it may be luck. */
export function pairs(rows) {
  const step = Math.max(46, 8 + 21 * Math.max(...rows.map((row) => Math.ceil(row.name.length / (LETTERS - 6))))), height = rows.length * step + 46;
  const columns = [["goal", 440, 690, (value) => signed(value)], ["cost", 720, 1000, (value) => euros(value)]];
  const drawn = columns.map(([score, from, to, write]) => {
    const widest = Math.max(score === "goal" ? 1 : 100, ...rows.flatMap((row) => ["low", "high", "mean"].map((end) => Math.abs(row[score][end] ?? 0)))) * 1.05;
    const room = score === "goal" ? 70 : 125, x = (value) => from + ((to - from - room) * (value + widest)) / (2 * widest);
    return [
      h("text", { class: "strong", x: from, y: 20 }, say(`screen.pair.${score}`)),
      h("line", { class: "axis", x1: x(0), x2: x(0), y1: 34, y2: height - 6 }),
      rows.map((row, place) => {
        const middle = 40 + place * step + step / 2, { mean, low, high, verdict } = row[score], good = score === "goal" ? "higher" : "lower";
        const kind = verdict === "cannot_be_told" ? "unsure" : verdict === good ? "gain" : "cost";
        return h("g", { class: kind, key: `${score} ${place}` },
          h("rect", { class: "effect", x: Math.min(x(0), x(mean ?? 0)), width: Math.abs(x(mean ?? 0) - x(0)), y: middle - 11, height: 22, rx: 4 }),
          low === null ? null : h("line", { class: "whisker", x1: x(low), x2: x(high), y1: middle, y2: middle }),
          h("text", { class: "strong", x: to, y: middle + 6, "text-anchor": "end" }, write(mean)));
      })];
  });
  const names = rows.map((row, place) => h("g", { key: `${place} ${row.name}` }, name(row.name, 40 + place * step + step / 2)));
  const words = rows.map((row) => `${row.name}: ${signed(row.goal.mean)}, ${euros(row.cost.mean)}`).join("; ");
  return h("svg", { class: "chart differences", viewBox: `0 0 ${W} ${height}`, role: "img", "aria-label": words }, names, drawn);
}

/** A difference in percentage points with its sign. */
export function signed(value) {
  if (value === null || value === undefined) return "–";
  return withSign(value, number(Math.abs(value), 1));
}

/** A difference in euros with its sign. */
function euros(value) {
  if (value === null || value === undefined) return "–";
  return withSign(value, `€ ${number(Math.abs(value))}`);
}

// what shows as nought has no sign
function withSign(value, size) {
  return `${/[1-9]/.test(size) ? (value > 0 ? "+" : "−") : ""}${size}`;
}
