/**
 * Properties look at the same random cases in every run, so that a change is judged by what it changes. To look
 * further: `SEED=7 RUNS=1000 npx tap test/document-read.test.ts`.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.SEED ?? 20_240_131) });
