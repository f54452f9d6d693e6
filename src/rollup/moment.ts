/** Sums that are put together from several reads, of one moment of the store. */
import { Problem } from '../problem.js';
import type { Frame } from '../register/frame.js';
import { lastChange } from '../store/changes.js';
import type { Db } from '../store/engine/schema.js';
import { registerChangedSince } from '../store/register/find/areas.js';

/** How often what changed while it was read is read again: what is long to read is changed under it more often. */
const most = 8;

/**
 * What is read in a frame, all of it before or after any change of a report or of the register: what is kept of a division
 * and what is taken from it or added come by different reads, and a report that is filed between them would be counted
 * twice or taken away without having been there. What is as reported comes by one read, and so does what turns out to be the
 * same in the frame (`isOneRead`). Throws `busy` where the store is changed all the time.
 */
export async function ofOneMoment<Read>(
  db: Db,
  frame: Frame | undefined,
  read: () => Promise<Read>,
  isOneRead: (found: Read) => boolean = () => false,
): Promise<Read> {
  if (!frame || (frame.on === null && frame.knownOn === null)) return read();
  return readAgain(db, read, async (found, before) => isOneRead(found) || (await lastChange(db)) === before);
}

/**
 * What is read by one statement of figures and others of the register, the register being the same in all. Filings may go
 * on. Throws `busy` where the register is changed all the time.
 */
export async function ofOneRegister<Read>(db: Db, read: () => Promise<Read>): Promise<Read> {
  return readAgain(db, read, async (_, before) => !(await registerChangedSince(db, before)).isChanged);
}

/** Reads until what was found is of one moment: `before` is the last change when the reading began. */
async function readAgain<Read>(
  db: Db,
  read: () => Promise<Read>,
  isOfOne: (found: Read, before: number) => Promise<boolean>,
): Promise<Read> {
  for (let attempt = 0; attempt < most; attempt++) {
    const before = await lastChange(db);
    const found = await read();
    if (await isOfOne(found, before)) return found;
  }
  throw new Problem('busy', {
    zh: '数据正在频繁变动，暂时无法按指定口径汇总，请稍后重试。',
    en: 'The store is being changed all the time, so that nothing can be added up on other boundaries. Try again shortly.',
  });
}
