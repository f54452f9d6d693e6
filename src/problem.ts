/**
 * The closed catalogue of failures. Every refusal anywhere in the service is one of these, so that a throw
 * reads as prose, grep finds it, and REST and GraphQL answer alike (RFC 9457).
 */

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
  readonly label?: { readonly zh: string; readonly en: string };
  readonly message: { readonly zh: string; readonly en: string };
}

/** The RFC 6901 pointer to what a path of keys and places leads to; it goes into answers, so half surrogate pairs do not. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const catalogue = {
  'malformed-body': { status: 400, title: 'The body is not well-formed 请求体格式错误' },
  'malformed-request': { status: 400, title: 'The message is not valid HTTP 请求报文无效' },
  'invalid-parameter': { status: 400, title: 'A parameter is not valid 参数无效' },
  unauthorized: { status: 401, title: 'A token is needed 需要令牌' },
  forbidden: { status: 403, title: 'Not within what this token may do 超出令牌权限' },
  'not-found': { status: 404, title: 'Not found 未找到' },
  'unknown-agency': { status: 404, title: 'No such agency in the register 名录中没有该机关' },
  'unknown-division': { status: 404, title: 'No such division in the register 名录中没有该行政区划' },
  'not-acceptable': { status: 406, title: 'No acceptable representation 无法提供所要求的格式' },
  'request-timeout': { status: 408, title: 'The request came too slowly 请求发送过慢' },
  'already-filed': { status: 409, title: 'Already filed 已报送' },
  conflict: { status: 409, title: 'Conflicts with the register 与名录冲突' },
  'year-locked': { status: 409, title: 'The year is locked 该年度已锁定' },
  'request-in-flight': { status: 409, title: 'The same request is under way 相同请求正在处理' },
  'stale-revision': { status: 412, title: 'The revision is stale 版本已过期' },
  'body-too-large': { status: 413, title: 'The body is too large 请求体过大' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type 不支持的媒体类型' },
  'invalid-report': { status: 422, title: 'Not a valid report 报告内容无效' },
  'invalid-document': { status: 422, title: 'The document could not be read as a report 文件无法识别为年度报告' },
  'ambiguous-agency': { status: 422, title: 'The document names more than one possible agency 机关名称不唯一' },
  'unbalanced-report': { status: 422, title: 'The report breaks its own equations 报告勾稽关系不符' },
  'agency-closed': { status: 422, title: 'The agency was not active that year 该机关当年未设立或已撤销' },
  'invalid-change': { status: 422, title: 'Not a valid change 变更内容无效' },
  'key-reused': { status: 422, title: 'The idempotency key was used for another request 幂等键已用于其他请求' },
  'invalid-review': { status: 422, title: 'Not a valid decision 审核意见无效' },
  'revision-required': { status: 428, title: 'If-Match is required 需要 If-Match' },
  'query-too-large': { status: 400, title: 'The query asks for too much 查询超出限制' },
  'too-many-requests': { status: 429, title: 'Too many requests 请求过于频繁' },
  'headers-too-large': { status: 431, title: 'The headers are too large 请求头过大' },
  internal: { status: 500, title: 'Internal error 内部错误' },
  busy: { status: 503, title: 'The database is busy 数据库繁忙' },
  'storage-unavailable': { status: 503, title: 'The storage cannot be written 存储暂不可写' },
  'storage-full': { status: 507, title: 'The storage is full 存储空间已满' },
  overloaded: { status: 503, title: 'The service is overloaded 服务过载' },
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
  readonly members: Readonly<Record<string, unknown>>;

  constructor(kind: ProblemName, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.name = 'Problem';
    this.kind = kind;
    this.members = members;
  }

  get status(): number {
    return catalogue[this.kind].status;
  }

  /** The answer's body. */
  get body(): ProblemBody {
    const { status, title } = catalogue[this.kind];
    return { type: `/problems/${this.kind}`, title, status, detail: this.message, ...this.members };
  }
}

/** Every failure with its status and title, for documents and tests. */
export const problems: readonly { readonly name: ProblemName; readonly status: number; readonly title: string }[] =
  Object.entries(catalogue).map(([name, entry]) => ({
    // Object.entries widens the keys of the literal above to string.
    name: name as ProblemName,
    ...entry,
  }));

/** The one translator from anything thrown to a `Problem`; what is not known says nothing of itself. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  if (code?.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') {
    return new Problem('busy', 'Another process holds the database. Try again shortly. 数据库被占用，请稍后重试。');
  }
  if (code !== undefined && isStorageFull(code)) {
    return new Problem(
      'storage-full',
      'There is no space left; nothing was stored, reading goes on. 存储空间已满，未保存；查询不受影响。',
    );
  }
  if (code !== undefined && isStorageFault(code)) {
    return new Problem(
      'storage-unavailable',
      'The storage refuses to be written; nothing was stored. 存储暂不可写，未保存。',
    );
  }
  const known = code === undefined ? undefined : thrownByFastify[code];
  if (known) return new Problem(known[0], known[1]);
  if (isClientFault(error))
    return new Problem('malformed-request', 'The request cannot be answered as sent. 请求无法处理。');
  return new Problem('internal', 'Something failed on our side; the log has it under this request id. 服务内部错误。');
}

/** Codes of SQLite, and of the system for files beside the database. */
function isStorageFull(code: string): boolean {
  return ['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
}

/** SQLite tells a file-size limit, and a disk that fails, as an error of its input or output. */
function isStorageFault(code: string): boolean {
  return /^SQLITE_(?:IOERR|READONLY|CANTOPEN)/.test(code) || ['EROFS', 'EIO'].includes(code);
}

const thrownByFastify: Readonly<Record<string, readonly [ProblemName, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'The body exceeds the limit for this call. 请求体超过本接口上限。'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported-media-type',
    'This call does not take that media type. 不支持该媒体类型。',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-body', 'The body is empty. 请求体为空。'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-body', 'Content-Length does not fit the body. 请求体长度不符。'],
  FST_ERR_MAX_PARAM_LENGTH: ['invalid-parameter', 'A part of the path is too long. 路径过长。'],
  FST_STATIC_FORBIDDEN_PATH: ['not-found', 'There is no such file. 没有该文件。'],
  FST_ERR_BAD_URL: ['invalid-parameter', 'The path is not a valid URL path. 路径格式错误。'],
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
