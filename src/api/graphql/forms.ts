/** The printed forms, the catalogue of checks and the measures as GraphQL answers them, written once. */

import { type Equation, type Form, forms, type Term } from '../../form/forms.js';
import { describeMeasure, measures } from '../../form/measure/measures.js';
import { ruleOf, rules } from '../../form/rules.js';
import type { Row, Table } from '../../form/vocabulary.js';
import type { Label } from '../../words.js';

/** Every form as an object of GraphQL, newest first. */
export const formObjects = forms.map(writeForm);

/** Every check of the catalogue. */
export const ruleObjects = rules;

/** Every measure as an object of GraphQL, by its address. */
export const measureObjects: ReadonlyMap<string, object> = new Map(
  measures.map((measure) => [measure.key, describeMeasure(measure)]),
);

function writeForm(form: Form) {
  const { id, name, notice, inForce, tables, cells, written } = form;
  return { id, name, notice, inForce, tables: tables.map(writeTable), cells, equations: written.map(writeEquation) };
}

function writeTable({ key, section, label, note, rows, columns }: Table) {
  return {
    key,
    section,
    label,
    note: note ?? null,
    rows: rows.map(writeRow),
    columns: columns.map((column) => ({ ...column, under: column.under ?? [], signed: column.signed ?? false })),
  };
}

function writeRow({ key, label, under, article, subtotal }: Row) {
  return { key, label, under: under ?? [], article: article ?? null, subtotal: subtotal ?? null };
}

function writeEquation({ rule, relation, left, right, over }: Equation) {
  return {
    rule,
    severity: ruleOf(rule).severity,
    over,
    relation,
    left: left.map(writeTerm),
    right: right.map(writeTerm),
    written: {
      zh: `${over.zh}：${sideOf(left, 'zh')} ${relation === '=' ? '=' : '≥'} ${sideOf(right, 'zh')}`,
      en: `${over.en}: ${sideOf(left, 'en')} ${relation === '=' ? '=' : '≥'} ${sideOf(right, 'en')}`,
    },
  };
}

function writeTerm({ cell, label, coefficient, year }: Term) {
  return { cell: cell.key, label, coefficient, year };
}

function sideOf(terms: readonly Term[], language: keyof Label): string {
  if (terms.length === 0) return '0';
  return terms
    .map(({ label, coefficient, year }, index) => {
      const sign = coefficient === -1 ? '− ' : index > 0 ? '+ ' : '';
      const before = year === 0 ? '' : language === 'zh' ? '上年' : "last year's ";
      return `${sign}${before}${label[language]}`;
    })
    .join(' ');
}
