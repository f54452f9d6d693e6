/** `xiangbao audit`: holds the audit log to itself and to what it tells of. */
import { type AuditHead, verifyAudit } from '../store/audit-records.js';
import type { Db } from '../store/engine/schema.js';
import { answer, type Terminal } from './terminal.js';

/** Prints everything that is wrong with the log, and its head; returns how much is. */
export async function printAuditFaults(db: Db, terminal: Terminal, known?: AuditHead): Promise<number> {
  const { faults, head } = await verifyAudit(db, known);
  for (const { message } of faults) answer(terminal, `${message.en} ${message.zh}`);
  const end = `${head.number}:${head.hash}`;
  answer(
    terminal,
    faults.length === 0
      ? `The audit log is whole: ${head.number} entries. Keep its head to show later that nothing was cut off. 日志完整，共 ${head.number} 条。`
      : `${faults.length} fault(s) in the audit log. 日志有 ${faults.length} 处问题。`,
  );
  answer(terminal, `head ${end}`);
  return faults.length;
}
