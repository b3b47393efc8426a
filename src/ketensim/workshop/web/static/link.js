// The line to the server: an event stream down, polling when the stream gives nothing, POST up.
// Whatever happens to phone, network or server, the page finds its way back to what is true now.

const SILENT = 20_000; // ms without a sign of life before the stream counts as dead
const FIRST = 4_000; // ms within which a stream has to give its first snapshot
const POLL = 2_500; // ms between two polls
const LATER = 30_000; // ms before a stream is tried again while polling works
const SLOWEST = 8_000; // ms between two attempts to reach a server that is away
const ANSWER = [5_000, 10_000, 15_000]; // ms within which a message has to be answered before it is sent again: others wait for it
const PAUSE = [0, 700, 1_500]; // ms before each time that it is sent
const DEAD = 1_000; // ms without an answer after which a message is sent anew when the network or the phone is back
const JUMP = 5_000; // ms by which the clock of the device and the time that passes may drift apart

/** Milliseconds that pass, whatever somebody or the network does to the clock of the device. */
export const passed = () => performance.now();

/** Keep a page up to date: snapshot (null before the first), status ("ok", "polling", "away"), gone when there is no such seat.
 *  draw() after every change, drawn() after a snapshot was drawn; failure: words for what did not arrive. */
export class Link {
  constructor({ base, query }, draw, { drawn = () => {}, failure = "" } = {}) {
    Object.assign(this, { base, query: query ?? "", draw, drawn, failure });
    Object.assign(this, { snapshot: null, status: "ok", gone: false, problem: "", failures: 0, last: 0 });
    Object.assign(this, { sending: 0, line: Promise.resolve(), under_way: null });
    Object.assign(this, { page: Math.random().toString(36).slice(2), number: 0 }); // by which the server takes nothing twice
    for (const name of ["online", "pageshow", "focus"]) addEventListener(name, () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
    setInterval(() => this.look(), 2_000);
    this.open();
  }

  open() {
    this.source?.close();
    this.source = null;
    if (this.gone) return;
    this.opened = passed();
    this.fed = false;
    if (typeof EventSource === "undefined") return;
    const source = new EventSource(`${this.base}/stream${this.query}`);
    this.source = source;
    source.onmessage = (message) => {
      this.fed = true;
      this.take(JSON.parse(message.data), "ok");
    };
    source.addEventListener("beat", () => (this.last = passed()));
    source.addEventListener("gone", () => this.end());
    source.onerror = () => {
      source.close();
      if (this.source !== source) return;
      this.source = null;
      this.fed = false;
      this.failed();
    };
  }

  // an answer that was overtaken on the way by a newer snapshot changes nothing
  take(snapshot, how) {
    this.last = passed();
    this.failures = 0;
    const before = this.snapshot;
    if (before && before.server === snapshot.server && before.serial > snapshot.serial) {
      this.status = how;
      return;
    }
    this.ahead = snapshot.now * 1000 - passed();
    this.drift = Date.now() - passed();
    Object.assign(this, { snapshot, status: how });
    this.draw();
    this.drawn();
  }

  away() {
    if (this.status === "away") return;
    this.status = "away";
    this.draw();
  }

  /** Seconds until a moment of the server's clock. */
  until(moment) {
    return moment - (passed() + (this.ahead ?? 0)) / 1000;
  }

  failed() {
    this.failures += 1;
    if (this.failures > 1) this.away();
    const wait = Math.min(SLOWEST, 300 * 2 ** Math.min(this.failures, 5)) * (0.6 + 0.8 * Math.random());
    clearTimeout(this.again);
    this.again = setTimeout(() => this.poll().then((reached) => (reached ? this.open() : this.failed())), wait);
  }

  // called every two seconds: is the stream alive, has it ever given anything?
  look() {
    const now = passed();
    if (this.gone || document.visibilityState === "hidden") return;
    if (this.source && this.fed && now - this.last > SILENT) this.open();
    if (Math.abs(Date.now() - now - (this.drift ?? Date.now() - now)) > JUMP) this.wake(); // it slept, or its clock was set
    const hungry = !this.fed && now - this.opened > FIRST;
    if (hungry && now - (this.polled ?? -LATER) > POLL * (0.8 + 0.4 * Math.random())) this.poll();
    if (hungry && this.source && now - this.opened > LATER) this.open();
  }

  wake() {
    if (this.gone || passed() - (this.woken ?? -1000) < 500) return;
    this.woken = passed();
    if (this.under_way && passed() - this.under_way.begun > DEAD) this.under_way.anew(); // its connection may be of before
    this.poll();
    if (!this.source || passed() - this.last > 10_000) this.open();
  }

  async poll() {
    this.polled = passed();
    const late = new AbortController(), clock = setTimeout(() => late.abort(), ANSWER.at(-1));
    try {
      const answer = await fetch(`${this.base}/state${this.query}`, { cache: "no-store", credentials: "same-origin", signal: late.signal });
      if (answer.status === 410) return this.end(), true;
      if (!answer.ok) return false;
      this.take(await answer.json(), this.fed ? "ok" : "polling");
      return true;
    } catch {
      if (this.failures > 1) this.away();
      return false;
    } finally {
      clearTimeout(clock);
    }
  }

  end() {
    this.gone = true;
    this.source?.close();
    clearTimeout(this.again);
    this.draw();
  }

  /** Whether something that was tapped is on its way. */
  get busy() {
    return this.sending > 0;
  }

  /** Do something that somebody tapped; gives {ok, problem, deleted}. What was tapped later is sent later: two messages that are
   *  on the way at once may overtake each other. What is not wanted any more is not sent, and nobody waits for its answer. */
  async act(action, wanted = () => true) {
    this.sending += 1;
    if (this.under_way && !this.under_way.wanted()) this.under_way.stop.abort();
    this.draw();
    const turn = this.line.then(() => this.post(action, wanted));
    this.line = turn;
    const answer = await turn;
    this.sending -= 1;
    this.problem = answer.ok ? "" : (answer.problem ?? this.failure);
    if (answer.deleted) this.end();
    else this.draw();
    return answer;
  }

  // sent again when the network was away: the server takes nothing twice, and nothing after what was sent later
  async post(action, wanted) {
    const body = JSON.stringify({ ...action, page: this.page, number: (this.number += 1) });
    let said, tries = 0;
    while (tries < ANSWER.length && wanted()) {
      if (tries) await new Promise((done) => setTimeout(done, PAUSE[tries]));
      const stop = new AbortController(), clock = setTimeout(() => stop.abort(), ANSWER[tries]);
      let counts = true;
      const anew = () => { counts = false; stop.abort(); };
      this.under_way = { begun: passed(), wanted, stop, anew };
      try {
        const answer = await fetch(`${this.base}/act${this.query}`, {
          method: "POST",
          signal: stop.signal,
          credentials: "same-origin",
          headers: { "content-type": "application/json" },
          body,
        });
        const content = await answer.json().catch(() => ({}));
        said = content.problem ?? said;
        if (answer.status < 500 && !stop.signal.aborted) {
          if (content.snapshot) this.take(content.snapshot, this.fed ? "ok" : "polling");
          return { ok: answer.ok, ...content };
        }
      } catch {
        if (counts && wanted()) this.away();
      } finally {
        clearTimeout(clock);
        this.under_way = null;
      }
      if (counts) tries += 1;
    }
    return wanted() ? { ok: false, problem: said } : { ok: true };
  }
}
