/** What the server takes in one message, headers included. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

/** Message id and trace context. */
const HEADER_BYTES = 1024;

/** Why the server would refuse this for ever: sent again and again it would hold up all that waits behind it. */
export function tooLarge(text: string): string | undefined {
  const bytes = Buffer.byteLength(text);
  const limit = MAX_PAYLOAD_BYTES - HEADER_BYTES;
  return bytes > limit ? `${bytes} bytes, more than the ${limit} that NATS takes` : undefined;
}
