/** The address of a receiver: what it may look like, what its name means, and which of that may be sent to. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { openTurns } from '../turns.js';
import type { AttemptProblem, Label } from '../words.js';
import { allowsAny, mayReach, type Networks, type Scheme } from './networks.js';

/** Says all addresses of a host by its name. Throws where there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Asks the system, as every other program of the machine does: its own list of hosts is heard, too. */
export const resolveBySystem: Resolve = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
};

/** Hosts looked up at once: each takes one of four threads that also read and write files, for as long as nobody answers. */
const maxLookups = 2;

/** Looks a host up once for all who ask meanwhile, and few at once. */
export function resolveInTurn(resolve: Resolve): Resolve {
  const turns = openTurns({ atOnce: maxLookups, waiting: 1 }, tooManyLookups);
  const underWay = new Map<string, Promise<readonly string[]>>();
  const lookUp = async (host: string) => {
    const end = await turns.take({ patient: true });
    try {
      return await resolve(host);
    } finally {
      end();
      underWay.delete(host);
    }
  };
  return (host) => {
    const known = underWay.get(host) ?? lookUp(host);
    underWay.set(host, known);
    return known;
  };
}

/** Nobody is refused: as many wait as messages are under way. */
const tooManyLookups = {
  all: { zh: '正在解析的主机名过多。', en: 'Too many hosts are being looked up.' },
  own: { zh: '正在解析的主机名过多。', en: 'Too many hosts are being looked up.' },
};

/** A receiver as an attempt reaches it: the address is looked up once, and connected to as it was checked. */
export interface Receiver {
  readonly scheme: Scheme;
  readonly address: string;
  readonly port: number;
  /** As the address of the subscription names it, without brackets. */
  readonly host: string;
}

/** The longest address that is taken, in characters. */
export const maxUrl = 2000;

/** Throws `address-refused` for what is no address of a receiver, however its host is to be reached. */
export function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw refused('form', notHttp);
  if (url.username !== '' || url.password !== '') throw refused('form', withCredentials);
  if (url.hash !== '' || text.length > maxUrl) throw refused('form', notHttp);
  return url;
}

/**
 * Looks a receiver up once and checks all of its addresses. Throws an `AttemptFailure`: one that is not allowed is enough,
 * since who answers for a name chooses which is taken.
 */
export async function findReceiver(url: URL, networks: Networks, resolve: Resolve): Promise<Receiver> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const addresses = isIP(host) === 0 ? await resolveHost(host, resolve) : [host];
  const [address] = addresses;
  if (address === undefined) throw attemptFailure('RESOLVE');
  if (!addresses.every((one) => mayReach(networks, one, scheme))) throw attemptFailure('ADDRESS');
  return { scheme, address, host, port: Number(url.port || (scheme === 'http' ? 80 : 443)) };
}

async function resolveHost(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (error) {
    throw attemptFailure('RESOLVE', error);
  }
}

/** A failure of an attempt before there is an answer. */
export interface AttemptFailure extends Error {
  readonly problem: AttemptProblem;
}

/** Makes one. */
export function attemptFailure(problem: AttemptProblem, cause?: unknown): AttemptFailure {
  return Object.assign(new Error(problem, { cause }), { problem });
}

/** Why an attempt failed, where it was one of ours. */
export function problemOf(error: unknown): AttemptProblem | undefined {
  // Set by `attemptFailure` alone.
  return error instanceof Error && 'problem' in error ? (error as AttemptFailure).problem : undefined;
}

/** Milliseconds for which who makes a subscription waits for its host to be found. */
const maxLookupMs = 5000;

/** Throws `address-refused` where the address of a new receiver cannot be sent to as things are now. */
export async function requireReceiver(text: string, networks: Networks, resolve: Resolve): Promise<void> {
  if (!allowsAny(networks)) throw refused('off', nowhere);
  const url = readUrl(text);
  try {
    const late = sleep(maxLookupMs, undefined, { ref: false }).then(() => Promise.reject(attemptFailure('RESOLVE')));
    await Promise.race([findReceiver(url, networks, resolve), late]);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === 'ADDRESS') throw refused('network', url.protocol === 'http:' ? byHttp : outside);
    if (problem === 'RESOLVE') throw refused('unresolved', unresolved);
    throw error;
  }
}

const nowhere: Label = {
  zh: '本服务不向外推送：设置 WEBHOOK_NETWORKS 为空，请联系运维人员。可改用 GET /v1/changes。',
  en: 'This service sends nothing: its setting WEBHOOK_NETWORKS is empty; ask the operator. GET /v1/changes tells the same to who asks.',
};
const outside: Label = {
  zh: '该地址不在允许推送的网络内（设置 WEBHOOK_NETWORKS），请联系运维人员。',
  en: 'The address is in no network that messages may go to (setting WEBHOOK_NETWORKS); ask the operator.',
};
const byHttp: Label = {
  zh: '该地址不在允许以 http 推送的网络内（设置 WEBHOOK_NETWORKS 中逐一列出的网络）；其他网络只用 https。',
  en: 'By http messages go only to networks that the setting WEBHOOK_NETWORKS names by their addresses; use https elsewhere.',
};
const unresolved: Label = {
  zh: '该地址的主机名无法解析。',
  en: 'The host of the address has no address that could be found.',
};
const notHttp: Label = {
  zh: `url 应为 https（或 http）地址，不含 #，不超过 ${maxUrl} 个字符。`,
  en: `url is an address of https (or http) without a fragment, of at most ${maxUrl} characters.`,
};
const withCredentials: Label = {
  zh: 'url 不得含用户名或密码；接收方凭签名辨认消息。',
  en: 'url holds no name or password: a receiver knows messages by their signature.',
};

function refused(reason: 'off' | 'form' | 'network' | 'unresolved', detail: Label): Problem {
  return new Problem('address-refused', detail, {
    reason,
    errors: [{ code: 'ADDRESS', severity: 'error', pointer: '/url', message: detail }],
  });
}
