/** schema.graphql is written by hand: these hold it against the forms, in both directions. */

import {
  buildSchema,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isObjectType,
  isSpecifiedScalarType,
  validateSchema,
} from 'graphql';
import t from 'tap';
import { schemaText } from '../src/api/graphql/graphql.js';
import { resolvers } from '../src/api/graphql/resolvers.js';
import { allCells, forms } from '../src/form/forms.js';
import { organizationSubtotal, rates, sections, subtotals } from '../src/form/lines.js';
import { areaLevels } from '../src/rollup/area/areas.js';
import { orders } from '../src/rollup/rank/order.js';
import { peerLevels } from '../src/rollup/rank/positions.js';
import { agencyKinds, divisionLevels } from '../src/words.js';

const schema = buildSchema(schemaText);

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`schema.graphql has no object type ${name}`);
  return type;
}

function typeBelow(field: GraphQLField<unknown, unknown> | undefined): GraphQLObjectType | undefined {
  const type = field && getNamedType(field.type);
  return isObjectType(type) ? type : undefined;
}

const tables = [...new Set(allCells.map((cell) => cell.table))];
const printed = forms.flatMap((form) => form.tables);
const derivedTable = 'applications';

t.test('the schema is valid', async (t) => {
  t.same(validateSchema(schema), []);
  t.notOk(schema.getMutationType());
  t.notOk(schema.getSubscriptionType());
});

for (const owner of ['Statistics', 'Report']) {
  t.test(`${owner} has a field for every cell of every form, of the right scalar`, async (t) => {
    const missing = allCells.flatMap(({ key, table, row, column, kind }) => {
      const below = typeBelow(objectType(owner).getFields()[table]);
      const field = typeBelow(below?.getFields()[row])?.getFields()[column];
      const scalar = kind === 'amount' ? 'Decimal' : 'Count';
      return field?.type === schema.getType(scalar) ? [] : [`${key}: ${scalar}`];
    });
    t.same(missing, []);
  });
}

t.test('every field of a table is a row of a form, or derived', async (t) => {
  const rowsOf = (table: string) => new Set(allCells.filter((cell) => cell.table === table).map((cell) => cell.row));
  const derived = [...subtotals, ...rates].map(({ key }) => key as string);
  const unknown = tables.flatMap((table) => {
    const fields = Object.keys(typeBelow(objectType('Statistics').getFields()[table])?.getFields() ?? {});
    const known = new Set([...rowsOf(table), ...(table === derivedTable ? derived : [])]);
    const extra = fields.filter((field) => !known.has(field)).map((field) => `${table}.${field} is no row`);
    const lacking = [...known].filter((key) => !fields.includes(key)).map((key) => `${table}.${key} is missing`);
    return [...extra, ...lacking];
  });
  t.same(unknown, []);
});

t.test('every field of a row is a column of a form, or derived', async (t) => {
  const unknown = tables.flatMap((table) => {
    const columns = new Set(allCells.filter((cell) => cell.table === table).map((cell) => cell.column as string));
    if (table === derivedTable) columns.add(organizationSubtotal.key);
    const rows = Object.values(typeBelow(objectType('Statistics').getFields()[table])?.getFields() ?? {});
    return rows.flatMap((row) =>
      Object.keys(typeBelow(row)?.getFields() ?? {})
        .filter((column) => !columns.has(column))
        .map((column) => `${table}.${row.name}.${column}`),
    );
  });
  t.same(unknown, []);
});

t.test('every field says the label that the forms print, in Chinese', async (t) => {
  const silent: string[] = [];
  const check = (path: string, field: GraphQLField<unknown, unknown> | undefined, zh: string) => {
    if (!field?.description?.includes(zh)) silent.push(`${path} does not say ${zh}`);
  };
  for (const table of printed) {
    const type = typeBelow(objectType('Statistics').getFields()[table.key]);
    for (const row of table.rows) {
      const field = type?.getFields()[row.key];
      const headings = table.key === derivedTable ? [...(row.under ?? []), row.label] : [row.label];
      for (const { zh } of headings) check(`${table.key}.${row.key}`, field, zh);
      for (const { key, label } of table.columns) {
        check(`${table.key}.${row.key}.${key}`, typeBelow(field)?.getFields()[key], label.zh);
      }
    }
  }
  const applications = typeBelow(objectType('Statistics').getFields()[derivedTable]);
  for (const { key, label } of [...subtotals, ...rates]) check(key, applications?.getFields()[key], label.zh);
  for (const { key, label } of sections) check(key, objectType('Narrative').getFields()[key], label.zh);
  t.same(silent, []);
});

t.test('every type, field and value is described', async (t) => {
  const silent = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) return [];
    const members = isObjectType(type) ? Object.values(type.getFields()) : isEnumType(type) ? type.getValues() : [];
    const unsaid = members.filter((member) => !member.description).map((member) => `${type.name}.${member.name}`);
    return type.description ? unsaid : [type.name, ...unsaid];
  });
  t.same(silent, []);
});

t.test('enumerations list what the register knows', async (t) => {
  const valuesOf = (name: string) => {
    const type = schema.getType(name);
    return isEnumType(type) ? (type as GraphQLEnumType).getValues().map((value) => value.name) : [];
  };
  t.same(valuesOf('AgencyKind'), agencyKinds);
  t.same(valuesOf('DivisionLevel'), divisionLevels);
  t.same(valuesOf('RankingOf'), areaLevels);
  t.same(valuesOf('Peers'), peerLevels);
  t.same(valuesOf('Order'), orders);
});

t.test('every field with arguments has a resolver, and every resolver a field', async (t) => {
  const resolved = Object.entries(resolvers).flatMap(([type, fields]) =>
    Object.keys(fields).map((field) => `${type}.${field}`),
  );
  const declared = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.values(type.getFields()).map((field) => ({ path: `${type.name}.${field.name}`, field }))
      : [],
  );
  const paths = new Set(declared.map(({ path }) => path));
  t.same(
    resolved.filter((path) => !paths.has(path)),
    [],
  );
  t.same(
    declared.filter(({ path, field }) => field.args.length > 0 && !resolved.includes(path)).map(({ path }) => path),
    [],
  );
});

t.test('every type is an object, a scalar or an enumeration, which is what plans are made of', async (t) => {
  const others = Object.values(schema.getTypeMap()).filter((type) => isAbstractType(type));
  t.same(others, []);
});

t.test('lists of items never hold null', async (t) => {
  const loose = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.values(type.getFields())
          .filter((field) => /\[[^!]*\]/.test(String(getNullableType(field.type))))
          .map((field) => `${type.name}.${field.name}`)
      : [],
  );
  t.same(loose, []);
});
