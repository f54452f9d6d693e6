/**
 * The closed catalogue of failures. Every refusal anywhere in the service is one of these, so that a throw
 * reads as prose, grep finds it, and REST and GraphQL answer alike (RFC 9457).
 */
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

/** The RFC 6901 pointer to what a path of keys and places leads to; it goes into answers, so half surrogate pairs do not. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
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
  'not-kept': { status: 422, title: { zh: '因其他报送被拒而未保存', en: 'Not kept, as others were refused' } },
  'key-reused': {
    status: 422,
    title: { zh: '幂等键已用于其他请求', en: 'The idempotency key was used for another request' },
  },
  'invalid-review': { status: 422, title: { zh: '审核意见无效', en: 'Not a valid decision' } },
  'revision-required': { status: 428, title: { zh: '需要 If-Match', en: 'If-Match is required' } },
  'query-too-large': { status: 400, title: { zh: '查询超出限制', en: 'The query asks for too much' } },
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
    super(inBoth(detail));
    this.name = 'Problem';
    this.kind = kind;
    this.detail = detail;
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

  /** The answer's body, its title and detail glued or chosen by `say`. */
  bodyIn(say: Say): ProblemBody {
    const { status, title } = catalogue[this.kind];
    return { type: `/problems/${this.kind}`, title: say(title), status, detail: say(this.detail), ...this.members };
  }
}

/** A kept body as it is answered. What was kept without its label is answered as it was kept. */
export function sayStored({ label, ...body }: ProblemBody, say: Say): ProblemBody {
  const title = problems.find(({ name }) => body.type === `/problems/${name}`)?.title;
  if (!title || !isLabel(label)) return body;
  return { ...body, title: say(title), detail: say(label) };
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
