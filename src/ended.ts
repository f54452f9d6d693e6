/** The end of an answer, heard by two listeners however many are told of it: listening costs more than most of what is told. */
import type { ServerResponse } from 'node:http';

/** Hears of the end: the status where all of the answer was sent, undefined where it can no longer be sent. */
type TellEnd = (status: number | undefined) => void;

const told = Symbol('who is told of the end');

interface Followed extends ServerResponse {
  [told]?: TellEnd[] | undefined;
}

/** Tells once, when the answer is sent or its connection is gone. */
export function whenEnded(response: Followed, tell: TellEnd): void {
  const known = response[told];
  if (known) {
    known.push(tell);
    return;
  }
  const all = [tell];
  response[told] = all;
  const end: TellEnd = (status) => {
    for (const each of all.splice(0)) each(status);
  };
  response.on('finish', () => end(response.statusCode));
  // Fastify's own hook does not run when the client goes away.
  response.on('close', () => end(undefined));
}
