/**
 * The text of a token: `xb_`, a part that may be seen, a secret part, and a check sum that tells a mistyped token from
 * a wrong one without asking the store (and tells a scanner of leaked secrets what it has found).
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Where random bytes come from. */
export type Random = (bytes: number) => Uint8Array;

/** A token as it is shown once, and what of it is kept. */
export interface Secret {
  readonly text: string;
  readonly key: string;
  /** SHA-256 of the secret part, in hexadecimal. */
  readonly hash: string;
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const keyLength = 8;
/** 32 digits of 62 are 190 bits. */
const secretLength = 32;
const sumLength = 6;
const pattern = new RegExp(
  `^xb_([${digits}]{${keyLength}})_([${digits}]{${secretLength}})([${digits}]{${sumLength}})$`,
);

/** Makes a token. */
export function makeSecret(random: Random): Secret {
  const key = randomDigits(random, keyLength);
  const secret = randomDigits(random, secretLength);
  return { text: `xb_${key}_${secret}${checkSum(key, secret)}`, key, hash: digest(secret) };
}

/** Takes a token apart; undefined for what is none, or was mistyped. */
export function readSecret(text: string): Omit<Secret, 'text'> | undefined {
  const [, key, secret, sum] = pattern.exec(text) ?? [];
  if (key === undefined || secret === undefined || sum !== checkSum(key, secret)) return undefined;
  return { key, hash: digest(secret) };
}

/** Whether two digests are the same, in a time that does not tell where they differ. */
export function sameDigest(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function digest(secret: string): string {
  return hash('sha256', secret);
}

function checkSum(key: string, secret: string): string {
  let rest = crc32(`${key}_${secret}`);
  let sum = '';
  for (let place = 0; place < sumLength; place++) {
    sum = digits[rest % digits.length] + sum;
    rest = Math.floor(rest / digits.length);
  }
  return sum;
}

/** Bytes of 248 and more are left out: they would make some digits likelier than others. */
function randomDigits(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < 4 * digits.length && text.length < length) text += digits[byte % digits.length];
    }
  }
  return text;
}
