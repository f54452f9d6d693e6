/** The explanations of failures as a page for people. */
import type { Label, Say } from '../../../words.js';

/** A failure with its explanation. */
export interface ExplainedProblem {
  readonly type: string;
  readonly status: number;
  readonly title: Label;
  readonly meaning: Label;
  readonly next: Label;
}

const words = {
  failures: { zh: '失败类型', en: 'Failures' },
  meaning: { zh: '含义', en: 'What it means' },
  next: { zh: '如何处理', en: 'What to do next' },
} as const;

const style =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em}h1{font-size:1.4em}dt{font-weight:bold;margin-top:1em}dd{margin:0}td{padding:.2em 1em .2em 0;vertical-align:top}';

/** The page of one failure. */
export function writeProblemPage(problem: ExplainedProblem, say: Say): string {
  const { title, meaning, next, status, type } = problem;
  return writePage(
    `${status} ${say(title)}`,
    `<p><code>${type}</code></p><dl><dt>${say(words.meaning)}</dt><dd>${escapeText(say(meaning))}</dd>` +
      `<dt>${say(words.next)}</dt><dd>${escapeText(say(next))}</dd></dl><p><a href="/problems">${say(words.failures)}</a></p>`,
  );
}

/** The page that lists every failure. */
export function writeProblemsPage(problems: readonly ExplainedProblem[], say: Say): string {
  const rows = problems.map(
    ({ type, status, title }) =>
      `<tr><td>${status}</td><td><a href="${type}"><code>${type.split('/').at(-1)}</code></a></td><td>${escapeText(say(title))}</td></tr>`,
  );
  return writePage(say(words.failures), `<table>${rows.join('')}</table>`);
}

function writePage(title: string, body: string): string {
  const escaped = escapeText(title);
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped} · Xiangbao</title><style>${style}</style></head><body><h1>${escaped}</h1>${body}</body></html>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
