/** Signatures of messages, as Standard Webhooks 1.0 has them. */
import { createHmac } from 'node:crypto';
import type { Random } from '../access/secret.js';

/** What every secret begins with. */
const prefix = 'whsec_';

/** Bytes of a secret; the standard takes 24 to 64. */
const secretBytes = 32;

/** Makes a secret: `whsec_` and 32 random bytes in base64. */
export function makeSigningSecret(random: Random): string {
  return `${prefix}${Buffer.from(random(secretBytes)).toString('base64')}`;
}

/** A message as it is signed. */
export interface SignedMessage {
  readonly id: string;
  readonly body: string;
}

/** The headers of a message that is sent at an instant, signed with each of some secrets. */
export function signatureHeaders({ id, body }: SignedMessage, secrets: readonly string[], now: Date) {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  } as const;
}
