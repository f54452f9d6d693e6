/** What the environment says, read once. Nothing else in the program looks at it. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** How the process runs. */
export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** `sqlite:<path>`, relative to the working directory, or `sqlite::memory:`. */
  readonly databaseUrl: string;
  /** Whether a database on a network file system is refused, or opened at the operator's risk. */
  readonly networkStorage: 'refuse' | 'allow';
  /** What new entries of the audit log are chained by. */
  readonly auditDigest: 'sha256' | 'sm3';
  /** Whether the documents that reports are filed from are kept. */
  readonly keepDocuments: 'keep' | 'drop';
  /** What can be read without a token: all that was filed, what was accepted, or nothing. */
  readonly publicReading: 'filed' | 'accepted' | 'none';
  /** The licence of what is exported, as its publisher states it: an identifier, an address, or both. */
  readonly dataLicence: { readonly name?: string; readonly path?: string } | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** The largest body taken, in bytes. */
  readonly bodyLimit: number;
  /** Marks every answer as holding made-up figures. */
  readonly sampleData: boolean;
  /** How long requests in flight may take once the process is asked to stop, in milliseconds. */
  readonly stopWithinMs: number;
  /** What is taken on at the most; beyond it the service refuses. */
  readonly limits: {
    /** Open connections. */
    readonly connections: number;
    /** Requests that are being answered. */
    readonly inFlight: number;
    /** Pieces of work that wait to be written. */
    readonly waitingWrites: number;
    /** Milliseconds by which the event loop may be late on the average of a second. */
    readonly loopDelayMs: number;
    /** Milliseconds after the start in which nobody is refused for that. */
    readonly settlingMs: number;
    /** Requests of one caller; 0 counts none. */
    readonly requestsPerMinute: number;
    /** Milliseconds of computing for one caller in a minute; 0 bounds none. */
    readonly costPerMinute: number;
    /** Wrong tokens of one address, or of one token. */
    readonly wrongTokensPerMinute: number;
  };
  /** Mebibytes of answers that are kept while what they are made of stands; 0 for none. */
  readonly keptAnswersMib: number;
  /** Threads that answer dear reads; 0 for none. */
  readonly readerThreads: number;
  /** Proxies that are believed when they say for whom they ask, separated by commas; empty for none. */
  readonly trustProxy: string;
  /** The sites whose scripts may use the service from a browser. */
  readonly corsOrigins: readonly string[];
  /** Hours between two checks of the rollups against their reports; 0 for none. */
  readonly rollupCheckHours: number;
  /** Where messages to subscribers may go: blocks of addresses, and `public`; empty for nowhere. */
  readonly webhookNetworks: readonly string[];
}

/** A whole number, written plainly: no sign, space or exponent. */
function whole(least: number, most: number, what: string) {
  const error = `must be ${what}, ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, { error, abort: true })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error });
}

function oneOf<const Choice extends string>(...choices: readonly Choice[]) {
  return z.enum(choices, { error: `must be one of ${choices.join(', ')} 须为其中之一` });
}

/** A list separated by commas, each entry of one kind. */
function list(is: (entry: string) => boolean, what: string) {
  return z
    .string()
    .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
    .refine((entries) => entries.every(is), { error: `must be ${what}, separated by commas` })
    .prefault('');
}

/** Blocks of addresses that have a name of their own. */
const namedBlocks = ['loopback', 'linklocal', 'uniquelocal'];

/** Never "all": then anybody could say he is somebody else. */
function isAddressBlock(entry: string): boolean {
  return isBlock(entry) || namedBlocks.includes(entry);
}

/** Never "all" here either: what is inside is named by who lets messages in. */
function isNetwork(entry: string): boolean {
  return isBlock(entry) || entry === 'public';
}

function isBlock(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits);
}

/** As a browser sends it: scheme, host, port, and nothing after. */
function isOrigin(entry: string): boolean {
  return /^https?:/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry;
}

/** Every variable with what it is when it is not set. */
const environment = z.object({
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, { error: 'must be a host name or address 须为主机名或地址' })
    .prefault('127.0.0.1'),
  PORT: whole(0, 65_535, 'a port 端口号').prefault('3000'),
  DATABASE_URL: z
    .string()
    .regex(/^sqlite:.+$/, { error: 'must be sqlite:<path> or sqlite::memory: 须为此形式' })
    .prefault('sqlite:./data/xiangbao.db'),
  ALLOW_NETWORK_STORAGE: oneOf('true', 'false').prefault('false'),
  AUDIT_DIGEST: oneOf('sha256', 'sm3').prefault('sha256'),
  KEEP_DOCUMENTS: oneOf('true', 'false').prefault('true'),
  PUBLIC_READING: oneOf('filed', 'accepted', 'none').prefault('accepted'),
  DATA_LICENSE: z
    .string()
    .regex(/^(?:[A-Za-z0-9][\w.+-]{0,63}|https?:\/\/\S+|[A-Za-z0-9][\w.+-]{0,63} https?:\/\/\S+)$/, {
      error: 'must be like CC-BY-4.0, an address, or both with a space between 须为许可标识、网址，或以空格分隔的两者',
    })
    .optional(),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').prefault('info'),
  BODY_LIMIT: whole(1024, 67_108_864, 'a number of bytes 字节数').prefault('2097152'),
  SAMPLE_DATA: oneOf('true', 'false').prefault('false'),
  STOP_WITHIN_MS: whole(100, 600_000, 'a number of milliseconds 毫秒数').prefault('10000'),
  CONNECTION_LIMIT: whole(10, 100_000, 'a number of connections 连接数').prefault('1000'),
  IN_FLIGHT_LIMIT: whole(4, 100_000, 'a number of requests 请求数').prefault('400'),
  WRITE_QUEUE_LIMIT: whole(1, 100_000, 'a number of filings 报送数').prefault('300'),
  LOOP_DELAY_LIMIT_MS: whole(20, 60_000, 'a number of milliseconds 毫秒数').prefault('500'),
  RATE_LIMIT: whole(0, 10_000_000, 'a number of requests a minute, 0 for no limit 每分钟请求数').prefault('3000'),
  COST_LIMIT: whole(0, 600_000, 'milliseconds of computing a minute, 0 for no limit 每分钟计算毫秒数').prefault(
    '20000',
  ),
  KEPT_ANSWERS_MIB: whole(0, 65_536, 'mebibytes, 0 for none 兆字节数').prefault('64'),
  READER_THREADS: whole(0, 16, 'a number of threads, 0 for none 线程数').prefault('1'),
  TRUST_PROXY: list(isAddressBlock, 'addresses, blocks like 10.0.0.0/8, or loopback 代理地址'),
  CORS_ORIGINS: list(isOrigin, 'origins like https://example.org 来源'),
  ROLLUP_CHECK_HOURS: whole(0, 500, 'a number of hours, 0 for never 小时数').prefault('24'),
  WEBHOOK_NETWORKS: list(isNetwork, 'addresses, blocks like 10.0.0.0/8, or public 可推送的地址'),
});

/** The variables the program reads. */
export const variableNames: readonly string[] = Object.keys(environment.shape);

/**
 * Reads the environment: a frozen configuration, or every fault in it, a sentence each. A variable that is set
 * to nothing counts as not set.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
): { readonly config: Config } | { readonly faults: readonly string[] } {
  const set = Object.entries(env).filter(([name, value]) => variableNames.includes(name) && value !== '');
  const read = environment.safeParse(Object.fromEntries(set));
  if (!read.success) {
    return {
      faults: read.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        return `${name} ${issue.message}: ${JSON.stringify(env[name])}`;
      }),
    };
  }
  return { config: configOf(read.data) };
}

/** Who mistypes has five tries; a program with a wrong token tells nobody anything new after them. */
const wrongTokensPerMinute = 5;

/** Threads load what this process has loaded, and what is asked for the first time is compiled: it is over soon. */
const settlingMs = 10_000;

function configOf(read: z.output<typeof environment>): Config {
  return Object.freeze({
    host: read.HOST,
    port: read.PORT,
    databaseUrl: read.DATABASE_URL,
    networkStorage: read.ALLOW_NETWORK_STORAGE === 'true' ? 'allow' : 'refuse',
    auditDigest: read.AUDIT_DIGEST,
    keepDocuments: read.KEEP_DOCUMENTS === 'true' ? 'keep' : 'drop',
    publicReading: read.PUBLIC_READING,
    dataLicence: licenceOf(read.DATA_LICENSE),
    logLevel: read.LOG_LEVEL,
    bodyLimit: read.BODY_LIMIT,
    sampleData: read.SAMPLE_DATA === 'true',
    stopWithinMs: read.STOP_WITHIN_MS,
    limits: Object.freeze({
      connections: read.CONNECTION_LIMIT,
      inFlight: read.IN_FLIGHT_LIMIT,
      waitingWrites: read.WRITE_QUEUE_LIMIT,
      loopDelayMs: read.LOOP_DELAY_LIMIT_MS,
      settlingMs,
      requestsPerMinute: read.RATE_LIMIT,
      costPerMinute: read.COST_LIMIT,
      wrongTokensPerMinute,
    }),
    keptAnswersMib: read.KEPT_ANSWERS_MIB,
    readerThreads: read.READER_THREADS,
    trustProxy: read.TRUST_PROXY.join(','),
    corsOrigins: Object.freeze(read.CORS_ORIGINS),
    rollupCheckHours: read.ROLLUP_CHECK_HOURS,
    webhookNetworks: Object.freeze(read.WEBHOOK_NETWORKS),
  });
}

function licenceOf(stated: string | undefined): Config['dataLicence'] {
  const parts = stated?.split(' ') ?? [];
  const path = parts.find((part) => /^https?:/.test(part));
  const name = parts.find((part) => part !== path);
  if (parts.length === 0) return undefined;
  return Object.freeze({ ...(name !== undefined && { name }), ...(path !== undefined && { path }) });
}
