/**
 * The closed catalogue of failures. Every refusal anywhere in the service is one of these, so that a throw
 * reads as prose, grep finds it, and REST and GraphQL answer alike (RFC 9457).
 */
import { quoteText } from './text.js';
import { inBoth, type Label, type Say } from './words.js';

/** One fault inside a request, in both languages. */
export interface Fault {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** RFC 6901 pointer into the body, or the parameter's name with a leading slash. */
  readonly pointer: string;
  readonly cells?: readonly string[];
  readonly left?: number | null;
  readonly right?: number | null;
  readonly difference?: number | null;
  readonly label?: Label;
  readonly message: Label;
}

/** The RFC 6901 pointer to what a path of keys and places leads to; it goes into answers, so each key is quoted. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => `/${quoteText(String(part), maxQuotedKey).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** Characters of a member's name that are shown; ours have 30. */
const maxQuotedKey = 200;

/** The most faults that are looked for in a request: who has so many needs no more to mend it. */
export const maxFaults = 100;

/** Some faults of a request, for the members of its refusal. */
export interface ListedFaults<One extends Fault> {
  readonly errors: readonly One[];
  /** There may be others, which were not looked for. */
  readonly more?: true;
}

/**
 * Takes the first faults of those that are found, and looks for no more: `found` should find each when it is asked for.
 * A number can break two bounds of its schema at once, so that faults of one place and code are one.
 */
export function listFaults<One extends Fault>(found: Iterable<One>): ListedFaults<One> {
  const listed = new Map<string, One>();
  let looked = 0;
  for (const fault of found) {
    const key = `${fault.pointer} ${fault.code}`;
    if (listed.size === maxFaults || looked++ === maxFaults * 10) return { errors: [...listed.values()], more: true };
    // The sentence that was found last is the one of the narrower bound.
    listed.set(key, fault);
  }
  return { errors: [...listed.values()] };
}

/** How many faults a refusal lists, in words: "at least" where it does not list all. */
export function countListed({ errors, more }: ListedFaults<Fault>): Label {
  return more
    ? { zh: `至少 ${errors.length}`, en: `At least ${errors.length}` }
    : { zh: `${errors.length}`, en: `${errors.length}` };
}

const catalogue = {
  'malformed-body': { status: 400, title: { zh: '请求体格式错误', en: 'The body is not well-formed' } },
  'malformed-request': { status: 400, title: { zh: '请求报文无效', en: 'The message is not valid HTTP' } },
  'invalid-parameter': { status: 400, title: { zh: '参数无效', en: 'A parameter is not valid' } },
  unauthorized: { status: 401, title: { zh: '需要令牌', en: 'A token is needed' } },
  forbidden: { status: 403, title: { zh: '超出令牌权限', en: 'Not within what this token may do' } },
  'not-found': { status: 404, title: { zh: '未找到', en: 'Not found' } },
  'unknown-agency': { status: 404, title: { zh: '名录中没有该机关', en: 'No such agency in the register' } },
  'unknown-division': { status: 404, title: { zh: '名录中没有该行政区划', en: 'No such division in the register' } },
  'method-not-allowed': { status: 405, title: { zh: '不支持该方法', en: 'The path does not take this method' } },
  'not-acceptable': { status: 406, title: { zh: '无法提供所要求的格式', en: 'No acceptable representation' } },
  'request-timeout': { status: 408, title: { zh: '请求发送过慢', en: 'The request came too slowly' } },
  'already-filed': { status: 409, title: { zh: '已报送', en: 'Already filed' } },
  conflict: { status: 409, title: { zh: '与名录冲突', en: 'Conflicts with the register' } },
  'year-locked': { status: 409, title: { zh: '该年度已锁定', en: 'The year is locked' } },
  'request-in-flight': { status: 409, title: { zh: '相同请求正在处理', en: 'The same request is under way' } },
  'too-many-subscriptions': { status: 409, title: { zh: '订阅过多', en: 'Too many subscriptions' } },
  'changes-lost': { status: 410, title: { zh: '变更位置已失效', en: 'The place in the changes is lost' } },
  'stale-revision': { status: 412, title: { zh: '版本已过期', en: 'The revision is stale' } },
  'body-too-large': { status: 413, title: { zh: '请求体过大', en: 'The body is too large' } },
  'unsupported-media-type': { status: 415, title: { zh: '不支持的媒体类型', en: 'Unsupported media type' } },
  'invalid-report': { status: 422, title: { zh: '报告内容无效', en: 'Not a valid report' } },
  'invalid-document': {
    status: 422,
    title: { zh: '文件无法识别为年度报告', en: 'The document could not be read as a report' },
  },
  'ambiguous-agency': {
    status: 422,
    title: { zh: '机关名称不唯一', en: 'The document names more than one possible agency' },
  },
  'unbalanced-report': { status: 422, title: { zh: '报告勾稽关系不符', en: 'The report breaks its own equations' } },
  'agency-closed': {
    status: 422,
    title: { zh: '该机关当年未设立或已撤销', en: 'The agency was not active that year' },
  },
  'invalid-change': { status: 422, title: { zh: '变更内容无效', en: 'Not a valid change' } },
  'repeated-in-file': { status: 422, title: { zh: '文件内重复报送', en: 'Twice in one file' } },
  'address-refused': { status: 422, title: { zh: '推送地址不可用', en: 'Messages cannot go to that address' } },
  'not-kept': { status: 422, title: { zh: '因其他报送被拒而未保存', en: 'Not kept, as others were refused' } },
  'key-reused': {
    status: 422,
    title: { zh: '幂等键已用于其他请求', en: 'The idempotency key was used for another request' },
  },
  'invalid-review': { status: 422, title: { zh: '审核意见无效', en: 'Not a valid decision' } },
  'revision-required': { status: 428, title: { zh: '需要 If-Match', en: 'If-Match is required' } },
  'query-too-large': { status: 400, title: { zh: '查询超出限制', en: 'The query asks for too much' } },
  'persisted-query-not-found': {
    status: 404,
    title: { zh: '未保存该查询', en: 'No such query is kept' },
  },
  'persisted-query-not-supported': {
    status: 400,
    title: { zh: '不支持该版本的 persistedQuery', en: 'That version of persistedQuery is not taken' },
  },
  'too-many-requests': { status: 429, title: { zh: '请求过于频繁', en: 'Too many requests' } },
  'headers-too-large': { status: 431, title: { zh: '请求头过大', en: 'The headers are too large' } },
  internal: { status: 500, title: { zh: '内部错误', en: 'Internal error' } },
  busy: { status: 503, title: { zh: '数据库繁忙', en: 'The database is busy' } },
  'storage-unavailable': { status: 503, title: { zh: '存储暂不可写', en: 'The storage cannot be written' } },
  'damaged-upload': {
    status: 503,
    title: { zh: '所存文件已损坏', en: 'The file that was sent is damaged' },
  },
  'storage-full': { status: 507, title: { zh: '存储空间已满', en: 'The storage is full' } },
  overloaded: { status: 503, title: { zh: '服务过载', en: 'The service is overloaded' } },
} as const;

/** The name of a failure, the last segment of its `type`. */
export type ProblemName = keyof typeof catalogue;

/** A failure as it is answered: RFC 9457 members, and those of the failure's own. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly Fault[];
  readonly [member: string]: unknown;
}

/** A failure that is the caller's to know of. Everything else that is thrown becomes `internal`. */
export class Problem extends Error {
  readonly kind: ProblemName;
  readonly detail: Label;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(kind: ProblemName, detail: Label, members: Readonly<Record<string, unknown>> = {}) {
    const quoted = { zh: quoteText(detail.zh, maxQuoted), en: quoteText(detail.en, maxQuoted) };
    super(inBoth(quoted));
    this.name = 'Problem';
    this.kind = kind;
    this.detail = quoted;
    this.members = members;
  }

  get status(): number {
    return catalogue[this.kind].status;
  }

  /** The answer's body in both languages, for a request that names none. */
  get body(): ProblemBody {
    return this.bodyIn(inBoth);
  }

  /** The body as it is kept for later answers: with the label of its detail, from which `sayStored` says it. */
  get stored(): ProblemBody {
    return { ...this.body, label: this.detail };
  }

  /** The answer's body, its title and detail glued or chosen by `say`; at most 60 KB, whatever it quotes. */
  bodyIn(say: Say): ProblemBody {
    const { status, title } = catalogue[this.kind];
    const members = boundMembers(this.members);
    const detail = sayDetail(this.detail, members, say);
    return { type: `/problems/${this.kind}`, title: say(title), status, detail, ...members };
  }
}

type Members = Readonly<Record<string, unknown>>;

/** The bytes that a refusal may have, with what is added where it is sent. */
export const maxProblemBytes = 65_536;

/** Of these the members of its own: what is beside them is the detail, in two languages. */
const maxMemberBytes = 58_000;

/** The length to which texts are cut, and the one where that leaves too much. */
const maxQuoted = 1_000;
const maxQuotedInMany = 200;

/** Members within what a refusal may have: long texts are cut, then lists, the faults last; `more` says that some were. */
function boundMembers(members: Members): Members {
  const whole = quoteMembers(members, maxQuoted);
  if (bytesOf(whole) <= maxMemberBytes) return whole;
  const cut = quoteMembers(members, maxQuotedInMany);
  return bytesOf(cut) <= maxMemberBytes ? cut : fitMembers(cut);
}

/** What is no list comes first, then the faults. */
function fitMembers(members: Members): Members {
  const rank = ([name, value]: [string, unknown]) => (Array.isArray(value) ? (name === 'errors' ? 1 : 2) : 0);
  let left = maxMemberBytes;
  const fits = (value: unknown) => {
    left -= bytesOf(value);
    return left >= 0;
  };
  const fitting = Object.entries(members)
    .sort((one, other) => rank(one) - rank(other))
    .flatMap(([name, value]): [string, unknown][] => {
      if (Array.isArray(value)) return [[name, value.filter(fits)]];
      return fits(value) ? [[name, value]] : [];
    });
  return { ...Object.fromEntries(fitting), more: true };
}

/** Longest lists inside the members: a finding may be about every cell of a form. */
const maxListed = 300;

function quoteMembers(members: Members, length: number): Members {
  let isCut = false;
  const quote = (value: unknown, most: number): unknown => {
    if (typeof value === 'string') return quoteText(value, length);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Array.isArray(value) ? value : Object.entries(value);
    if (entries.length > most) isCut = true;
    if (Array.isArray(value)) return value.slice(0, most).map((item) => quote(item, maxListed));
    return quoteEach(Object.entries(value).slice(0, most), maxListed);
  };
  const quoteEach = (entries: readonly [string, unknown][], most: number) =>
    Object.fromEntries(entries.map(([name, value]) => [quoteText(name, length), quote(value, most)]));
  const quoted = quoteEach(Object.entries(members), maxFaults);
  return isCut ? { ...quoted, more: true } : quoted;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

const unlisted: Label = { zh: '未全部列出，可能还有更多。', en: ' Not all are listed; there may be more.' };

function sayDetail(detail: Label, { more }: Readonly<Record<string, unknown>>, say: Say): string {
  return say(more === true ? { zh: detail.zh + unlisted.zh, en: detail.en + unlisted.en } : detail);
}

/** A kept body as it is answered. What was kept without its label is answered as it was kept. */
export function sayStored({ label, ...body }: ProblemBody, say: Say): ProblemBody {
  const title = problems.find(({ name }) => body.type === `/problems/${name}`)?.title;
  if (!title || !isLabel(label)) return body;
  return { ...body, title: say(title), detail: sayDetail(label, body, say) };
}

function isLabel(value: unknown): value is Label {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}

/** Every failure with its status and title, for documents and tests. */
export const problems: readonly { readonly name: ProblemName; readonly status: number; readonly title: Label }[] =
  Object.entries(catalogue).map(([name, entry]) => ({
    // Object.entries widens the keys of the literal above to string.
    name: name as ProblemName,
    ...entry,
  }));

/** The one translator from anything thrown to a `Problem`; what is not known says nothing of itself. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  if (code !== undefined && fullCodes.has(code)) return storageFull();
  if (code !== undefined && faultCodes.has(code)) return storageUnavailable();
  const known = code === undefined ? undefined : thrownByFastify[code];
  if (known) return new Problem(known[0], known[1]);
  if (isClientFault(error))
    return new Problem('malformed-request', { zh: '请求无法处理。', en: 'The request cannot be answered as sent.' });
  return new Problem('internal', {
    zh: '服务内部错误。',
    en: 'Something failed on our side; the log has it under this request id.',
  });
}

/** Codes of the system, for files beside the database; the database's own become a `Problem` in the store. */
const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const faultCodes: ReadonlySet<string> = new Set(['EROFS', 'EIO']);

/** No space is left, on the disk or within a quota. */
export function storageFull(): Problem {
  return new Problem('storage-full', {
    zh: '存储空间已满，未保存；查询不受影响。',
    en: 'There is no space left; nothing was stored, reading goes on.',
  });
}

/** The disk fails, or cannot be written. */
export function storageUnavailable(): Problem {
  return new Problem('storage-unavailable', {
    zh: '存储暂不可写，未保存。',
    en: 'The storage refuses to be written; nothing was stored.',
  });
}

const thrownByFastify: Readonly<Record<string, readonly [ProblemName, Label]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'body-too-large',
    { zh: '请求体超过本接口上限。', en: 'The body exceeds the limit for this call.' },
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported-media-type',
    { zh: '不支持该媒体类型。', en: 'This call does not take that media type.' },
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-body', { zh: '请求体为空。', en: 'The body is empty.' }],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'malformed-body',
    { zh: '请求体长度不符。', en: 'Content-Length does not fit the body.' },
  ],
  FST_ERR_MAX_PARAM_LENGTH: ['invalid-parameter', { zh: '路径过长。', en: 'A part of the path is too long.' }],
  FST_STATIC_FORBIDDEN_PATH: ['not-found', { zh: '没有该文件。', en: 'There is no such file.' }],
  FST_ERR_BAD_URL: ['invalid-parameter', { zh: '路径格式错误。', en: 'The path is not a valid URL path.' }],
};

/** What Fastify and its plugins throw for a request of theirs says so by its status. */
function isClientFault(error: unknown): boolean {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
