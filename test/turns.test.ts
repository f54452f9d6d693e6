/** Shares of what is costly: nobody's many keep anybody's few waiting, and nobody's many are without bound. */
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import t from 'tap';
import { csvTable } from '../src/bulk/import/format/csv-rows.js';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { Problem } from '../src/problem.js';
import { shareOf } from '../src/share.js';
import { admit, begin, emptyLine, end, leave, openTurns, type WorkInLine } from '../src/turns.js';

const anyLimits = fc.record({ atOnce: fc.integer({ min: 1, max: 9 }), waiting: fc.integer({ min: 1, max: 20 }) });
const callers = ['a', 'b', 'c', 'd', 'e'];
/** With the program itself, which has no share. */
const everybody = [...callers, ''];
const step = fc.oneof(
  // One caller sends far more than the others.
  { weight: 4, arbitrary: fc.constant({ does: 'come', who: 'a' } as const) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('come' as const), who: fc.constantFrom(...callers) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('end' as const), who: fc.constantFrom(...callers) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('go' as const), who: fc.constantFrom(...callers) }) },
);

t.test(
  'whatever comes, no caller has more than a share, and no other begins twice before one who can begin',
  async (t) => {
    let begun = 0;
    fc.assert(
      fc.property(anyLimits, fc.array(step, { minLength: 100, maxLength: 200 }), (limits, steps) => {
        const line = emptyLine<WorkInLine>();
        /** By caller who waits and could begin, how often each other has begun since. */
        const passed = new Map<string, Map<string, number>>();
        const working = (who: string) => line.atWork.get(who) ?? 0;
        const atWork = () => callers.reduce((sum, who) => sum + working(who), 0);
        const canBegin = (who: string) => line.waiting.has(who) && working(who) < shareOf(limits.atOnce);
        const look = () => {
          for (const who of callers) {
            if (!canBegin(who)) passed.delete(who);
            else if (!passed.has(who)) passed.set(who, new Map());
          }
        };
        for (const { does, who } of steps) {
          const all = callers.reduce((sum, one) => sum + (line.waiting.get(one)?.length ?? 0), 0);
          if (does === 'end' && working(who) > 0) end(line, who);
          const [first] = line.waiting.get(who) ?? [];
          if (does === 'go' && first) leave(line, who, first);
          if (does === 'come') {
            const { refused } = admit(line, limits, who, { patient: false });
            if (refused === 'all' && all < limits.waiting) throw new Error('refused while there is room');
            if (refused === 'own' && (line.waiting.get(who)?.length ?? 0) < shareOf(limits.waiting)) {
              throw new Error('refused below the share');
            }
          }
          look();
          for (let next = begin(line, limits); next; next = begin(line, limits)) {
            begun += 1;
            passed.delete(next.caller);
            for (const [waits, counts] of passed) {
              const count = (counts.get(next.caller) ?? 0) + 1;
              if (count > 1) throw new Error(`${next.caller} began twice before ${waits}`);
              counts.set(next.caller, count);
            }
            look();
          }
          if (atWork() > limits.atOnce) throw new Error('more at once than may');
          for (const one of callers) {
            if (working(one) > shareOf(limits.atOnce)) throw new Error('more at work than a share');
            if ((line.waiting.get(one)?.length ?? 0) > shareOf(limits.waiting))
              throw new Error('more wait than a share');
            if (canBegin(one) && atWork() < limits.atOnce) throw new Error('waits for nothing');
          }
        }
      }),
      { numRuns: 1000 },
    );
    t.ok(begun > 10_000, `${begun} pieces of work`);
  },
);

const comeOrEnd = fc.record({
  // Two send far more than the others.
  who: fc.oneof(fc.constantFrom('a', 'b'), fc.constantFrom(...everybody)),
  does: fc.constantFrom('come', 'come', 'come', 'come', 'come', 'come patiently', 'end'),
});

t.test('who has nothing waiting is refused only where nobody has more than one piece that may lose its place', (t) => {
  let displacements = 0;
  let refusals = 0;
  fc.assert(
    fc.property(
      fc.record({ atOnce: fc.integer({ min: 1, max: 4 }), waiting: fc.integer({ min: 1, max: 32 }) }),
      fc.array(comeOrEnd, { minLength: 50, maxLength: 100 }),
      (limits, steps) => {
        const line = emptyLine<WorkInLine>();
        const waitingOf = (who: string) => [...(line.waiting.get(who) ?? [])];
        const mayGo = (who: string) => (who === '' ? [] : waitingOf(who).filter(({ patient }) => !patient));
        const most = () => Math.max(...everybody.map((who) => mayGo(who).length));
        for (const { who, does } of steps) {
          if (does === 'end') {
            if (line.atWork.has(who)) end(line, who);
          } else {
            const before = new Map(everybody.map((one) => [one, { all: waitingOf(one), mayGo: mayGo(one) }]));
            const [own, bound] = [waitingOf(who).length, most()];
            const piece = { patient: does === 'come patiently' };
            const admission = admit(line, limits, who, piece);
            const lost = everybody.flatMap((one) => {
              const left = before.get(one)?.all.filter((other) => !waitingOf(one).includes(other)) ?? [];
              return left.map((other) => ({ one, other }));
            });
            if (admission.refused) {
              refusals++;
              if (piece.patient) throw new Error('what is patient is refused');
              if (own === 0 && bound > 1) throw new Error('nothing waits of theirs, and they are refused');
              if (lost.length > 0 || waitingOf(who).length !== own) throw new Error('refused, and the line is another');
            } else {
              if (waitingOf(who).at(-1) !== piece) throw new Error('taken, and not in the line');
              if (lost.length !== (admission.displaced ? 1 : 0)) throw new Error('another lost its place than is told');
            }
            for (const { one, other } of lost) {
              displacements++;
              if (piece.patient) throw new Error('what needs no place takes one');
              if (other !== admission.displaced) throw new Error('another lost its place than is told');
              if (other !== before.get(one)?.mayGo.at(-1)) throw new Error('not the last that may lose its place');
              if (before.get(one)?.mayGo.length !== bound) throw new Error('not of whoever has the most');
              if (waitingOf(who).length > mayGo(one).length)
                throw new Error('who took a place has more than who lost it');
            }
          }
          while (begin(line, limits));
        }
      },
    ),
    { numRuns: 500 },
  );
  t.ok(displacements > 100 && refusals > 1000, `${displacements} lost a place, ${refusals} were refused`);
  t.end();
});

const words = { all: { zh: '满', en: 'full' }, own: { zh: '您', en: 'yours' } };

t.test('turns: one who goes leaves the line, a turn ends once, and what is patient is never refused', async (t) => {
  const turns = openTurns({ atOnce: 1, waiting: 4 }, words);
  const endFirst = await turns.take({ caller: 'a' });
  const going = new AbortController();
  const gone = turns.take({ caller: 'a', signal: going.signal });
  await t.rejects(
    turns.take({ caller: 'a' }),
    { kind: 'too-many-requests', message: /yours/ },
    'a quarter of four waits',
  );
  going.abort(new Error('gone'));
  await t.rejects(gone, { message: 'gone' });
  const order: string[] = [];
  const took = (caller: string, patient = false) =>
    turns.take({ caller, patient }).then((endTurn) => {
      order.push(caller);
      endTurn();
      endTurn();
    });
  const waiting = [took('a'), took('b'), took('c'), took('d')];
  await t.rejects(turns.take({ caller: 'e' }), { kind: 'busy', message: /full/ });
  waiting.push(took('e', true), took('a', true));
  endFirst();
  await Promise.all(waiting);
  t.same(order, ['a', 'b', 'c', 'd', 'e', 'a'], 'each in turn, not one after the other of the same');
});

t.test(
  'turns: four who fill every place keep no fifth out, and who loses a place is told that theirs is too much',
  async (t) => {
    const turns = openTurns({ atOnce: 1, waiting: 16 }, words);
    const endFirst = await turns.take();
    const order: string[] = [];
    const going = new AbortController();
    const take = async (caller: string) => {
      try {
        const endTurn = await turns.take({ caller, signal: going.signal });
        order.push(caller);
        endTurn();
        return 'done';
      } catch (error) {
        return error instanceof Problem ? { kind: error.kind, ...error.members } : error;
      }
    };
    const many = ['a', 'b', 'c', 'd'].flatMap((caller) => [1, 2, 3, 4].map(() => take(caller)));
    const fifth = take('e');
    t.same(await many[3], { kind: 'too-many-requests', retryAfter: 1 }, 'the last of the first');
    endFirst();
    t.equal(await fifth, 'done');
    const outcomes = await Promise.all(many);
    t.equal(outcomes.filter((outcome) => outcome === 'done').length, 15);
    t.same(order.slice(0, 5), ['a', 'b', 'c', 'd', 'e'], 'in the first round of turns');
    going.abort();
    const endLast = await turns.take({ caller: 'a' });
    endLast();
  },
);

t.test("documents: one caller's many are bounded by a share, and another's is read all the same", async (t) => {
  t.teardown(stopReaders);
  const bytes = Buffer.from('nothing of a report');
  const outcomeOf = async (caller: string) => {
    try {
      await readDocumentSafely(bytes, { mediaType: 'text/plain' }, { caller, milliseconds: 60_000 });
      return 'read';
    } catch (error) {
      return error instanceof Problem ? error.kind : String(error);
    }
  };
  const many = Array.from({ length: 20 }, () => outcomeOf('one'));
  const few = await Promise.all([outcomeOf('other'), outcomeOf('third')]);
  t.same(few, ['invalid-document', 'invalid-document'], 'they are looked at, not refused unread');
  const outcomes = await Promise.all(many);
  t.equal(outcomes.filter((kind) => kind === 'invalid-document').length, 5, 'one at once and four that wait');
  t.equal(outcomes.filter((kind) => kind === 'too-many-requests').length, 15);
});

t.test('a long record in quotes is read as it is written, and the loop turns to others in its midst', async (t) => {
  const quoted = '字, "甲" '.repeat(300_000);
  const written = `"${quoted.replaceAll('"', '""')}"`;
  const folder = t.testdir({ 'rows.csv': `agency,year,note\n431281207,2021,${written}\n` });
  const spent = () => process.cpuUsage().user;
  /** The longest that the loop had no turn while the file was read, in time of the processor. */
  const longestOf = async () => {
    let last = spent();
    let longest = 0;
    let reading = true;
    const turn = () => {
      const now = spent();
      [longest, last] = [Math.max(longest, now - last), now];
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    const rows = [];
    for await (const row of csvTable(join(folder, 'rows.csv'), 'utf-8').rows()) rows.push(row);
    reading = false;
    t.match(rows[1], { fields: ['431281207', '2021', quoted] });
    return longest;
  };
  const atOnce = () => {
    const began = spent();
    parse(`431281207,2021,${written}`);
    return spent() - began;
  };
  // The first time is longer by what is compiled, and any by what is collected.
  const least = async (measure: () => number | Promise<number>) => {
    const found: number[] = [];
    for (let round = 0; round < 6; round++) found.push(await measure());
    return Math.min(...found);
  };
  const [inTurns, whole] = [await least(longestOf), await least(atOnce)];
  t.ok(inTurns < 0.85 * whole, `${inTurns} µs of the processor at a stretch, and ${whole} to parse it at once`);
});
