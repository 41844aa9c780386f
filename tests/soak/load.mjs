/*
 * load.mjs: the clients of a soak.  All of them come back when they lose the
 * broker, and count what they do.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ControlPeer } from '../wire/lib/control.mjs';
import { SecurePeer, WebSocketPeer } from '../wire/lib/websocket.mjs';
import { PAGE } from './site.mjs';

/* Way to connect: its peers. */
const WAYS = { ws: WebSocketPeer, wss: SecurePeer, control: ControlPeer };
const BATCH = 20;	/* events between two acknowledgements */
const AGAIN = 50;	/* ms to the next try to connect */

/* What all kinds have: a loop of lives, each with one connection. */
class Client {
  connects = 0;
  failures = 0;		/* tries that did not connect */
  #stopped = false;

  constructor(load, way) {
    this.load = load;
    this.way = way;
  }

  begin() {
    this.over = this.#run();
    return this;
  }

  stop() {
    this.#stopped = true;
    return this.over;
  }

  get stopped() {
    return this.#stopped;
  }

  async #run() {
    while (!this.#stopped) {
      let peer = null;

      try {
        peer = await WAYS[this.way].open(this.load.site, PAGE);
        this.connects++;
        await this.live(peer);
      } catch (e) {
        if (peer === null)
          this.failures++;
        this.lost?.(e);
        await delay(AGAIN);
      } finally {
        await peer?.vanish();
      }
    }
  }
}

/* Publishes the next numbers of a topic, and has them acknowledged. */
class Publisher extends Client {
  resting = true;	/* it has nothing in flight */
  #numbers = [];

  constructor(load, topic, pause) {
    super(load, 'control');
    this.topic = topic;
    this.pause = pause;
  }

  async live(peer) {
    const { ledger } = this.load;

    while (!this.stopped) {
      this.resting = true;
      await this.load.gate;
      this.resting = false;
      this.#numbers = ledger.take(this.topic, BATCH);
      for (const n of this.#numbers)
        peer.send([7, this.topic, n]);
      const answer = await peer.call('wampd.barrier');
      if (answer[0] === 3 && answer[2].accepted === BATCH)
        ledger.accept(this.topic, this.#numbers);
      else
        ledger.refuse(this.topic, this.#numbers);
      this.#numbers = [];
      await delay(this.pause);
    }
  }

  lost() {
    this.load.ledger.lose(this.topic, this.#numbers);
    this.#numbers = [];
    this.resting = true;
  }
}

/* Stays connected, and checks what it gets. */
class Subscriber extends Client {
  #receivers = new Map();
  peer = null;

  constructor(load, way, topics) {
    super(load, way);
    for (const topic of topics)
      this.#receivers.set(topic, load.ledger.receiver(topic, way));
  }

  async live(peer) {
    for (const topic of this.#receivers.keys())
      peer.send([5, topic]);
    this.peer = peer;
    for (;;)
      this.#take(JSON.parse(await peer.messages.next()));
  }

  #take([type, topic, event]) {
    if (type === 8)
      this.#receivers.get(topic).take(event);
    else if (type === 3)
      this.answered?.();
  }

  /* Wait until all that was sent to it is here, then check it.  Nobody
   * publishes meanwhile. */
  async settle() {
    const { ledger } = this.load;

    if (this.peer === null)
      return;
    await new Promise((resolve) => {
      this.answered = resolve;
      this.peer.send([2, 'settle', 'wampd.echo']);
    });
    for (const [topic, receiver] of this.#receivers)
      receiver.settle(ledger.topic(topic).last);
  }

  lost() {
    this.peer = null;
    this.answered?.();
    for (const receiver of this.#receivers.values())
      receiver.break();
  }
}

/* Comes, subscribes, calls, and leaves: in order, or not. */
class Churner extends Client {
  async live(peer) {
    const { random } = this.load;
    const topics = this.load.topics.filter(() => random.int(2) === 0);

    for (const topic of topics)
      peer.send([5, topic]);
    await peer.result('wampd.echo', 1);
    for (const topic of topics)
      if (random.int(2) === 0)
        peer.send([6, topic]);
    await delay(random.int(this.load.stay));
    if (random.int(3) > 0)
      await peer.close();
  }
}

/* Subscribes, and does not read, until the broker has had enough. */
class Sleeper extends Client {
  async live(peer) {
    for (const topic of this.load.topics)
      peer.send([5, topic]);
    await peer.result('wampd.echo', 1);
    peer.wire.socket.pause();
    await delay(2000 + this.load.random.int(8000));
    peer.wire.socket.resume();
    await delay(100);
  }
}

export class Load {
  stay = 400;		/* ms, at most */
  gate = Promise.resolve();
  clients = [];
  #open = null;

  constructor(site, ledger, random) {
    this.site = site;
    this.ledger = ledger;
    this.random = random;
    this.topics = ['plain/1', 'plain/2', 'kept/1', 'told/1', 'counted/1',
      'open/1'];
  }

  begin() {
    for (const topic of this.topics)
      this.clients.push(new Publisher(this, topic, 20));
    for (const way of Object.keys(WAYS)) {
      this.clients.push(new Subscriber(this, way, this.topics));
      this.clients.push(new Sleeper(this, way));
      for (let i = 0; i < 8; i++)
        this.clients.push(new Churner(this, way));
    }
    this.clients.forEach((client) => client.begin());
  }

  #of(kind) {
    return this.clients.filter((client) => client instanceof kind);
  }

  /* Let the publishers rest, and wait until they do. */
  async hold() {
    this.gate = new Promise((resolve) => this.#open = resolve);
    while (!this.#of(Publisher).every((one) => one.resting))
      await delay(10);
  }

  release() {
    this.#open();
    this.gate = Promise.resolve();
  }

  /* Check that everything has arrived. */
  async settle() {
    await this.hold();
    try {
      for (const client of this.#of(Subscriber))
        await client.settle();
      this.ledger.check();
    } finally {
      this.release();
    }
  }

  /* How often steady subscribers had to connect. */
  steadyConnects() {
    return this.#of(Subscriber).reduce((sum, one) => sum + one.connects, 0);
  }

  totals() {
    const sum = (name) =>
      this.clients.reduce((total, one) => total + one[name], 0);

    return { connects: sum('connects'), failures: sum('failures') };
  }

  async end() {
    const over = this.clients.map((client) => client.stop());

    await Promise.all(this.#of(Subscriber).map((one) => one.peer?.vanish()));
    await Promise.race([Promise.all(over), delay(15_000)]);
  }
}
