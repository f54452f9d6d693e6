/** The language of a refusal: the one that the client prefers, or both. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { inBoth, type Label, type Say } from '../../words.js';
import { readPreferences } from './accept.js';
import { addVary } from './web-headers.js';

type Language = keyof Label;

const languages: readonly Language[] = ['zh', 'en'];

/** The language that a client prefers (`zh-CN` is Chinese, `en-US` English); undefined when it prefers neither. */
export function findLanguage(acceptLanguage: string | undefined): Language | undefined {
  const preferences = readPreferences(acceptLanguage ?? '').map(({ name, quality }) => ({
    language: name.split('-')[0],
    quality,
  }));
  const qualityOf = (language: string) => {
    const named = preferences.filter((preference) => preference.language === language);
    return named.length > 0 ? Math.max(...named.map(({ quality }) => quality)) : undefined;
  };
  const others = qualityOf('*') ?? 0;
  const [zh, en] = [qualityOf('zh') ?? others, qualityOf('en') ?? others];
  if (zh !== en) return zh > en ? 'zh' : 'en';
  if (zh === 0) return undefined;
  return languages.find((language) => language === preferences.find((one) => isLanguage(one.language))?.language);
}

function isLanguage(name: string | undefined): name is Language {
  return languages.some((language) => language === name);
}

/** How labels are written for a client. */
export function sayTo(request: FastifyRequest): Say {
  const language = findLanguage(request.headers['accept-language']);
  return language === undefined ? inBoth : (label) => label[language];
}

/** Marks an answer whose text follows Accept-Language with the language it is in. */
export function markLanguage(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('content-language', findLanguage(request.headers['accept-language']) ?? 'en, zh');
  varyByLanguage(reply);
}

/** Sets Vary, so that caches keep an answer by Accept-Language. */
export function varyByLanguage(reply: FastifyReply): void {
  addVary(reply, 'Accept-Language');
}
