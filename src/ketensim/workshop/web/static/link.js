// The line to the server: an event stream down, polling when the stream gives nothing, POST up.
// Whatever happens to phone, network or server, the page finds its way back to what is true now.

const SILENT = 20_000; // ms without a sign of life before the stream counts as dead
const FIRST = 4_000; // ms within which a stream has to give its first snapshot
const POLL = 2_500; // ms between two polls
const LATER = 30_000; // ms before a stream is tried again while polling works
const SLOWEST = 8_000; // ms between two attempts to reach a server that is away

/** Keep a page up to date. seen(snapshot), status("ok" | "polling" | "away"), gone() when there is no such seat. */
export class Link {
  constructor({ base, query }, { seen, status, gone }) {
    Object.assign(this, { base, query: query ?? "", seen, status, gone });
    this.failures = 0;
    this.last = 0;
    this.ended = false;
    for (const name of ["online", "pageshow", "focus"]) addEventListener(name, () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
    setInterval(() => this.look(), 2_000);
    this.open();
  }

  open() {
    this.source?.close();
    this.source = null;
    if (this.ended) return;
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

  take(snapshot, how) {
    this.last = Date.now();
    this.failures = 0;
    this.skew = snapshot.now * 1000 - Date.now();
    this.status(how);
    this.seen(snapshot);
  }

  /** Seconds until a moment of the server's clock. */
  until(moment) {
    return moment - (Date.now() + (this.skew ?? 0)) / 1000;
  }

  failed() {
    this.failures += 1;
    if (this.failures > 1) this.status("away");
    const wait = Math.min(SLOWEST, 300 * 2 ** Math.min(this.failures, 5)) * (0.6 + 0.8 * Math.random());
    clearTimeout(this.again);
    this.again = setTimeout(() => this.poll().then((reached) => (reached ? this.open() : this.failed())), wait);
  }

  // called every two seconds: is the stream alive, has it ever given anything?
  look() {
    const now = Date.now();
    if (this.ended || document.visibilityState === "hidden") return;
    if (this.source && this.fed && now - this.last > SILENT) this.open();
    const hungry = !this.fed && now - this.opened > FIRST;
    if (hungry && now - (this.polled ?? 0) > POLL * (0.8 + 0.4 * Math.random())) this.poll();
    if (hungry && this.source && now - this.opened > LATER) this.open();
  }

  wake() {
    if (this.ended || Date.now() - (this.woken ?? 0) < 500) return;
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
      if (this.failures > 1) this.status("away");
      return false;
    }
  }

  end() {
    this.ended = true;
    this.source?.close();
    clearTimeout(this.again);
    this.gone();
  }

  /** Do something; gives {ok, problem}. Tried once more when the network was away; the server takes nothing twice. */
  async act(action, path = "act") {
    for (const wait of [0, 700, 1500]) {
      if (wait) await new Promise((done) => setTimeout(done, wait));
      try {
        const answer = await fetch(`${this.base}/${path}${this.query}`, {
          method: "POST",
          credentials: "same-origin",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(action),
        });
        if (answer.status >= 500) continue;
        const said = await answer.json().catch(() => ({}));
        if (said.snapshot) this.take(said.snapshot, this.fed ? "ok" : "polling");
        return { ok: answer.ok, problem: said.problem, ...said };
      } catch {
        this.status("away");
      }
    }
    return { ok: false, problem: null };
  }
}
