/** Statements: each is written once beside what uses it, with typed arguments and rows, and compiled once. */
import {
  AliasNode,
  ColumnNode,
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  IdentifierNode,
  Kysely,
  ReferenceNode,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Column, OptionalColumn, ValueOf } from './column.js';
import type { Database } from './schema.js';

/** A statement that takes arguments and returns rows. */
export interface Statement<Args, Row> {
  readonly compile: (args: Args) => CompiledStatement;
  /** Whether a row comes as a list of values, which costs half where there are many. */
  readonly asLists: boolean;
  /** Never there; it carries the type of a row. */
  readonly row?: Row;
}

/** A statement as the engine takes it. */
export interface CompiledStatement {
  readonly text: string;
  readonly holes: readonly Hole[];
}

/** What is bound at one place of a statement. */
interface Hole {
  readonly name: string;
  /** A list is bound as one value, a series as several. */
  readonly as: 'value' | 'list' | 'series';
}

type Columns = Readonly<Record<string, Column>>;
type OptionalName<Takes extends Columns> = {
  [Name in keyof Takes]: Takes[Name] extends OptionalColumn<unknown> ? Name : never;
}[keyof Takes];

/** The arguments that a description asks for. */
export type ArgsOf<Takes extends Columns> = {
  readonly [Name in Exclude<keyof Takes, OptionalName<Takes>>]: ValueOf<Takes[Name]>;
} & { readonly [Name in OptionalName<Takes>]?: ValueOf<Takes[Name]> | undefined };

type Gives = Columns | readonly Column[];

/** The rows that a description promises: objects by name, or lists in order. */
export type RowOf<Given extends Gives> = Given extends readonly Column[]
  ? { readonly [Index in keyof Given]: Given[Index] extends Column ? ValueOf<Given[Index]> : never }
  : { readonly [Name in keyof Given]: Given[Name] extends Column ? ValueOf<Given[Name]> : never };

/** A statement written as SQL text, in which `:name` is an argument. */
export interface WrittenStatement<Takes extends Columns, Given extends Gives> {
  readonly takes: Takes;
  /** What its rows hold, in the order of the text's columns; left out where it returns none. */
  readonly gives?: Given;
  /** The text; where it depends on which optional arguments are given, a function of them. */
  readonly text: string | ((has: { readonly [Name in OptionalName<Takes>]: boolean }) => string);
}

/** A statement as it was declared, for a test that prepares them all. */
export interface DeclaredStatement {
  readonly gives: Gives | readonly string[] | undefined;
  /** Every text that it may come to. */
  readonly texts: readonly string[];
}

const declared: (() => DeclaredStatement)[] = [];

/** Every statement that the modules loaded so far have declared. */
export function declaredStatements(): readonly DeclaredStatement[] {
  return declared.map((describe) => describe());
}

/** Declares a statement that is written as SQL text; a test compares its rows with what it is declared to give. */
export function sqlStatement<const Takes extends Columns, const Given extends Gives = never>(
  written: WrittenStatement<Takes, Given>,
): Statement<ArgsOf<Takes>, RowOf<Given>> {
  declared.push(() => describe(written));
  return makeStatement(written);
}

/**
 * Declares a statement whose text depends on something that is known at run time only, such as a list of cells; what
 * is written for one `key` is kept as long as the key. The test prepares the one of the example.
 */
export function sqlStatementBy<Key extends object, const Takes extends Columns, const Given extends Gives = never>(
  write: (key: Key) => WrittenStatement<Takes, Given>,
  example: NoInfer<Key>,
): (key: Key) => Statement<ArgsOf<Takes>, RowOf<Given>> {
  declared.push(() => describe(write(example)));
  const made = new WeakMap<Key, Statement<ArgsOf<Takes>, RowOf<Given>>>();
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const statement = makeStatement(write(key));
    made.set(key, statement);
    return statement;
  };
}

function makeStatement<Takes extends Columns, Given extends Gives>(
  written: WrittenStatement<Takes, Given>,
): Statement<ArgsOf<Takes>, RowOf<Given>> {
  const asLists = Array.isArray(written.gives);
  const optional = optionalNames(written.takes);
  const variants: (CompiledStatement | undefined)[] = [];
  return {
    asLists,
    compile: (args) => {
      let variant = 0;
      for (let bit = 0; bit < optional.length; bit++) {
        const name = optional[bit];
        if (name !== undefined && args[name] !== undefined) variant |= 1 << bit;
      }
      const known = variants[variant];
      if (known) return known;
      const compiled = compileText(textOf(written, variant), written.takes);
      variants[variant] = compiled;
      return compiled;
    },
  };
}

function describe<Takes extends Columns, Given extends Gives>(
  written: WrittenStatement<Takes, Given>,
): DeclaredStatement {
  const variants = typeof written.text === 'string' ? 1 : 1 << optionalNames(written.takes).length;
  return {
    gives: written.gives,
    texts: Array.from({ length: variants }, (_, variant) => compileText(textOf(written, variant), written.takes).text),
  };
}

function optionalNames<Takes extends Columns>(takes: Takes): readonly OptionalName<Takes>[] {
  const names = Object.keys(takes).filter((name) => 'optional' in (takes[name] ?? {}));
  // The condition is that of the type.
  return names as OptionalName<Takes>[];
}

/** The text where those optional arguments are given whose bit is set. */
function textOf<Takes extends Columns, Given extends Gives>(
  { takes, text }: WrittenStatement<Takes, Given>,
  variant: number,
): string {
  if (typeof text === 'string') return text;
  const has = optionalNames(takes).map((name, bit) => [name, (variant & (1 << bit)) !== 0]);
  // The names are all those of the type.
  return text(Object.fromEntries(has) as { readonly [Name in OptionalName<Takes>]: boolean });
}

/** A colon before a name, but not one after a colon or within a word. */
const holePattern = /(?<![:\w]):([a-z]\w*)/g;

function compileText(written: string, takes: Columns): CompiledStatement {
  const holes: Hole[] = [];
  // A name cut out of the text would be looked for in the arguments ten times as slowly as the key itself.
  const columns = new Map(Object.entries(takes).map(([name, column]) => [name, { name, ...column }]));
  const text = written.replace(holePattern, (_, named: string) => {
    const column = columns.get(named);
    if (!column) throw new Error(`:${named} is no argument of ${written}`);
    const { name, times } = column;
    holes.push({ name, as: times !== undefined ? 'series' : column.type === 'list' ? 'list' : 'value' });
    return Array.from({ length: times ?? 1 }, () => '?').join(', ');
  });
  return { text, holes };
}

/** What a statement written with Kysely's builder is given for its arguments. */
export type HoleFor<Args> = <Name extends keyof Args>(name: Name) => Args[Name];

/**
 * Declares a statement that is written with Kysely's builder, where `hole(name)` is an argument; its rows have the
 * type that the builder infers from the tables.
 */
export function statement<Args extends object = Record<never, never>>() {
  return <Row>(write: (db: Kysely<Database>, hole: HoleFor<Args>) => Compilable<Row>): Statement<Args, Row> => {
    let compiled: CompiledStatement | undefined;
    declared.push(() => describeQuery(write(writer, markHole).compile()));
    return {
      asLists: false,
      compile: () => {
        compiled ??= compileQuery(write(writer, markHole).compile());
        return compiled;
      },
    };
  };
}

const markedName = Symbol('the name of an argument');

/** The builder passes a value on as it is; where it is bound, the name is found again. */
function markHole<Args, Name extends keyof Args>(name: Name): Args[Name] {
  // Nothing looks at the value before it is replaced by the argument.
  return { [markedName]: name } as Args[Name];
}

/** The builder binds constants too; written out, they let the database plan with them. */
function compileQuery({ sql, parameters }: CompiledQuery): CompiledStatement {
  const holes: Hole[] = [];
  let place = 0;
  const text = sql.replace(/\?/g, () => {
    const parameter = parameters[place++];
    if (typeof parameter !== 'object' || parameter === null || !(markedName in parameter)) return writeOut(parameter);
    holes.push({ name: String(parameter[markedName]), as: 'value' });
    return '?';
  });
  return { text, holes };
}

function writeOut(constant: unknown): string {
  if (typeof constant === 'number' && Number.isInteger(constant)) return String(constant);
  if (typeof constant === 'string') return `'${constant.replaceAll("'", "''")}'`;
  throw new Error(`a statement holds ${typeof constant}, which is neither an integer nor a text`);
}

function describeQuery(compiled: CompiledQuery): DeclaredStatement {
  const { query } = compiled;
  const { text } = compileQuery(compiled);
  if (!SelectQueryNode.is(query)) return { gives: undefined, texts: [text] };
  const names = (query.selections ?? []).map(({ selection }) => {
    if (AliasNode.is(selection) && IdentifierNode.is(selection.alias)) return selection.alias.name;
    const column = ReferenceNode.is(selection) ? selection.column : selection;
    if (!ColumnNode.is(column)) throw new Error(`a column without a name in ${text}`);
    return column.column.name;
  });
  return { gives: names, texts: [text] };
}

/** Compiles for SQLite and runs nothing. */
const writer = new Kysely<Database>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** The values that a statement is run with, in the order of its places. */
export function valuesFor<Args>({ holes }: CompiledStatement, args: Args): unknown[] {
  const values: unknown[] = [];
  for (let index = 0; index < holes.length; index++) {
    const hole = holes[index];
    if (!hole) continue;
    const { name, as } = hole;
    // The compiler of the statement took each name from the description or the type of its arguments.
    const value = (args as Readonly<Record<string, unknown>>)[name];
    if (as === 'value') values.push(value);
    else if (as === 'list') values.push(JSON.stringify(value));
    // Described as a list of values.
    else values.push(...(value as readonly unknown[]));
  }
  return values;
}
