/*
 * deflate.mjs: the messages of permessage-deflate (RFC 7692), each compressed
 * by itself.
 */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

/* What ends a flush.  A sender leaves it out. */
export const TAIL = Buffer.of(0, 0, 0xff, 0xff);

export const OFFER = 'permessage-deflate';
/* RSV1, for encodeFrame(). */
export const RSV1 = 4;

/* options: as zlib takes them. */
export function compressed(text, options) {
  const all = deflateRawSync(text,
    { finishFlush: constants.Z_SYNC_FLUSH, ...options });

  return all.subarray(0, all.length - TAIL.length);
}

export function decompressed(payload) {
  return inflateRawSync(Buffer.concat([payload, TAIL]),
    { finishFlush: constants.Z_SYNC_FLUSH });
}
