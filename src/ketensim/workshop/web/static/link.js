// The line to the server: an event stream down, polling when the stream gives nothing, POST up.
// Whatever happens to phone, network or server, the page finds its way back to what is true now.

const SILENT = 20_000; // ms without a sign of life before the stream counts as dead
const FIRST = 4_000; // ms within which a stream has to give its first snapshot
const POLL = 2_500; // ms between two polls
const LATER = 30_000; // ms before a stream is tried again while polling works
const SLOWEST = 8_000; // ms between two attempts to reach a server that is away

/** Keep a page up to date: snapshot (null before the first), status ("ok", "polling", "away"), gone when there is no such seat.
 *  draw() after every change, drawn() after a snapshot was drawn; failure: words for what did not arrive. */
export class Link {
  constructor({ base, query }, draw, { drawn = () => {}, failure = "" } = {}) {
    Object.assign(this, { base, query: query ?? "", draw, drawn, failure });
    Object.assign(this, { snapshot: null, status: "ok", gone: false, busy: false, problem: "", failures: 0, last: 0 });
    for (const name of ["online", "pageshow", "focus"]) addEventListener(name, () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
    setInterval(() => this.look(), 2_000);
    this.open();
  }

  open() {
    this.source?.close();
    this.source = null;
    if (this.gone) return;
    this.opened = Date.now();
    this.fed = false;
    if (typeof EventSource === "undefined") return;
    const source = new EventSource(`${this.base}/stream${this.query}`);
    this.source = source;
    source.onmessage = (message) => {
      this.fed = true;
      this.take(JSON.parse(message.data), "ok");
    };
    source.addEventListener("beat", () => (this.last = Date.now()));
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
    this.last = Date.now();
    this.failures = 0;
    const before = this.snapshot;
    if (before && before.server === snapshot.server && before.serial > snapshot.serial) {
      this.status = how;
      return;
    }
    this.skew = snapshot.now * 1000 - Date.now();
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
    return moment - (Date.now() + (this.skew ?? 0)) / 1000;
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
    const now = Date.now();
    if (this.gone || document.visibilityState === "hidden") return;
    if (this.source && this.fed && now - this.last > SILENT) this.open();
    const hungry = !this.fed && now - this.opened > FIRST;
    if (hungry && now - (this.polled ?? 0) > POLL * (0.8 + 0.4 * Math.random())) this.poll();
    if (hungry && this.source && now - this.opened > LATER) this.open();
  }

  wake() {
    if (this.gone || Date.now() - (this.woken ?? 0) < 500) return;
    this.woken = Date.now();
    this.poll();
    if (!this.source || Date.now() - this.last > 10_000) this.open();
  }

  async poll() {
    this.polled = Date.now();
    try {
      const answer = await fetch(`${this.base}/state${this.query}`, { cache: "no-store", credentials: "same-origin" });
      if (answer.status === 410) return this.end(), true;
      if (!answer.ok) return false;
      this.take(await answer.json(), this.fed ? "ok" : "polling");
      return true;
    } catch {
      if (this.failures > 1) this.away();
      return false;
    }
  }

  end() {
    this.gone = true;
    this.source?.close();
    clearTimeout(this.again);
    this.draw();
  }

  /** Do something that somebody tapped; gives {ok, problem, deleted}. */
  async act(action) {
    this.busy = true;
    this.draw();
    const answer = await this.post(action);
    this.busy = false;
    this.problem = answer.ok ? "" : (answer.problem ?? this.failure);
    if (answer.deleted) this.end();
    else this.draw();
    return answer;
  }

  // tried once more when the network was away; the server takes nothing twice
  async post(action) {
    let said;
    for (const wait of [0, 700, 1500]) {
      if (wait) await new Promise((done) => setTimeout(done, wait));
      try {
        const answer = await fetch(`${this.base}/act${this.query}`, {
          method: "POST",
          credentials: "same-origin",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(action),
        });
        const content = await answer.json().catch(() => ({}));
        said = content.problem ?? said;
        if (answer.status >= 500) continue;
        if (content.snapshot) this.take(content.snapshot, this.fed ? "ok" : "polling");
        return { ok: answer.ok, ...content };
      } catch {
        this.away();
      }
    }
    return { ok: false, problem: said };
  }
}
