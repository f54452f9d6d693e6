/** `xiangbao audit`: holds the audit log to itself and to what it tells of. */
import { type Command, InvalidArgumentError } from 'commander';
import { type AuditHead, verifyAudit } from '../store/audit-records.js';
import type { Db } from '../store/engine/schema.js';
import { chainDigests, inBoth } from '../words.js';
import { refused } from './shell/failure.js';
import { answer, type Terminal } from './shell/terminal.js';
import { type Tools, withExistingStore } from './shell/tools.js';

/** Adds `audit` with `verify`. */
export function addAudit(program: Command, tools: Tools): void {
  program
    .command('audit')
    .description(inBoth({ zh: '日志', en: 'the log of what was done' }))
    .command('verify')
    .description(
      inBoth({ zh: '核验', en: 'find whatever was altered, left out, put in or cut off; exit 1 when anything was' }),
    )
    .option(
      '--head <number:digest:hash>',
      inBoth({ zh: '先前的末条', en: 'the head that an earlier verify printed' }),
      readHead,
    )
    .action(({ head }: { readonly head?: AuditHead }) =>
      withExistingStore(tools, async (db) => {
        if ((await printAuditFaults(db, tools.terminal, head)) > 0) tools.endWith(refused);
      }),
    );
}

/** Prints everything that is wrong with the log, and its head; returns how much is. */
async function printAuditFaults(db: Db, terminal: Terminal, known?: AuditHead): Promise<number> {
  const { faults, head } = await verifyAudit(db, known);
  for (const { message } of faults) answer(terminal, message);
  const end = [head.number, head.digest, head.hash].filter((part) => part !== undefined).join(':');
  answer(
    terminal,
    faults.length === 0
      ? {
          zh: `日志完整，共 ${head.number} 条。`,
          en: `The audit log is whole: ${head.number} entries. Keep its head to show later that nothing was cut off.`,
        }
      : { zh: `日志有 ${faults.length} 处问题。`, en: `${faults.length} fault(s) in the audit log.` },
  );
  answer(terminal, `head ${end}`);
  return faults.length;
}

function readHead(text: string): AuditHead {
  const [, number, name, hash] = /^(\d{1,15}):(?:(\w+):)?([0-9a-f]{64})$/.exec(text) ?? [];
  const digest = chainDigests.find((known) => known === name);
  if (number !== undefined && hash !== undefined && digest === name) {
    return { number: Number(number), hash, ...(digest && { digest }) };
  }
  throw new InvalidArgumentError(
    inBoth({
      zh: '末条格式为 编号:算法:摘要（算法可省略）。',
      en: `A head is a number, the name of a digest (${chainDigests.join(', ')}; may be left out) and 64 hexadecimal digits, with colons between.`,
    }),
  );
}
