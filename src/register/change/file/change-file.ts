/** The use case that applies a file of changes to the register: all of its lines or none, and every bad line is named. */

import { takeTurns } from '../../../loop.js';
import { countListed, type Fault, listFaults, maxFaults, Problem } from '../../../problem.js';
import { type CommitOptions, inTransaction } from '../../../store/engine/commit.js';
import type { Db, Trx } from '../../../store/engine/schema.js';
import type { ActContext } from '../../../words.js';
import { applyChange } from '../change.js';
import { columnsOfMembers, type LineFault, readLines } from '../change-lines.js';
import { applyDivisionChange } from '../division/change.js';
import type { Applied, DivisionChange, LineChange } from '../register-change.js';

/** What a file of changes did; the counts of the actions add up to its lines. */
export interface Imported {
  readonly lines: number;
  readonly counts: Readonly<Record<LineChange['action'], number>>;
  /** Of the lines, those that found everything as they say already. */
  readonly unchanged: number;
  readonly reportsMoved: number;
}

/** The counts of a file without lines. */
const noLines: Readonly<Record<LineChange['action'], number>> = {
  add: 0,
  change: 0,
  close: 0,
  exempt: 0,
  unexempt: 0,
  deadline: 0,
  'division-add': 0,
  'division-change': 0,
  'division-merge': 0,
  'division-split': 0,
  'division-close': 0,
};

/**
 * Applies a file of changes (UTF-8 CSV with a header, a change a line, in their order) in one transaction. Throws
 * `malformed-body` for what is not such a file, and `invalid-change` with a fault for each of the
 * first 100 lines that are not well-formed or that the register refuses; then nothing changed.
 */
export async function importChanges(
  db: Db,
  act: ActContext,
  bytes: Uint8Array,
  commit: CommitOptions<Imported>,
): Promise<Imported> {
  const { lines, faults: malformed } = await readLines(bytes);
  // Lines that are sound are held against the register too, but not where enough is wrong already.
  if (malformed.length > maxFaults) throw refusedFile(malformed);
  return inTransaction(db, commit, async (trx) => {
    const counts = { ...noLines };
    const faults = [...malformed];
    let unchanged = 0;
    let reportsMoved = 0;
    const othersTurn = takeTurns();
    for (const { line, change } of lines) {
      await othersTurn();
      try {
        const applied = await applyLine(trx, act, change);
        counts[change.action]++;
        reportsMoved += applied.reportsMoved;
        if (applied.outcome === 'unchanged') unchanged++;
      } catch (error) {
        faults.push(...refusedLine(error, line, change));
        if (faults.length > maxFaults) break;
      }
    }
    if (faults.length > 0) throw refusedFile(faults);
    return { lines: lines.length, counts, unchanged, reportsMoved };
  });
}

async function applyLine(trx: Trx, act: ActContext, change: LineChange): Promise<Applied> {
  return isOfDivision(change) ? applyDivisionChange(trx, act, change) : applyChange(trx, act, change);
}

function isOfDivision(change: LineChange): change is Extract<LineChange, DivisionChange> {
  return change.action.startsWith('division-');
}

/** The refusal of a line, with columns in the place of pointers. Throws on what is no refusal. */
function refusedLine(error: unknown, line: number, change: LineChange): LineFault[] {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  // Every refusal of a change is made by `refusal`, which lists its faults.
  const faults = (error.members.errors ?? []) as readonly Fault[];
  if (faults.length === 0) throw error;
  return faults.map((fault) => {
    const [member = ''] = fault.pointer.slice(1).split('/');
    const column = columnsOfMembers[change.action][member] ?? member;
    return {
      ...fault,
      line,
      pointer: `/lines/${line}/${column}`,
      message: { zh: `第 ${line} 行：${fault.message.zh}`, en: `Line ${line}: ${fault.message.en}` },
    };
  });
}

function refusedFile(faults: readonly LineFault[]): Problem {
  const listed = listFaults(faults.toSorted((one, other) => one.line - other.line));
  const count = countListed(listed);
  return new Problem(
    'invalid-change',
    {
      zh: `变更有 ${count.zh} 处问题，均未执行。`,
      en: `${count.en} fault(s) in the changes; nothing was changed.`,
    },
    { ...listed },
  );
}
