/*
 * npm.mjs: a session over npm ws, a WebSocket client that nobody here wrote.
 */
import { createRequire } from 'node:module';
import { urlOf } from './broker.mjs';
import { Peer } from './peer.mjs';
import { Queue } from './queue.mjs';

const require = createRequire(import.meta.url);

export const WebSocket = createRequire(
  createRequire(require.resolve('wamp1')).resolve('websocket-buffering'))('ws');

/* What a peer needs of a connection: its chunks are whole messages. */
class NpmWire {
  chunks = new Queue();

  constructor(socket) {
    this.socket = socket;
    socket.destroy = () => socket.terminate();
    socket.on('message', (data) => this.chunks.push(data.toString()));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', (code) => {
        this.chunks.end(new Error(`the broker closed the connection: ${code}`));
        resolve(code);
      });
    });
  }

  vanish() {
    this.socket.terminate();
    return this.closed;
  }
}

class NpmPeer extends Peer {
  take(text) {
    this.messages.push(text);
  }

  /* The extensions that were negotiated, as text. */
  get extensions() {
    return this.wire.socket.extensions;
  }

  /* options: as its send() takes them. */
  sendText(text, options) {
    this.wire.socket.send(text, options);
  }

  close() {
    this.wire.socket.close(1000);
    return this.wire.closed;
  }
}

/* A session with the test's broker that ends with the test.  deflate: as
 * perMessageDeflate of npm ws. */
export async function openNpm(t, transport, deflate = false) {
  const socket = new WebSocket(urlOf(t.fixture, transport), 'wamp',
    { perMessageDeflate: deflate, rejectUnauthorized: false });
  const peer = new NpmPeer(new NpmWire(socket));

  t.defer(() => peer.vanish());
  return peer.welcome();
}
