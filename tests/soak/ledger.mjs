/*
 * ledger.mjs: which events were accepted, and who has received them.
 *
 * The events of a topic are the numbers 1, 2, 3 and so on, from one publisher.
 * A receiver that is connected without a break must get all numbers from its
 * first one on, in order, up to the last that was acknowledged.
 */

export class Ledger {
  sent = 0;
  acknowledged = 0;	/* events */
  refused = 0;		/* events whose program died */
  unknown = 0;		/* events in flight when the broker was killed */
  received = 0;		/* events, by all receivers */
  faults = [];
  #missing = [];	/* [topic, number, who], to be judged by check() */
  #topics = new Map();

  topic(name) {
    if (!this.#topics.has(name))
      this.#topics.set(name, { next: 1, last: 0, gaps: new Set() });
    return this.#topics.get(name);
  }

  fault(text) {
    if (this.faults.length < 100)
      this.faults.push(text);
  }

  /* The next n numbers of a topic. */
  take(name, n) {
    const topic = this.topic(name);
    const from = topic.next;

    topic.next += n;
    this.sent += n;
    return Array.from({ length: n }, (_, i) => from + i);
  }

  /* They were accepted. */
  accept(name, numbers) {
    const topic = this.topic(name);

    this.acknowledged += numbers.length;
    topic.last = Math.max(topic.last, numbers.at(-1));
  }

  /* They were refused: nobody gets them. */
  refuse(name, numbers) {
    this.refused += numbers.length;
    numbers.forEach((n) => this.topic(name).gaps.add(n));
  }

  /* Nobody knows whether they were accepted. */
  lose(name, numbers) {
    this.unknown += numbers.length;
    numbers.forEach((n) => this.topic(name).gaps.add(n));
  }

  /* A receiver has not got this one, but a later one.  Whether it was refused
   * is known only when its publisher has its answer. */
  miss(name, number, who) {
    this.#missing.push([name, number, who]);
  }

  /* No publisher waits for an answer: whatever is missing was refused. */
  check() {
    for (const [name, number, who] of this.#missing.splice(0))
      if (!this.topic(name).gaps.has(number))
        this.fault(`${who} ${name}: ${number} is lost`);
  }

  /* What a receiver of this topic checks its events with. */
  receiver(name, who) {
    return new Receiver(this, name, who);
  }
}

class Receiver {
  #ledger;
  #topic;
  #name;
  #who;
  last = null;

  constructor(ledger, name, who) {
    this.#ledger = ledger;
    this.#topic = ledger.topic(name);
    this.#name = name;
    this.#who = who;
  }

  take(number) {
    this.#ledger.received++;
    if (this.last !== null)
      this.#check(number);
    this.last = number;
  }

  /* What is between two events was refused, or its fate is unknown. */
  #check(number) {
    if (number <= this.last) {
      this.#ledger.fault(`${this.#who} ${this.#name}: ${number} came after ${
        this.last}`);
      return;
    }
    for (let n = this.last + 1; n < number; n++)
      this.#ledger.miss(this.#name, n, this.#who);
  }

  /* Everything that was acknowledged must be there by now. */
  settle(last) {
    if (this.last === null || this.last >= last)
      return;
    for (let n = this.last + 1; n <= last; n++)
      if (!this.#topic.gaps.has(n)) {
        this.#ledger.fault(`${this.#who} ${this.#name}: ${n} to ${last} are ` +
          'not there');
        return;
      }
  }

  /* The connection has broken. */
  break() {
    this.last = null;
  }
}

/* The largest number among those kept must be at least the last that was
 * acknowledged. */
export function checkKept(ledger, name, number) {
  const { last } = ledger.topic(name);

  if (!(number >= last))
    ledger.fault(`${name}: ${number} is kept, but ${last} was acknowledged`);
}

