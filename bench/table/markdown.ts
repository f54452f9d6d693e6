/** The table of a run as Markdown, in one language. */
import type { Label } from '../../src/words.js';
import { isMet, type Line, type Part, printNumber, printValues, units } from './line.js';

/** A run: the machine it was made on, how it was measured, and what was found. */
export interface Report {
  readonly machine: Label;
  readonly manner: Label;
  readonly parts: readonly Part[];
}

type Language = keyof Label;

const columns = {
  what: { zh: '测什么', en: 'What' },
  goal: { zh: '目标', en: 'Goal' },
  measured: { zh: '实测（各轮范围）', en: 'Measured (range of rounds)' },
  met: { zh: '达到', en: 'Met' },
  beside: { zh: '其中', en: 'Beside' },
  outside: { zh: '场外', en: 'Outside' },
} as const satisfies Readonly<Record<string, Label>>;

/** All parts as one table. */
export function writeTable({ machine, manner, parts }: Report, language: Language): string {
  const names = Object.values(columns).map((label) => label[language]);
  const rows = parts.flatMap(({ title, lines }) => [
    [`**${title[language]}**`, '', '', '', '', ''],
    ...lines.map((line) => cellsOf(line, language)),
  ]);
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [row(names), `|${names.map(() => '---').join('|')}|`, ...rows.map(row)];
  return [machine[language], manner[language], '', ...table].join('\n');
}

function cellsOf(line: Line, language: Language): string[] {
  return [
    line.what[language],
    printGoal(line, language),
    printValues(line)[language],
    printMet(line)[language],
    line.beside?.[language] ?? '',
    line.outside?.[language] ?? '',
  ];
}

function printMet(line: Line): Label {
  const met = isMet(line);
  if (met === undefined) return { zh: '', en: '' };
  return met ? { zh: '是', en: 'yes' } : { zh: '**否**', en: '**no**' };
}

function printGoal({ goal, unit }: Line, language: Language): string {
  if (!goal) return '';
  const [sign, value] = 'atLeast' in goal ? ['≥', goal.atLeast] : ['≤', goal.atMost];
  return `${sign} ${printGoalNumber(value)}${units[unit][language]}`;
}

/** A goal is written as it was set. */
function printGoalNumber(value: number): string {
  return value >= 100 ? printNumber(value) : String(value);
}
