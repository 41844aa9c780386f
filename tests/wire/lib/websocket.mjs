/*
 * websocket.mjs: a session over a WebSocket, close enough to the bytes to
 * break every rule of RFC 6455.
 */
import assert from 'node:assert/strict';
import { OFFER, RSV1, compressed, decompressed } from './deflate.mjs';
import { CLOSE, FrameReader, PING, PONG, TEXT, closePayload, encodeFrame }
  from './frame.mjs';
import { Peer } from './peer.mjs';
import { Queue } from './queue.mjs';
import { Wire } from './wire.mjs';

/* The key of RFC 6455 section 1.3, and the answer it obliges to. */
export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
export const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/* An upgrade request; headers replace the usual ones of the same name, and
 * null leaves one out. */
export function upgradeRequest(broker, { path = '/', headers = {} } = {}) {
  const all = {
    'Host': `${broker.host}:${broker.port}`,
    'Upgrade': 'websocket',
    'Connection': 'Upgrade',
    'Sec-WebSocket-Key': KEY,
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Protocol': 'wamp',
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== null)
    .flatMap(([name, value]) =>
      [value].flat().map((line) => `${name}: ${line}\r\n`));

  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/* { status, headers (names in lower case) } of a response's head. */
function parseHead(head) {
  const [first, ...lines] = head.split('\r\n');
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));

  return { status: Number(first.split(' ')[1]), headers };
}

export class WebSocketPeer extends Peer {
  #reader = new FrameReader();
  #head = [];
  #closeSent = false;
  #deflates = false;
  #close = { code: 1006, payload: Buffer.alloc(0) };
  /* The response's head, parsed. */
  response = new Queue();
  /* Its bytes. */
  headLength = 0;
  /* How many messages came compressed. */
  compressed = 0;
  pings = new Queue();
  pongs = new Queue();
  /* The code of the close frame, as soon as it is there. */
  goodbye = new Queue();

  /* Connect, shake hands and receive WELCOME.  options: as upgradeRequest(),
   * answerPings, and deflate: offer compression, in that form or any. */
  static async open(broker, { deflate = false, headers, ...options } = {}) {
    const wire = await this.connect(broker);
    const peer = new this(wire, options);
    const offers = deflate === false ? {} : { 'Sec-WebSocket-Extensions':
      deflate === true ? OFFER : deflate };

    wire.write(upgradeRequest(broker,
      { ...options, headers: { ...offers, ...headers } }));
    const response = await peer.response.next();
    assert.equal(response.status, 101, 'the broker refused the handshake');
    peer.headers = response.headers;
    return peer.welcome();
  }

  static connect({ host, port }) {
    return Wire.open({ host, port });
  }

  constructor(wire, { answerPings = true } = {}) {
    super(wire);
    this.answerPings = answerPings;
  }

  take(chunk) {
    const bytes = this.#head === null ? chunk : this.#takeHead(chunk);

    for (const frame of this.#reader.feed(bytes))
      this.#takeFrame(frame);
  }

  endQueues(error) {
    super.endQueues(error);
    this.response.end(error);
    this.pings.end(error);
    this.pongs.end(error);
    this.goodbye.end(error);
  }

  /* Collect the response's head; returns what is behind it. */
  #takeHead(chunk) {
    this.#head.push(chunk);
    const bytes = Buffer.concat(this.#head);
    const end = bytes.indexOf('\r\n\r\n');

    if (end === -1)
      return Buffer.alloc(0);
    this.#head = null;
    this.headLength = end + 4;
    const response = parseHead(bytes.toString('latin1', 0, end));
    this.#deflates = response.headers.has('sec-websocket-extensions');
    this.response.push(response);
    return bytes.subarray(end + 4);
  }

  #takeFrame({ opcode, fin, rsv, masked, payload }) {
    assert.ok(fin && !masked, 'a server frame, whole and plain');
    if (opcode === TEXT && rsv === RSV1 && this.#deflates) {
      this.compressed++;
      this.messages.push(decompressed(payload).toString());
      return;
    }
    assert.equal(rsv, 0, 'nothing of extensions that are not in use');
    if (opcode === TEXT) {
      this.messages.push(payload.toString());
    } else if (opcode === PING) {
      this.pings.push(payload.toString());
      if (this.answerPings)
        this.frame(PONG, payload);
    } else if (opcode === PONG) {
      this.pongs.push(payload.toString());
    } else {
      assert.equal(opcode, CLOSE, 'an opcode that the broker may send');
      this.#close = { payload,
        code: payload.length === 0 ? 1005 : payload.readUInt16BE(0) };
      this.goodbye.push(this.#close.code);
      if (!this.#closeSent)
        this.frame(CLOSE, payload);
    }
  }

  sendText(text) {
    this.frame(TEXT, text);
  }

  sendCompressed(text) {
    this.frame(TEXT, compressed(text), { rsv: RSV1 });
  }

  /* Send one frame; fault as in encodeFrame(). */
  frame(opcode, payload, fault) {
    this.#closeSent ||= opcode === CLOSE;
    this.wire.write(encodeFrame(opcode, payload, fault));
  }

  /* Wait for the connection's end: { code, payload } of the broker's close
   * frame, 1005 without a code, 1006 without a frame. */
  async closed() {
    await this.ended;
    return this.#close;
  }

  /* The broker must end the connection with this code. */
  async expectViolation(code) {
    assert.equal((await this.closed()).code, code, 'close code');
  }

  close() {
    this.frame(CLOSE, closePayload(1000));
    return this.closed();
  }
}

/* The same over TLS. */
export class SecurePeer extends WebSocketPeer {
  static connect({ host, tlsPort }) {
    return Wire.openTls({ host, port: tlsPort });
  }
}

/* The same on the port for proxies. */
export class ProxiedPeer extends WebSocketPeer {
  static connect({ host, proxyPort }) {
    return Wire.open({ host, port: proxyPort });
  }
}
