/** One attempt to send one message. */
import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { AttemptProblem } from '../words.js';
import { attemptFailure, findReceiver, problemOf, type Receiver, type Resolve, readUrl } from './address.js';
import type { Networks } from './networks.js';
import { readRetryAfter } from './schedule.js';
import { type SignedMessage, signatureHeaders } from './signature.js';

/** What an attempt came to. */
export interface Attempt {
  /** `put-back`: it was broken off because the service stops, and counts for nothing. */
  readonly result: 'delivered' | 'gone' | 'failed' | 'put-back';
  /** The status of the answer; null where there was none. */
  readonly status: number | null;
  readonly problem: AttemptProblem | null;
  /** Milliseconds for which the receiver asks to be left alone. */
  readonly retryAfterMs?: number | undefined;
}

/** What messages are sent with. */
export interface Post {
  readonly networks: Networks;
  readonly resolve: Resolve;
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** Ends what is under way when the service stops. */
  readonly stop: AbortSignal;
}

/** Milliseconds for all of an attempt: looking the host up, connecting, sending, and the answer. */
export const attemptMs = 15_000;

/** What of an answer is read, so that its connection can be used again; beyond that the connection is closed. */
const maxAnswerBytes = 4096;

/** Opens what messages are sent with. Connections are kept for some seconds; none goes by a proxy. */
export function openPost(options: Pick<Post, 'networks' | 'resolve' | 'stop'>): Post {
  // Every attempt under way listens to it; that is bounded, and no leak.
  setMaxListeners(0, options.stop);
  const kept = { keepAlive: true, maxFreeSockets: 32, timeout: 5000 };
  return { ...options, agents: { http: new HttpAgent(kept), https: new HttpsAgent(kept) } };
}

/** Sends a message once, and says what it came to. Never throws. */
export async function sendMessage(
  post: Post,
  to: { readonly url: string; readonly secrets: readonly string[] },
  message: SignedMessage,
  now: Date,
): Promise<Attempt> {
  const { signal, clear } = endOfAttempt(post.stop);
  try {
    const url = readUrl(to.url);
    const receiver = await orAborted(findReceiver(url, post.networks, post.resolve), signal);
    const headers = { ...signatureHeaders(message, to.secrets, now), ...fixedHeaders, host: url.host };
    return attemptOf(await exchange(post, { receiver, url, headers, body: message.body, signal }), now);
  } catch (error) {
    if (post.stop.aborted) return { result: 'put-back', status: null, problem: null };
    const problem = problemOf(error) ?? (signal.aborted ? 'TIMEOUT' : causeOf(error));
    return { result: 'failed', status: null, problem };
  } finally {
    clear();
  }
}

/** A signal that its time is over, or that the service stops. (Of `AbortSignal.any` Node 20 may forget the timeout.) */
function endOfAttempt(stop: AbortSignal) {
  const ended = new AbortController();
  const end = () => ended.abort();
  const timer = setTimeout(end, attemptMs);
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  const clear = () => {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
  };
  return { signal: ended.signal, clear };
}

const fixedHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'Xiangbao',
  accept: '*/*',
} as const;

interface Exchange {
  readonly receiver: Receiver;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** An answer as far as it decides anything. */
interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/** A connection that was kept may have been closed by the receiver at this moment: then once more on a new one. */
async function exchange(post: Post, sent: Exchange): Promise<Answer> {
  const first = await attempt(post, sent, 'kept');
  if (first !== 'stale') return first;
  const second = await attempt(post, sent, 'new');
  if (second === 'stale') throw attemptFailure('CONNECT');
  return second;
}

function attempt(post: Post, sent: Exchange, connection: 'kept' | 'new'): Promise<Answer | 'stale'> {
  const { receiver, url, headers, body, signal } = sent;
  const { scheme, address, host, port } = receiver;
  const common = {
    host: address,
    port,
    method: 'POST',
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    signal,
  };
  return new Promise((resolve, reject) => {
    // The certificate is held to the name, where there is one; the connection goes to the address that was checked.
    const request =
      scheme === 'http'
        ? requestHttp({ ...common, agent: connection === 'new' ? false : post.agents.http })
        : requestHttps({
            ...common,
            agent: connection === 'new' ? false : post.agents.https,
            servername: isIP(host) === 0 ? host : '',
            rejectUnauthorized: true,
          });
    let answer: Answer | undefined;
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The status decides once it has come: who answers slowly, or breaks off, has the message.
      if (answer) resolve(answer);
      else if (request.reusedSocket && /^(?:ECONNRESET|EPIPE)$/.test(error.code ?? '')) resolve('stale');
      else reject(error);
    });
    request.on('response', (response) => {
      const head = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
      answer = head;
      drain(response).then(() => resolve(head), reject);
    });
    // Another protocol is none that was asked for. Without this its connection ends, and nothing is said of it.
    request.on('upgrade', (_, socket) => socket.destroy());
    // However it ends, the attempt does: one that does not would keep its place, and the service from stopping.
    request.on('close', () => (answer ? resolve(answer) : reject(attemptFailure('ANSWER'))));
    request.end(body);
  });
}

/** Reads an answer to its end or its bound. Nothing of it is kept: it is the receiver's, not its subscriber's. */
async function drain(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of response) {
      // What comes are bytes, since no encoding is set.
      bytes += (chunk as Buffer).length;
      if (bytes > maxAnswerBytes) break;
    }
  } catch {
    // What follows the status is of no use.
  }
}

function attemptOf({ status, retryAfter }: Answer, now: Date): Attempt {
  if (status >= 200 && status < 300) return { result: 'delivered', status, problem: null };
  if (status === 410) return { result: 'gone', status, problem: 'STATUS' };
  if (status >= 300 && status < 400) return { result: 'failed', status, problem: 'REDIRECT' };
  const asks = status === 429 || status === 503;
  const retryAfterMs = asks ? readRetryAfter(retryAfter, now) : undefined;
  return { result: 'failed', status, problem: 'STATUS', retryAfterMs };
}

/** A host that is not found in time is waited for no longer; what the system still does about it is its own. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function causeOf(error: unknown): AttemptProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_MISMATCH)/.test(code)) return 'TLS';
  return /^(?:HPE_|ERR_HTTP)/.test(code) ? 'ANSWER' : 'CONNECT';
}
