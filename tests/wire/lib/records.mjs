/*
 * records.mjs: a connection with TLS whose records are seen, too.
 */
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { Wire } from './wire.mjs';

const HEADER = 5;			/* bytes (RFC 8446 section 5.1) */
const DATA = 23;			/* the type of records with data */

/* Passes bytes between TLS and a socket, and notes the records that come. */
class Tap extends Duplex {
  #rest = Buffer.alloc(0);

  constructor(raw) {
    super();
    this.raw = raw;
    /* How long each record with data is, with what encrypting it has added. */
    this.lengths = [];
    raw.on('data', (chunk) => {
      this.#note(chunk);
      this.push(chunk);
    });
    raw.on('end', () => this.push(null));
    raw.on('error', () => {});
    raw.on('close', () => this.destroy());
  }

  #note(chunk) {
    let bytes = Buffer.concat([this.#rest, chunk]);
    let whole;

    while (bytes.length >= HEADER &&
      bytes.length >= (whole = HEADER + bytes.readUInt16BE(3))) {
      if (bytes[0] === DATA)
        this.lengths.push(whole - HEADER);
      bytes = bytes.subarray(whole);
    }
    this.#rest = bytes;
  }

  _read() {}

  _write(chunk, encoding, done) {
    this.raw.write(chunk, done);
  }

  _final(done) {
    this.raw.end(done);
  }
}

/* { wire, lengths }, once TLS has shaken hands.  options: as tls.connect()
 * takes them. */
export function openRecorded({ host, tlsPort }, options) {
  const raw = connect({ host, port: tlsPort, noDelay: true });
  const tap = new Tap(raw);
  const socket = connectTls({ rejectUnauthorized: false, ...options,
    socket: tap });

  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      resolve({ wire: new Wire(socket, raw), lengths: tap.lengths });
    });
  });
}
