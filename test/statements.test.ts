/** What the store declares is what the migrated database has: its tables, and the rows of every statement. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { packageRoot } from '../src/root.js';
import { cellColumns } from '../src/store/columns.js';
import type { Column } from '../src/store/engine/column.js';
import { openStore } from '../src/store/engine/open.js';
import { tables } from '../src/store/engine/schema.js';
import { declaredStatements } from '../src/store/engine/statement.js';

const source = join(packageRoot, 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const storeFiles = files.filter((file) => file.startsWith('store/'));

// Each file declares its statements when it is loaded.
for (const file of storeFiles) await import(`../src/${file}`);

const path = join(t.testdir({}), 'fresh.db');
await openStore(`sqlite:${path}`).then((db) => db.destroy());
const fresh = new Sqlite(path, { readonly: true });
t.teardown(() => fresh.close());

/** A column as the database has it. */
interface MigratedColumn {
  readonly name: string;
  readonly type: string;
  readonly notnull: 0 | 1;
  readonly pk: number;
}

/** Every table of the database but those of the migrator. */
function migratedTables(): string[] {
  return fresh
    .prepare<[], string>("select name from sqlite_schema where type = 'table' and name not glob '*_migration*'")
    .pluck()
    .all();
}

function migratedColumns(table: string): MigratedColumn[] {
  return fresh
    .prepare<[string], MigratedColumn>('select name, type, "notnull", pk from pragma_table_info(?)')
    .all(table);
}

/** The tables as they are declared, with the columns of the cells. */
const declaredTables: Readonly<Record<string, Readonly<Record<string, Column>>>> = {
  ...tables,
  report: { ...tables.report, ...cellsAs({ type: 'integer', nullable: true }) },
  rollup: { ...tables.rollup, ...cellsAs({ type: 'integer', nullable: false }) },
};

function cellsAs(column: Column): Readonly<Record<string, Column>> {
  return Object.fromEntries(cellColumns.map((name) => [name, column]));
}

t.test('every table and column is declared as it was migrated, and none besides', async (t) => {
  t.same(Object.keys(declaredTables).sort(), migratedTables().sort());
  for (const [table, columns] of Object.entries(declaredTables)) {
    const declared = Object.entries(columns).map(([name, { type, nullable }]) => `${name} ${type} ${nullable}`);
    const migrated = migratedColumns(table).map(
      ({ name, type, notnull, pk }) => `${name} ${type.toLowerCase()} ${notnull === 0 && pk === 0}`,
    );
    t.same(declared.sort(), migrated.sort(), table);
  }
});

t.test('every statement is accepted by the migrated database and returns the row it is declared to', async (t) => {
  const statements = declaredStatements();
  t.ok(statements.length > 100, `${statements.length} statements`);
  for (const { gives, texts } of statements) for (const text of texts) t.same(faultsOf(text, gives), [], text);
});

type Gives = ReturnType<typeof declaredStatements>[number]['gives'];

/** In what a prepared statement differs from what it is declared to give. */
function faultsOf(text: string, gives: Gives): string[] {
  const statement = fresh.prepare(text);
  const returned = statement.reader ? statement.columns() : [];
  const names = returned.map(({ name }) => name);
  const declared = Object.entries(gives ?? {});
  const byName = gives !== undefined && !Array.isArray(gives);
  if (declared.length !== names.length) return [`returns ${names} and is declared to give ${declared.length} columns`];
  return declared.flatMap(([name, column], index) => {
    if (typeof column === 'string') return column === names[index] ? [] : [`${names[index]} is declared as ${column}`];
    if (byName && name !== names[index]) return [`${names[index]} is declared as ${name}`];
    return returned[index] ? columnFaults(column, returned[index]) : [];
  });
}

/** In what a column differs from that of the table it comes from; an expression comes from none. */
function columnFaults(declared: Column, { name, table, column }: Sqlite.ColumnDefinition): string[] {
  const origin = table && column ? declaredTables[table]?.[column] : undefined;
  if (!origin) return [];
  const unforeseen = declared.words ? (origin.words ?? []).filter((word) => !declared.words?.includes(word)) : [];
  return [
    ...(origin.type === declared.type ? [] : [`${name} is ${origin.type}`]),
    ...(origin.nullable && !declared.nullable ? [`${name} may be null`] : []),
    ...unforeseen.map((word) => `${name} may be ${word}`),
  ];
}

t.test('the words of a column are those of its constraint', async (t) => {
  for (const [table, columns] of Object.entries(declaredTables)) {
    const sql =
      fresh.prepare<[string], string>('select sql from sqlite_schema where name = ?').pluck().get(table) ?? '';
    for (const [, name = '', list = ''] of sql.matchAll(/check \((\w+) in \(([^)]*)\)\)/g)) {
      const words = [...list.matchAll(/'(\w+)'/g)].map(([, word]) => word);
      t.same([...(columns[name]?.words ?? [])].sort(), words.sort(), `${table}.${name}`);
    }
  }
});

/** What only the engine knows. A setting's `sqlite:` is the user's word for where the database is. */
const engineNames =
  /(?<!')sqlite(?!:)|\bpragma\b|\bwal\b|rowid|json_(?:each|array|group|valid|type)|->>|\biif\b|\bglob\b|indexed by|\bis (?:not )?\?/i;

t.test('no file but those of the engine names the database, or a form of SQL that only it has', async (t) => {
  for (const file of files.filter((file) => !file.startsWith('store/engine/'))) {
    const code = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
    const line = code.split('\n').find((line) => engineNames.test(line.replaceAll(/'sqlite:[^']*'/g, '')));
    t.equal(line, undefined, file);
  }
});

t.test('only the engine prepares SQL, so that no row has a type by claim', async (t) => {
  for (const file of files.filter((file) => !file.startsWith('store/engine/'))) {
    const code = readFileSync(join(source, file), 'utf8');
    t.notMatch(code, /\.prepare\(|executeQuery|CompiledQuery|sql\.raw|sql`|sql</, file);
  }
});
