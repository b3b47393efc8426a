/* What the pages of the app share: scales, paths, days of a run, saving a picture. Facts in sentences: sentences.js of texts. */
window.ketensim = (function () {
  "use strict";
  const finite = (value) => value !== null && Number.isFinite(value);

  /* A function from [low, high] to [from, to]. */
  function scale(low, high, from, to) {
    const width = high - low || 1;
    return (value) => from + ((value - low) / width) * (to - from);
  }

  /* An SVG path through the points; a missing value leaves a gap. */
  function line(values, x, y) {
    let path = "", open = false;
    values.forEach((value, place) => {
      if (!finite(value)) { open = false; return; }
      path += (open ? "L" : "M") + x(place).toFixed(1) + " " + y(value).toFixed(1);
      open = true;
    });
    return path;
  }

  /* The surface between two series. */
  function surface(low, high, x, y) {
    const places = low.map((_, place) => place).filter((place) => finite(low[place]) && finite(high[place]));
    if (!places.length) return "";
    const there = places.map((place) => x(place).toFixed(1) + " " + y(high[place]).toFixed(1));
    const back = places.reverse().map((place) => x(place).toFixed(1) + " " + y(low[place]).toFixed(1));
    return "M" + there.join("L") + "L" + back.join("L") + "Z";
  }

  /* Round numbers from 0 to a top: at most `most` of them. */
  function ticks(top, most) {
    const rough = top / most || 1;
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 2.5, 5, 10].map((part) => part * power).find((part) => part >= rough);
    const found = [];
    for (let value = 0; value <= top + step / 1000; value += step) found.push(value);
    return found;
  }

  /* Round numbers between two ends: at most `most` of them and one. */
  function between(low, high, most) {
    const rough = (high - low) / most || 1;
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    const step = [1, 2, 2.5, 5, 10].map((part) => part * power).find((part) => part >= rough * 0.999);
    const found = [];
    for (let place = Math.ceil(low / step - 0.001); place * step <= high + step / 1000; place += 1) found.push(place * step);
    return found;
  }

  /* What happens in a figure, those together that would lie over one another: {sign, week, lines, told}. */
  function gathered(marks, x, apart) {
    const groups = [];
    marks.forEach((mark) => {
      const last = groups[groups.length - 1];
      if (last && x(mark.week) - x(last[0].week) < apart) last.push(mark);
      else groups.push([mark]);
    });
    return groups.map((group) => {
      const lines = group.map((mark) => mark.sign + "  " + mark.date + ": " + mark.label);
      const sign = group.length === 1 ? group[0].sign : group[0].sign + "–" + group[group.length - 1].sign;
      return { sign, week: group[0].week, lines, told: lines.join("; ") };
    });
  }

  /* A number with at most so many decimals. */
  function number(value, language, most = 1) {
    const digits = finite(value) ? (String(Number(value.toFixed(most))).split(".")[1] || "").length : 0;
    return sentences.number(value, digits, language);
  }

  /* Day of a week of the run. */
  function day(start, week) {
    const date = new Date(start + "T12:00:00Z");
    date.setUTCDate(date.getUTCDate() + 7 * week);
    return date;
  }

  function date(start, week, language) {
    return sentences.date(day(start, week), language);
  }

  /* {week, year} of each first week of a year in the run, at most some ten of them. */
  function years(start, weeks) {
    const found = [];
    for (let week = 0; week < weeks; week += 1) {
      const year = day(start, week).getUTCFullYear();
      if (!week || year !== day(start, week - 1).getUTCFullYear()) found.push({ week, year });
    }
    const every = Math.ceil(found.length / 10);
    return found.filter((_, place) => place % every === 0);
  }

  /* Messages of a hand that moves: one is under way at a time, and what moves meanwhile goes along with the next, so that a slow
     server never lags. `join` makes one message of two; without it the last counts. */
  function courier(tell, turn, join = (_, last) => last) {
    let next = null, waits = null;
    function go() {
      clearTimeout(waits);
      waits = null;
      if (!next) return;
      const message = next;
      next = null;
      turn += 1;
      tell(Object.assign({ kind: "move", turn }, message));
      waits = setTimeout(go, 400); /* no answer comes when nothing changed */
    }
    return {
      move(message) { next = next ? join(next, message) : message; if (!waits) go(); },
      forget() { next = null; },
      /* An answer came: what waited goes, and said is whether nothing has overtaken it, so that the page may follow it. */
      answered(to) { if (to !== turn) return false; go(); return to === turn; },
    };
  }

  /* Going back leaves no field. This hears of it before Solara does, because it was there first; after Solara the form is gone. */
  const unsent = new Set();
  ["popstate", "pagehide"].forEach((name) => window.addEventListener(name, () => unsent.forEach((flush) => flush())));

  /* What is typed goes after a pause, and at once when the field, the page or the tab of the browser is left: no last letter is lost. The
     field one is in keeps what stands there, also when an answer to an earlier letter comes meanwhile. */
  function typist(tell) {
    let late = null, waiting = null, active = null;
    function flush() {
      clearTimeout(late);
      const one = waiting;
      waiting = null;
      if (one) tell(Object.assign({ kind: "edit" }, one));
    }
    unsent.add(flush);
    return {
      typed(path, value) {
        if (active !== path) flush();
        clearTimeout(late);
        active = path;
        waiting = { path, value };
        late = setTimeout(flush, 300);
      },
      left() { flush(); active = null; },
      forget() { clearTimeout(late); waiting = active = null; },
      /* Of what was typed that which an answer of the server may not overwrite. */
      kept(typed) { return active !== null && active in typed ? { [active]: typed[active] } : {}; },
      stop() { flush(); unsent.delete(flush); },
    };
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (refused) { /* a page without TLS has no clipboard: the old way */
      const area = document.createElement("textarea");
      area.value = text;
      document.body.appendChild(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  function save(name, content, type) {
    const blob = content instanceof Blob ? content : new Blob([content], { type: type });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-opacity",
    "opacity", "font-size", "font-family", "font-weight", "text-anchor", "paint-order", "dominant-baseline", "visibility"];

  /* A copy of an SVG that looks the same elsewhere: the styles of this page are written into it. */
  function alone(svg) {
    const copy = svg.cloneNode(true);
    const mine = svg.querySelectorAll("*"), theirs = copy.querySelectorAll("*");
    mine.forEach((element, place) => {
      const style = getComputedStyle(element);
      theirs[place].setAttribute("style", DRAWN.map((name) => name + ":" + style.getPropertyValue(name)).join(";"));
    });
    const size = svg.getBoundingClientRect();
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", size.width);
    copy.setAttribute("height", size.height);
    return { text: new XMLSerializer().serializeToString(copy), width: size.width, height: size.height };
  }

  const FONT = "system-ui, sans-serif", LINE = 18, EDGE = 12;

  /* Words cut into lines that fit; a word that is longer than a line, as a link is, is cut too. */
  function wrapped(context, words, width) {
    const lines = [""];
    for (const word of words.split(" ")) {
      let rest = word;
      while (rest) {
        const before = lines[lines.length - 1], longer = before ? before + " " + rest : rest;
        if (context.measureText(longer).width <= width) { lines[lines.length - 1] = longer; rest = ""; }
        else if (before) lines.push("");
        else {
          let fits = rest.length;
          while (fits > 1 && context.measureText(rest.slice(0, fits)).width > width) fits -= 1;
          lines[lines.length - 1] = rest.slice(0, fits);
          rest = rest.slice(fits);
        }
      }
    }
    return lines;
  }

  /* A figure as a picture that can stand alone: with a title above it and what it means below it. */
  function png(svg, name, { title = "", lines = [], below = [] } = {}) {
    const drawn = alone(svg), style = getComputedStyle(document.documentElement);
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
      const all = (texts) => { context.font = "13px " + FONT; return texts.flatMap((words) => wrapped(context, words, drawn.width - 2 * EDGE)); };
      const over = all(lines), under = all(below);
      const top = title ? EDGE + 22 + LINE * over.length + 6 : 0, bottom = under.length ? LINE * under.length + EDGE : 0;
      canvas.width = 2 * drawn.width;
      canvas.height = 2 * (top + drawn.height + bottom);
      context.scale(2, 2);
      context.fillStyle = style.getPropertyValue("--paper") || "#fff";
      context.fillRect(0, 0, drawn.width, top + drawn.height + bottom);
      context.drawImage(image, 0, top, drawn.width, drawn.height);
      context.fillStyle = style.getPropertyValue("--ink") || "#000";
      context.font = "bold 16px " + FONT;
      if (title) context.fillText(title, EDGE, EDGE + 14);
      context.font = "13px " + FONT;
      over.forEach((line, place) => context.fillText(line, EDGE, EDGE + 34 + LINE * place));
      under.forEach((line, place) => context.fillText(line, EDGE, top + drawn.height + LINE * (place + 0.8)));
      canvas.toBlob((blob) => save(name, blob));
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawn.text);
  }

  const SVG = "http://www.w3.org/2000/svg", MOST_DOTS = 260, POINTS = 40;

  /* Cases that travel over a stage: drawn beside Vue in its group, one small shape each. */
  function travellers(group) {
    const points = {}, sums = new Map();
    let dots = [];
    function along(path) {
      if (!points[path]) {
        const drawn = document.createElementNS(SVG, "path");
        drawn.setAttribute("d", path);
        const whole = drawn.getTotalLength();
        points[path] = Array.from({ length: POINTS + 1 }, (_, number) => drawn.getPointAtLength((whole * number) / POINTS));
      }
      return points[path];
    }
    function summed(cases) {
      if (!sums.has(cases)) { let sum = 0; sums.set(cases, cases.map((value) => (sum += value))); }
      return sums.get(cases);
    }
    return {
      /* So many dots in a week that over the weeks each stands for `per` cases; they last so many milliseconds, and come within `spread` of that. */
      send(cases, week, per, { path, shape, kind, backwards, lasts, spread }) {
        const sum = summed(cases), number = Math.floor(sum[week] / per) - (week ? Math.floor(sum[week - 1] / per) : 0);
        for (let count = 0; count < number && dots.length < MOST_DOTS; count += 1) {
          const drawn = document.createElementNS(SVG, "path");
          drawn.setAttribute("d", shape);
          drawn.setAttribute("class", kind);
          drawn.setAttribute("visibility", "hidden");
          group.appendChild(drawn);
          dots.push({ drawn, points: along(path), backwards, lasts, part: -spread * ((count + 0.5) / number) });
        }
      },
      /* Go on for so many milliseconds; said is whether any are still under way. */
      move(passed) {
        dots = dots.filter((dot) => {
          dot.part += passed / dot.lasts;
          if (dot.part >= 1) { dot.drawn.remove(); return false; }
          if (dot.part >= 0) {
            const at = (dot.backwards ? 1 - dot.part : dot.part) * POINTS, low = Math.min(POINTS - 1, Math.floor(at)), rest = at - low;
            const from = dot.points[low], to = dot.points[low + 1];
            dot.drawn.setAttribute("visibility", "visible");
            dot.drawn.setAttribute("transform", "translate(" + (from.x + rest * (to.x - from.x)).toFixed(1) + " " + (from.y + rest * (to.y - from.y)).toFixed(1) + ")");
          }
          return true;
        });
        return dots.length > 0;
      },
      clear() { dots.forEach((dot) => dot.drawn.remove()); dots = []; },
    };
  }

  /* Go to the first of these places that is there, even when it was folded away. */
  function show(...ids) {
    const found = ids.map((id) => document.getElementById(id)).find((one) => one);
    if (!found) return;
    const folded = found.closest("details");
    if (folded) folded.open = true;
    found.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    found.focus({ preventScroll: true });
  }

  /* Where a picture comes from; an address that only this machine knows is left out. */
  function source(more) {
    const here = /^(127\.|localhost|\[::1\])/.test(location.host) ? "" : location.origin;
    return "ketensim, " + more + ", " + here + location.pathname + location.search;
  }

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  return { scale, line, surface, ticks, between, gathered, number, percent: sentences.percent, date, day, years, fill: sentences.fill, copy, courier, typist, save, show, png, source, travellers, calm, finite };
})();
