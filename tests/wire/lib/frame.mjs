/*
 * frame.mjs: WebSocket frames (RFC 6455 section 5), well formed or not.
 */
import { randomBytes } from 'node:crypto';

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/*
 * A client's frame.  fault: what to do otherwise than the RFC obliges a
 * client: fin, rsv (three bits), masked, and length (what the header claims).
 */
export function encodeFrame(opcode, payload = '', fault = {}) {
  const { fin = true, rsv = 0, masked = true } = fault;
  const body = Buffer.from(payload);
  const length = BigInt(fault.length ?? body.length);
  const first = (fin ? 0x80 : 0) | rsv << 4 | opcode;

  if (!masked)
    return Buffer.concat([Buffer.of(first), lengthField(length, 0), body]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.of(first), lengthField(length, 0x80), key,
    body.map((byte, i) => byte ^ key[i & 3])]);
}

function lengthField(length, maskBit) {
  if (length < 126n)
    return Buffer.of(maskBit | Number(length));
  if (length < 65536n) {
    const field = Buffer.of(maskBit | 126, 0, 0);
    field.writeUInt16BE(Number(length), 1);
    return field;
  }
  const field = Buffer.alloc(9, maskBit | 127);
  field.writeBigUInt64BE(length, 1);
  return field;
}

/* A close frame's payload. */
export function closePayload(code, reason = '') {
  return Buffer.concat([Buffer.of(code >> 8, code & 255),
    Buffer.from(reason)]);
}

/* Cuts a server's bytes into frames { opcode, fin, rsv, masked, payload }. */
export class FrameReader {
  #chunks = [];
  #have = 0;
  #need = 2;

  /* Take in bytes; returns the frames that are complete now. */
  feed(bytes) {
    const frames = [];

    this.#chunks.push(bytes);
    this.#have += bytes.length;
    while (this.#have >= this.#need) {
      const all = Buffer.concat(this.#chunks);
      this.#need = frameSize(all);
      if (all.length < this.#need) {
        this.#chunks = [all];
        break;
      }
      frames.push(parseFrame(all.subarray(0, this.#need)));
      this.#chunks = [all.subarray(this.#need)];
      this.#have -= this.#need;
      this.#need = 2;
    }
    return frames;
  }
}

function headerSize(bytes) {
  const length = bytes[1] & 0x7f;

  return 2 + (length === 127 ? 8 : length === 126 ? 2 : 0);
}

/* The size of the frame that bytes begin with, as far as they tell. */
function frameSize(bytes) {
  const header = headerSize(bytes);

  if (bytes.length < header)
    return header;
  if (header === 2)
    return header + (bytes[1] & 0x7f);
  if (header === 4)
    return header + bytes.readUInt16BE(2);
  return header + Number(bytes.readBigUInt64BE(2));
}

function parseFrame(bytes) {
  return {
    opcode: bytes[0] & 0x0f,
    fin: (bytes[0] & 0x80) !== 0,
    rsv: bytes[0] >> 4 & 7,
    masked: (bytes[1] & 0x80) !== 0,
    payload: bytes.subarray(headerSize(bytes)),
  };
}
