/**
 * Strict JSON. `JSON.parse` forgives what would silently change a filing: it keeps the last of two equal keys,
 * accepts half a surrogate pair, rounds numbers, and the decoder before it replaces what is not UTF-8.
 */

import { isUtf8 } from 'node:buffer';
import { type JSONVisitor, visit } from 'jsonc-parser';
import { type Fault, maxFaults, Problem, pointerOf } from './problem.js';

/** Deeper nesting than any body of this service has. */
const deepest = 32;

/**
 * The most values that a text may have, of any kind: the largest filing has 7,000. What is done with a body (parsing,
 * checking, listing what is wrong) takes time by their number, and two megabytes have room for a million.
 */
export const maxValues = 20_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a JSON text in UTF-8. Throws `malformed-body`, naming line and column (both from 1) and the pointer of each
 * fault, for bytes that are not UTF-8, bad syntax, data after the end, duplicate keys, lone surrogates,
 * `__proto__`, numbers that would be rounded, or nesting deeper than 32; `body-too-large` for more than 20,000 values.
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw malformed([encodingFault(bytes)]);
  }
  return readStrictly(text, bytes);
}

/** The same for a text that is already decoded. */
export function parseJsonText(text: string): unknown {
  if (!text.isWellFormed()) throw malformed(faultsIn(text));
  return readStrictly(text, Buffer.from(text));
}

function readStrictly(text: string, bytes: Uint8Array): unknown {
  if (text.trim() === '') {
    throw malformed([faultAt('EMPTY', '', { zh: '请求体为空。', en: 'The body is empty.' })]);
  }
  const { colons, isEscaped, values, isDeep } = scan(bytes);
  if (isDeep) throw malformed(faultsIn(text));
  if (values > maxValues) throw tooManyValues();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(faultsIn(text));
  }
  // Either count is NaN, which equals nothing, when there is something that must not pass.
  const isSound = countMembers(value, 0) === colons;
  // Half a surrogate pair can only be escaped, since what was decoded has none.
  if (isSound && !((isEscaped || text.includes('__proto__')) && holdsForbidden(value))) return value;
  throw malformed(faultsIn(text));
}

function tooManyValues(): Problem {
  return new Problem('body-too-large', {
    zh: `JSON 中的值超过 ${maxValues} 个。`,
    en: `The JSON has more than ${maxValues} values.`,
  });
}

const unsound = Number.NaN;

/** Counts the members of all objects in a value; NaN when they are nested too deep. */
function countMembers(value: unknown, depth: number): number {
  if (!isNested(value)) return 0;
  if (depth >= deepest) return unsound;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (isNested(item)) members += countMembers(item, depth + 1);
    return members;
  }
  // Without a list of each object's members, which costs four times as much: what was parsed has no others.
  for (const key in value) {
    members++;
    // An object that is no list.
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (isNested(item)) members += countMembers(item, depth + 1);
  }
  return members;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether a value has half a surrogate pair anywhere, or a member of that name which is none. */
function holdsForbidden(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (!isNested(value)) return false;
  return Object.entries(value).some(
    ([key, item]) => key === '__proto__' || !key.isWellFormed() || holdsForbidden(item),
  );
}

/** What a walk over a text finds, which may be no JSON. */
interface Scan {
  /** At least as many as there are values. */
  readonly values: number;
  readonly isDeep: boolean;
  /** Outside strings: one a member, so fewer members than colons means that keys were repeated. NaN when a number would be rounded. */
  readonly colons: number;
  /** Whether any character is written by its number. */
  readonly isEscaped: boolean;
}

const [quote, backslash, colon, letterU, comma] = [0x22, 0x5c, 0x3a, 0x75, 0x2c];
const [openList, openObject, closeList, closeObject] = [0x5b, 0x7b, 0x5d, 0x7d];

/** One pass, which ends where there are too many values or levels. */
function scan(bytes: Uint8Array): Scan {
  let colons = 0;
  let values = 1;
  let depth = 0;
  let isEscaped = false;
  for (let index = 0; index < bytes.length && values <= maxValues && depth <= deepest; index++) {
    const byte = bytes[index];
    if (byte === quote) {
      for (index++; index < bytes.length && bytes[index] !== quote; index++) {
        if (bytes[index] !== backslash) continue;
        index++;
        if (bytes[index] === letterU) isEscaped = true;
      }
    } else if (byte === colon) colons++;
    else if (byte === comma) values++;
    else if (byte === openList || byte === openObject) [values, depth] = [values + 1, depth + 1];
    else if (byte === closeList || byte === closeObject) depth--;
    else if (isDigit(byte)) {
      const end = endOfNumber(bytes, index);
      // The shortest that is rounded is as long as 1e-400.
      if (end - index > 5 && isRounded(Buffer.from(bytes.subarray(index, end)).toString('latin1'))) colons = unsound;
      index = end - 1;
    }
  }
  return { colons, isEscaped, values, isDeep: depth > deepest };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  let end = start + 1;
  for (; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    const within = isDigit(byte) || byte === 0x2e || byte === 0x2d || byte === 0x2b;
    // The letters e and E differ in one bit.
    if (!within && (byte | 0x20) !== 0x65) return end;
  }
  return end;
}

/**
 * Whether a number, without its sign, would be kept as another one than was written. Beyond what a safe integer
 * holds it is left to the schemas, which take none so large and say in which box it is.
 */
function isRounded(written: string): boolean {
  if (written.length <= 15 && !/e/i.test(written)) return false;
  const kept = Number(written);
  return kept <= Number.MAX_SAFE_INTEGER && digitsOf(written) !== digitsOf(String(kept));
}

/** A number's digits and the power of ten of the last, without zeros at either end: "1.50e3" and "1500" are alike. */
function digitsOf(written: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written) ?? [];
  const digits = whole + fraction;
  // Zeros are counted from each end: a pattern for those at the end would begin again at every zero before them.
  let [start, end] = [0, digits.length];
  while (digits[start] === '0') start++;
  if (start === end) return '0';
  while (digits[end - 1] === '0') end--;
  return `${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

/** Thrown to end a walk of the text where going on would cost too much or mean nothing. */
const enough = Symbol('enough');

/** What is wrong in a text, in the order of the text; what follows bad syntax is not looked at. */
function faultsIn(text: string): readonly Fault[] {
  const faults: Fault[] = [];
  const add: Add = (code, place, pointer, key = '') => {
    faults.push(faultAt(code, pointer, messages[code](key), place));
    if (code === 'SYNTAX' || code === 'DEPTH' || faults.length === maxFaults) throw enough;
  };
  try {
    visit(text, visitorOf(text, add), { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (error !== enough) throw error;
  }
  return faults.length > 0 ? faults : [faultAt('SYNTAX', '', messages.SYNTAX(''), endOf(text))];
}

type Add = (code: Code, place: Place, pointer: string, key?: string) => void;

function visitorOf(text: string, add: Add): JSONVisitor {
  // The keys of each object that is open: a pointer is made only for what is wrong, since a key may be a megabyte.
  const open: Set<string>[] = [];
  const enter: NonNullable<JSONVisitor['onArrayBegin']> = (_offset, _length, line, column, path) => {
    const above = path();
    if (above.length >= deepest) add('DEPTH', { line, column }, pointerOf(above).slice(0, 200));
  };
  return {
    onObjectBegin: (...at) => {
      enter(...at);
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onArrayBegin: enter,
    onObjectProperty: (key, _offset, _length, line, column, path) => {
      const keys = open.at(-1);
      if (!key.isWellFormed()) add('SURROGATE', { line, column }, pointerOf(path()));
      if (key === '__proto__') add('KEY', { line, column }, pointerOf([...path(), key]), key);
      if (keys?.has(key)) add('DUPLICATE', { line, column }, pointerOf([...path(), key]), key);
      keys?.add(key);
    },
    onLiteralValue: (value: unknown, offset, length, line, column, path) => {
      const isText = typeof value === 'string';
      if (isText ? value.isWellFormed() : !isRounded(text.slice(offset, offset + length).replace(/^-/, ''))) return;
      add(isText ? 'SURROGATE' : 'NUMBER', { line, column }, pointerOf(path()));
    },
    onError: (_error, _offset, _length, line, column) => add('SYNTAX', { line, column }, ''),
  };
}

/** Where something is, from 0. */
interface Place {
  readonly line: number;
  readonly column: number;
}

function endOf(text: string): Place {
  let line = 0;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
    line++;
    start = at + 1;
  }
  return { line, column: text.length - start };
}

/** The first bytes that are not UTF-8: the longest beginning that is, by halves. */
function encodingFault(bytes: Uint8Array): Fault {
  let [sound, broken] = [0, bytes.length];
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1;
    const start = startOfCharacter(bytes, middle, sound);
    if (start > sound && isUtf8(bytes.subarray(sound, start))) sound = start;
    else if (start > sound) broken = start;
    // Nothing between begins a character.
    else if (middle - sound > 4) broken = middle;
    else break;
  }
  for (let end = sound + 1; end <= Math.min(bytes.length, sound + 4); end++) {
    if (isUtf8(bytes.subarray(sound, end))) sound = end;
  }
  return faultAt('ENCODING', '', messages.ENCODING(''), endOf(utf8.decode(bytes.subarray(0, sound))));
}

/** Where the character begins that a byte belongs to, as far back as a character is long; not before `least`. */
function startOfCharacter(bytes: Uint8Array, at: number, least: number): number {
  for (let start = at; start > at - 4 && start > least; start--) {
    if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start;
  }
  return least;
}

type Code = 'ENCODING' | 'SYNTAX' | 'DUPLICATE' | 'KEY' | 'SURROGATE' | 'NUMBER' | 'DEPTH';

const messages: Readonly<Record<Code, (key: string) => Fault['message']>> = {
  ENCODING: () => ({
    zh: '请求体不是 UTF-8 编码（可能是 GBK），请转换为 UTF-8 后再发送。',
    en: 'the body is not UTF-8 (GBK, perhaps). Send it as UTF-8.',
  }),
  SYNTAX: () => ({ zh: '不是合法的 JSON。', en: 'not valid JSON.' }),
  DUPLICATE: (key) => ({ zh: `键 ${key} 重复。`, en: `the key ${key} is repeated.` }),
  KEY: (key) => ({ zh: `不允许的键 ${key}。`, en: `the key ${key} is refused.` }),
  SURROGATE: () => ({
    zh: '文本含有不成对的代理字符（\\uD800–\\uDFFF）。',
    en: 'the text has half a surrogate pair (\\uD800 to \\uDFFF).',
  }),
  NUMBER: () => ({
    zh: '该数字无法原样保存，请减少位数或以字符串发送。',
    en: 'the number would be rounded; send fewer digits, or an amount as a string.',
  }),
  DEPTH: () => ({ zh: `嵌套超过 ${deepest} 层。`, en: `nested deeper than ${deepest} levels.` }),
};

function faultAt(code: string, pointer: string, said: Fault['message'], place?: Place): Fault {
  if (!place) return { code, severity: 'error', pointer, message: said };
  const [line, column] = [place.line + 1, place.column + 1];
  const message = {
    zh: `第 ${line} 行第 ${column} 列：${said.zh}`,
    en: `Line ${line}, column ${column}: ${said.en}`,
  };
  return { code, severity: 'error', pointer, message };
}

function malformed(errors: readonly Fault[]): Problem {
  const [first, ...others] = errors;
  const said = first && others.length === 0 ? first.message : undefined;
  const counted = {
    zh: `请求体有 ${errors.length} 处格式错误。`,
    en: `${errors.length} faults make the body malformed.`,
  };
  // Nobody looked further than the last of so many.
  return new Problem('malformed-body', said ?? counted, { errors, ...(errors.length === maxFaults && { more: true }) });
}

/** JSON text for people: an object or list that fits on a line of 160 characters is one line. */
export function layOutJson(value: unknown): string {
  return layOut(value, '', 0);
}

const lineWidth = 160;

/** `before` is how much of the line is taken already. */
function layOut(value: unknown, indent: string, before: number): string {
  const line = JSON.stringify(value);
  if (before + line.length <= lineWidth || typeof value !== 'object' || value === null) return line;
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => layOut(item, deeper, deeper.length))
    : Object.entries(value).map(([key, item]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + layOut(item, deeper, deeper.length + name.length);
      });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}`;
}
