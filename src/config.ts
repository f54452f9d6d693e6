/** What the environment says, read once. Nothing else in the program looks at it. */
import { z } from 'zod';

/** How the process runs. */
export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** `sqlite:<path>`, relative to the working directory, or `sqlite::memory:`. */
  readonly databaseUrl: string;
  /** What can be read without a token: all that was filed, what was accepted, or nothing. */
  readonly publicReading: 'filed' | 'accepted' | 'none';
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** The largest body taken, in bytes. */
  readonly bodyLimit: number;
  /** Marks every answer as holding made-up figures. */
  readonly sampleData: boolean;
  /** How long requests in flight may take once the process is told to stop, in milliseconds. */
  readonly stopWithinMs: number;
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
  PUBLIC_READING: oneOf('filed', 'accepted', 'none').prefault('accepted'),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').prefault('info'),
  BODY_LIMIT: whole(1024, 67_108_864, 'a number of bytes 字节数').prefault('2097152'),
  SAMPLE_DATA: oneOf('true', 'false').prefault('false'),
  STOP_WITHIN_MS: whole(100, 600_000, 'a number of milliseconds 毫秒数').prefault('10000'),
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
  const { HOST, PORT, DATABASE_URL, PUBLIC_READING, LOG_LEVEL, BODY_LIMIT, SAMPLE_DATA, STOP_WITHIN_MS } = read.data;
  return {
    config: Object.freeze({
      host: HOST,
      port: PORT,
      databaseUrl: DATABASE_URL,
      publicReading: PUBLIC_READING,
      logLevel: LOG_LEVEL,
      bodyLimit: BODY_LIMIT,
      sampleData: SAMPLE_DATA === 'true',
      stopWithinMs: STOP_WITHIN_MS,
    }),
  };
}
