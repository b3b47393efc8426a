// Does the work that a task asks for, and sends the form of the page on by itself. Plain pages over HTTP have no crypto of the
// browser, so that the hash (SHA-256, FIPS 180-4) stands here.

const K = new Uint32Array(64), START = new Uint32Array(8), W = new Uint32Array(64);
const CHUNK = 20_000; // tries between two breaths

(function constants() {
  const fraction = (value) => ((value - Math.floor(value)) * 4294967296) >>> 0;
  for (let number = 2, found = 0; found < 64; number += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= number && prime; divisor += 1) prime = number % divisor !== 0;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(number));
    K[found] = fraction(Math.cbrt(number));
    found += 1;
  }
})();

const rotated = (word, by) => (word >>> by) | (word << (32 - by));

/** The first word of the SHA-256 of a short ASCII text. */
export function firstWord(text) {
  const blocks = Math.ceil((text.length + 9) / 64), state = new Uint32Array(START);
  for (let block = 0; block < blocks; block += 1) {
    for (let place = 0; place < 16; place += 1) {
      let word = 0;
      for (let byte = 0; byte < 4; byte += 1) {
        const at = block * 64 + place * 4 + byte;
        word = (word << 8) | (at < text.length ? text.charCodeAt(at) : at === text.length ? 0x80 : 0);
      }
      W[place] = word;
    }
    if (block === blocks - 1) W[15] = text.length * 8;
    for (let place = 16; place < 64; place += 1) {
      const a = W[place - 15], b = W[place - 2];
      W[place] = W[place - 16] + (rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3)) + W[place - 7] + (rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let place = 0; place < 64; place += 1) {
      const one = (h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & f) ^ (~e & g)) + K[place] + W[place]) | 0;
      const two = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place] += word));
  }
  return state[0];
}

/** The first number that answers a task; bits at most 32. */
export function answer(task, bits, from = 0, tries = Infinity) {
  for (let number = from; number < from + tries; number += 1) if (firstWord(`${task}:${number}`) >>> (32 - bits) === 0) return number;
  return null;
}

const field = globalThis.document?.getElementById("work");
if (field) {
  const { task, bits } = field.dataset;
  let from = 0;
  const go = () => {
    const found = answer(task, Number(bits), from, CHUNK);
    from += CHUNK;
    if (found === null) return void setTimeout(go);
    field.value = `${task}:${found}`;
    field.form.submit();
  };
  setTimeout(go);
}
