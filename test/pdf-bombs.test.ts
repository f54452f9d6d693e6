/** Hostile PDF files: each is refused, or read, in bounded time and memory, and the next document is read as ever. */
import t from 'tap';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { Problem, toProblem } from '../src/problem.js';
import { firstOwnObject, type PdfObject, pdfOf, pdfOfPages, showAt, streamOf } from './pdf-file.js';
import { qunfengTexts } from './samples.js';

t.teardown(() => stopReaders());

const hello = showAt('今天天气很好', 100, 700, 12);
/** On a slow machine pdf.js alone takes seconds to be loaded from source; what never ends is ended sooner. */
const limits = { milliseconds: 30_000, children: 1 };
const maxOfEndless = 4_000;
/** A child that a bomb takes with it is started again, and a slow machine is not the claim: far beyond any reading. */
const maxSeconds = 90;

/** What becomes of a file: the message of the refusal. */
async function fateOf(bytes: Uint8Array, milliseconds: number): Promise<string> {
  const began = process.hrtime.bigint();
  const answer = await readDocumentSafely(bytes, { mediaType: 'application/pdf' }, { ...limits, milliseconds }).catch(
    toProblem,
  );
  t.ok(Number(process.hrtime.bigint() - began) / 1e9 < maxSeconds);
  return answer instanceof Problem ? `${answer.kind}: ${answer.detail.en}` : 'read';
}

/** What is stopped by the limit of time or of memory, or of what is drawn, whichever comes first. */
const stopped = /^invalid-document: .*(?:memory|too long|more than any)/;
const noReport = /^invalid-document: This is no annual report/;
const inflated = (megabytes: number, line: string): Buffer => Buffer.alloc(megabytes * 1_000_000, line);
const form = (content: string, own: string): PdfObject =>
  streamOf(content, `/Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << /XObject << /X ${own} 0 R >> >>`);
const drawsX = (resources: string) => [{ content: `${hello} /X Do`, resources: `/XObject << /X ${resources} 0 R >>` }];
const picture = (width: number, height: number, times: number, bytes: number) =>
  streamOf(
    Buffer.alloc(bytes),
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8`,
    times,
  );

const bombs: readonly (readonly [name: string, file: () => Buffer, fate: RegExp])[] = [
  [
    '10,000 pages',
    () => pdfOfPages(Array.from({ length: 10_000 }, () => ({ content: hello }))),
    /10000 pages; at most/,
  ],
  [
    'a count of pages that is not true',
    () => pdfOf([{ value: '<< /Type /Catalog /Pages 2 0 R >>' }, { value: '<< /Type /Pages /Count 50 /Kids [] >>' }]),
    /^invalid-document/,
  ],
  [
    'a tree of pages that comes back to itself',
    () =>
      pdfOf([
        { value: '<< /Type /Catalog /Pages 2 0 R >>' },
        { value: '<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>' },
      ]),
    /^invalid-document/,
  ],
  ['100 MB of operators', () => pageOf(inflated(100, '0 0 m 1 1 l S\n')), stopped],
  ['100 MB of text', () => pageOf(Buffer.concat([Buffer.from('BT /F1 9 Tf\n'), inflated(100, '<0031> Tj ')])), stopped],
  ['100 MB of saved states', () => pageOf(inflated(100, 'q ')), stopped],
  ['a stream that is compressed three times', () => pageOf(inflated(300, ' '), 3), stopped],
  [
    'a picture of 30,000 × 30,000 points',
    () => pdfOfPages(drawsX('6'), [picture(30_000, 30_000, 2, 50_000_000)]),
    noReport,
  ],
  [
    'pictures that say less than they hold',
    () => pdfOfPages(drawsX('6'), [picture(1_000, 1_000, 2, 200_000_000)]),
    /^invalid-document/,
  ],
  ['a form that draws itself', () => pdfOfPages(drawsX('6'), [form('/X Do', '6')]), noReport],
  [
    'two forms that draw each other',
    () => pdfOfPages(drawsX('6'), [form('/X Do', '7'), form('/X Do /X Do', '6')]),
    noReport,
  ],
  [
    'forms that draw the next ten times, nine deep',
    () =>
      pdfOfPages(
        drawsX('6'),
        Array.from({ length: 9 }, (_, index) => form('/X Do '.repeat(10), String(firstOwnObject + index + 1))),
      ),
    stopped,
  ],
  [
    'scripts, files within, and an action at the opening',
    () =>
      pdfOfPages(
        [{ content: hello, entries: '/AA << /O << /S /JavaScript /JS (while\\(true\\){}) >> >>' }],
        [{ value: '<< /S /JavaScript /JS (while\\(true\\){}) >>' }, streamOf('MZ', '/Type /EmbeddedFile')],
        '/OpenAction 6 0 R /Names << /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>] >> >>',
      ),
    noReport,
  ],
  [
    'a resource that refers to itself',
    () => pdfOfPages([{ content: '/F9 9 Tf (a) Tj', resources: '/Properties 6 0 R' }], [{ value: '6 0 R' }]),
    /^invalid-document/,
  ],
  [
    'garbage under the head of a PDF',
    () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000_000, 'stream obj << ')]),
    /^invalid-document/,
  ],
];

/** A file of one page with these bytes as its content, compressed so many times. */
function pageOf(content: Buffer, times = 1): Buffer {
  return pdfOf([
    { value: '<< /Type /Catalog /Pages 2 0 R >>' },
    { value: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>' },
    {
      value:
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    },
    streamOf(content, '', times),
    { value: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>' },
  ]);
}

for (const [name, file, fate] of bombs) {
  t.test(`bounded time and memory: ${name}`, async (t) => {
    const isEndless = fate === stopped;
    t.match(await fateOf(file(), isEndless ? maxOfEndless : limits.milliseconds), fate);
    const [{ text } = { text: '' }] = qunfengTexts();
    const next = await readDocumentSafely(new TextEncoder().encode(text), {}, limits);
    t.equal(next.cells.length, 200, 'and the next document is read');
  });
}
