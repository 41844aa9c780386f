/*
 * neighbours.mjs: a publisher and subscribers, one on each transport, who keep
 * exchanging numbered events beside whatever a test does to the broker, and
 * must lose none.
 */
import assert from 'node:assert/strict';
import { open } from './broker.mjs';

/* Makes events large enough to be compressed for those who want that. */
const PAD = 'x'.repeat(150);

export class Neighbours {
  #stopping = false;
  #events = 0;
  #clock;
  /* How much the clock moved during one exchange, at most. */
  longest = 0;

  /* clock() tells how much was done so far, by any measure; headers are those
   * of the handshakes. */
  static async start(t, { clock = () => 0, headers } = {}) {
    const neighbours = new Neighbours();

    neighbours.#clock = clock;
    neighbours.topic = `${t.topic}/neighbours`;
    neighbours.publisher = await open(t, 'ws', { headers });
    neighbours.subscribers = [await open(t, 'ws', { headers }),
      await open(t, 'control')];
    if (t.fixture.tlsPort)
      neighbours.subscribers.push(await open(t, 'wss', { deflate: true }));
    for (const subscriber of neighbours.subscribers) {
      subscriber.send([5, neighbours.topic]);
      await subscriber.sync();
    }
    neighbours.done = neighbours.#exchange();
    /* stop() tells; until then a failure must not end the process. */
    neighbours.done.catch(() => {});
    return neighbours;
  }

  async #exchange() {
    do {
      const event = [++this.#events, PAD];
      const since = this.#clock();
      this.publisher.send([7, this.topic, event]);
      await this.publisher.sync();
      for (const subscriber of this.subscribers)
        assert.deepEqual(await subscriber.events(this.topic),
          [event]);
      this.longest = Math.max(this.longest, this.#clock() - since);
    } while (!this.#stopping);
  }

  /* Stop; rejects when an event was lost. */
  async stop() {
    this.#stopping = true;
    await this.done;
  }
}
