/*
 * random.mjs: repeatable chance, and mutations of bytes made with it.
 */

/* Of all tests; each names it, so that it can be run again. */
export const SEED = Number(process.env.WAMP_SEED ??
  Math.floor(Math.random() * 2 ** 32));

/* What a parser may stumble over. */
const TOKENS = ['null', 'true', '""', '[]', '{}', '{"":[]}', '-1', '0', '1e999',
  '18446744073709551616', '"\\ud800"', '"\\u0000"', '\\', '"', ',', ':', '[',
  ']', '{', '}', '\0', '\n', '\r\n', '\x7f', '\xff', '\xc0\xaf', '\xed\xa0\x80',
  '\xf4\x90\x80\x80', '[[[[[[[[', '"a:b:c"', '"http://"', '[8,', '[0,'];

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /* 0 to n - 1; the generator is known as mulberry32. */
  int(n) {
    this.#state = this.#state + 0x6d2b79f5 >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ x >>> 15, x | 1);
    x ^= x + Math.imul(x ^ x >>> 7, x | 61);
    return ((x ^ x >>> 14) >>> 0) % n;
  }

  pick(list) {
    return list[this.int(list.length)];
  }

  /* From and to are possible, too. */
  between(from, to) {
    return from + this.int(to - from + 1);
  }

  bytes(n) {
    return Buffer.from({ length: n }, () => this.int(256));
  }

  /* A copy of bytes with one to three faults; spare: others to mix in. */
  mutate(bytes, spare) {
    let mutant = Buffer.from(bytes);

    for (let faults = 1 + this.int(3); faults > 0; faults--)
      mutant = this.#fault(mutant, spare);
    return mutant;
  }

  #fault(bytes, spare) {
    const from = this.int(bytes.length + 1);
    const to = Math.min(bytes.length, from + this.int(8));
    const around = (...middle) => Buffer.concat([bytes.subarray(0, from),
      ...middle, bytes.subarray(to)]);

    switch (this.int(7)) {
      case 0:
        return around();
      case 1:
        return around(this.bytes(1 + this.int(4)));
      case 2:
        return around(Buffer.from(this.pick(TOKENS), 'latin1'));
      case 3:
        return around(bytes.subarray(from, to), bytes.subarray(from, to));
      case 4:
        return around(this.pick(spare));
      case 5:
        return bytes.subarray(0, from);
      default:
        return this.#flip(bytes);
    }
  }

  #flip(bytes) {
    const flipped = Buffer.from(bytes);

    if (flipped.length > 0)
      flipped[this.int(flipped.length)] ^= 1 << this.int(8);
    return flipped;
  }
}
