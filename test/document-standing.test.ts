/** What stands on the page is read, and nothing else: our own printed forms, marked as Word, HTML and Excel mark characters. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { parsePrinted } from '../src/document/read/cell/printed-value.js';
import { readDocument } from '../src/document/read/read-document.js';
import { unreadKinds } from '../src/document/read/source/standing.js';
import { figuresFrom } from '../src/form/figures.js';
import { formOf } from '../src/form/forms.js';
import { printedSheet, writeDocx, writeHtml } from './builders.js';
import { unzip, zip } from './zip.js';

const form = formOf('2021');
/** Every box has a number of its own, so that one in the wrong place, or with a digit too many, is seen. */
const figures = figuresFrom(
  Object.fromEntries(
    form.cells.map((cell, index) => [cell.key, cell.kind === 'amount' ? 40_000 * (100 + index) : 100 + index]),
  ),
);
const sheet = printedSheet({ figures });

/** How a format marks characters that do not stand, and such as stand beside the others. */
interface Marking {
  readonly name: string;
  write(digits: string): string;
}

const run = (properties: string, digits: string) =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${digits}</w:t></w:r>`;
const inWord: readonly Marking[] = [
  { name: 'struck through', write: (digits) => run('<w:strike/>', digits) },
  { name: 'struck through twice', write: (digits) => run('<w:dstrike w:val="true"/>', digits) },
  { name: 'hidden', write: (digits) => run('<w:vanish/>', digits) },
  { name: 'half a point high', write: (digits) => run('<w:sz w:val="1"/>', digits) },
  { name: 'struck through by a style', write: (digits) => run('<w:rStyle w:val="Struck"/>', digits) },
  { name: 'hidden by what a style is based on', write: (digits) => run('<w:rStyle w:val="Below"/>', digits) },
  { name: 'raised', write: (digits) => run('<w:vertAlign w:val="superscript"/>', digits) },
  { name: 'lowered', write: (digits) => run('<w:vertAlign w:val="subscript"/>', digits) },
  { name: 'moved up', write: (digits) => run('<w:position w:val="8"/>', digits) },
  { name: 'deleted', write: (digits) => `<w:del w:id="1"><w:r><w:delText>${digits}</w:delText></w:r></w:del>` },
  { name: 'moved away', write: (digits) => `<w:moveFrom w:id="1">${run('', digits)}</w:moveFrom>` },
  {
    name: 'a reading guide',
    write: (digits) => `<w:r><w:ruby><w:rt>${run('', digits)}</w:rt><w:rubyBase></w:rubyBase></w:ruby></w:r>`,
  },
];

const styled = (style: string, digits: string) => `<span style="${style}">${digits}</span>`;
const inHtml: readonly Marking[] = [
  ...['del', 's', 'strike', 'sup', 'sub'].map((name) => ({
    name,
    write: (digits: string) => `<${name}>${digits}</${name}>`,
  })),
  { name: 'a reading guide', write: (digits) => `<ruby><rp>(</rp><rt>${digits}</rt><rp>)</rp></ruby>` },
  ...[
    'display:none',
    'DISPLAY : None !important',
    'visibility:hidden',
    'visibility:collapse',
    'text-decoration:line-through',
    'color:red; text-decoration:underline line-through',
    'font-size:0',
    'font-size:0px',
    'mso-hide:all',
    'opacity:0',
    'width:0;height:0;overflow:hidden',
    'position:absolute;left:-9999px',
    'position:absolute;clip:rect(0 0 0 0)',
    'clip-path:inset(50%)',
    'font-size:.1pt',
    'transform:scale(0)',
    'color:transparent',
    'vertical-align:super',
  ].map((style) => ({ name: style, write: (digits: string) => styled(style, digits) })),
  { name: 'hidden', write: (digits) => `<b hidden>${digits}</b>` },
  { name: 'of a class that a sheet hides', write: (digits) => `<b class="x gone">${digits}</b>` },
  { name: 'of an id within another', write: (digits) => `<i class="outer"><b id="inner">${digits}</b></i>` },
  { name: 'struck through around what is inside', write: (digits) => `<del><b>${digits}</b></del>` },
];
const sheetOfStyles = `<style>/* .seen{display:none} */ td{color:#000} .gone{display:none}
@media print{td{display:none}} @media (max-width:600px){td{display:none}} .outer #inner{visibility:hidden}</style>`;

const inExcel: readonly Marking[] = [
  { name: 'struck through', write: (digits) => `<r><rPr><strike/></rPr><t>${digits}</t></r>` },
  {
    name: 'struck through, said with a value',
    write: (digits) => `<r><rPr><strike val="1"/></rPr><t>${digits}</t></r>`,
  },
  { name: 'raised', write: (digits) => `<r><rPr><vertAlign val="superscript"/></rPr><t>${digits}</t></r>` },
  { name: 'a reading guide', write: (digits) => `<rPh sb="0" eb="1"><t>${digits}</t></rPh>` },
];

type Choose = (found: number) => string;

async function markedWord(choose: Choose): Promise<Uint8Array> {
  const files = unzip(await writeDocx(sheet));
  let found = 0;
  const body = (files.get('word/document.xml') ?? '').replace(
    /<w:r>(?:(?!<\/w:r>).)*<w:t[^>]*>[\d.]+<\/w:t><\/w:r>/gs,
    (whole) => (found % 2 === 0 ? choose(found++) + whole : whole + choose(found++)),
  );
  files.set('word/document.xml', body);
  const styles = `<w:style w:type="character" w:styleId="Struck"><w:rPr><w:strike/></w:rPr></w:style>
    <w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>
    <w:style w:type="character" w:styleId="Below"><w:basedOn w:val="Base"/></w:style></w:styles>`;
  files.set('word/styles.xml', (files.get('word/styles.xml') ?? '').replace('</w:styles>', styles));
  if (found < form.cells.length) throw new Error(`only ${found} boxes were marked`);
  return zip([...files]);
}

async function markedHtml(choose: Choose): Promise<Uint8Array> {
  let found = 0;
  const page = writeHtml(sheet)
    .replace(/>([\d.]+)<\/td>/g, (_, digits: string) =>
      found % 2 === 0 ? `>${choose(found++)}${digits}</td>` : `>${digits}${choose(found++)}</td>`,
    )
    .replace('</head>', `${sheetOfStyles}</head>`);
  if (found < form.cells.length) throw new Error(`only ${found} boxes were marked`);
  return Buffer.from(page);
}

async function markedExcel(choose: Choose): Promise<Uint8Array> {
  const files = unzip(await writeXlsx(sheet));
  let found = 0;
  const name = 'xl/worksheets/sheet1.xml';
  const body = (files.get(name) ?? '').replace(
    /<c r="([A-Z]+\d+)"([^>]*)><v>([\d.]+)<\/v><\/c>/g,
    (whole, ref: string, rest: string, digits: string) => {
      if (/ t="s"/.test(rest)) return whole;
      const own = `<r><t>${digits}</t></r>`;
      const text = found % 2 === 0 ? choose(found++) + own : own + choose(found++);
      return `<c r="${ref}"${rest.replace(/ t="\w+"/, '')} t="inlineStr"><is>${text}</is></c>`;
    },
  );
  files.set(name, body);
  if (found < form.cells.length) throw new Error(`only ${found} boxes were marked`);
  return zip([...files]);
}

const formats = [
  { name: 'Word', markings: inWord, write: markedWord, mediaType: undefined },
  { name: 'HTML', markings: inHtml, write: markedHtml, mediaType: 'text/html' },
  { name: 'Excel', markings: inExcel, write: markedExcel, mediaType: undefined },
] as const;

for (const { name, markings, write, mediaType } of formats) {
  t.test(`no character that does not stand in a box of ${name} becomes a digit of it`, async (t) => {
    const marks = fc.array(fc.tuple(fc.nat(markings.length - 1), fc.nat(99)), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(marks, async (chosen) => {
        const bytes = await write((found) => {
          const [which, digits] = chosen[found % chosen.length] ?? [0, 0];
          return (markings[which] ?? markings[0])?.write(String(digits)) ?? '';
        });
        const reading = await readDocument(bytes, mediaType ? { mediaType } : {});
        const wrong = form.cells.filter(({ at }) => reading.figures[at] !== figures[at]);
        if (wrong.length > 0)
          throw new Error(wrong.map(({ key, at }) => `${key} ${reading.figures[at]} for ${figures[at]}`).join());
      }),
      { numRuns: 15 },
    );
    for (const { name: marking, write: mark } of markings) {
      const reading = await readDocument(await write(() => mark('7')), mediaType ? { mediaType } : {});
      t.same([...reading.figures], [...figures], marking);
    }
  });
}

const box = 'decisions.licenses.decided';
const licensed = form.cells.find(({ key }) => key === box)?.at ?? -1;
const printed = String(figures[licensed]);

async function readWordBox(content: string) {
  const files = unzip(await writeDocx(sheet));
  const body = files.get('word/document.xml') ?? '';
  const own = new RegExp(`<w:r>(?:(?!</w:r>).)*<w:t[^>]*>${printed}</w:t></w:r>`, 's');
  files.set('word/document.xml', body.replace(own, content));
  return readDocument(zip([...files]));
}

t.test('what a person sees in a box of Word and is no text is a doubt that names it', async (t) => {
  const code = (words: string) =>
    `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>${words}</w:instrText></w:r>`;
  const end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>';
  for (const [content, kind] of [
    ['<w:r><w:drawing/></w:r>', 'picture'],
    ['<w:r><w:pict/></w:r>', 'picture'],
    ['<w:r><w:object/></w:r>', 'object'],
    ['<m:oMath><m:r><m:t>23</m:t></m:r></m:oMath>', 'equation'],
    ['<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', 'symbol'],
    [`${run('', '2')}<w:r><w:drawing/></w:r>`, 'picture'],
    [`${code(' =SUM(LEFT) ')}${end}`, 'uncalculated'],
    [`${code(' FORMDROPDOWN ')}${end}`, 'input'],
    [`${code(' eq \\o\\ac(○,1) ')}${end}${run('', '2')}`, 'equation'],
  ] as const) {
    const { figures: read, doubts } = await readWordBox(content);
    t.equal(read[licensed], null, content);
    t.match(doubts, [
      { code: 'unreadable-box', cells: [box], message: unreadKinds[kind] && { en: new RegExp(unreadKinds[kind].en) } },
    ]);
  }
  const hidden = await readWordBox(`<w:r><w:rPr><w:vanish/></w:rPr><w:drawing/></w:r>${run('', printed)}`);
  t.same(hidden.doubts, [], 'a picture that is hidden is not there');
  const calculated = `${code(' =SUM(LEFT) ')}<w:r><w:fldChar w:fldCharType="separate"/></w:r>${run('', printed)}${end}`;
  t.same((await readWordBox(calculated)).figures[licensed], figures[licensed], 'the result of a field is read');
});

t.test('a table of its own in a box is the one number in it, or a doubt', async (t) => {
  const cell = (text: string) => `<w:tc><w:p>${run('', text)}</w:p></w:tc>`;
  const table = (...texts: string[]) => `</w:p><w:tbl><w:tr>${texts.map(cell).join('')}</w:tr></w:tbl><w:p>`;
  const one = await readWordBox(table('', printed));
  t.same([one.figures[licensed], one.doubts], [figures[licensed], []]);
  const two = await readWordBox(table('1', '2'));
  t.equal(two.figures[licensed], null);
  t.match(
    two.doubts.filter(({ cells }) => cells.includes(box)),
    [{ code: 'unreadable-box' }],
  );
});

t.test(
  'rows and columns of a sheet that are hidden are not there, nor cells that are struck through or shown as nothing',
  async (t) => {
    const files = unzip(await writeXlsx(sheet));
    const name = 'xl/worksheets/sheet1.xml';
    const original = files.get(name) ?? '';
    const read = async (change: (xml: string) => string) => {
      files.set(name, change(original));
      return readDocument(zip([...files]));
    };
    const row = new RegExp(`<c r="[A-Z]+(\\d+)"[^>]*><v>${printed}</v></c>`).exec(original)?.[1] ?? '';
    const hiddenRow = await read((xml) => xml.replace(`<row r="${row}"`, `<row r="${row}" hidden="1"`));
    t.equal(hiddenRow.figures[licensed], null, 'what is in a hidden row is not read');
    t.match(
      hiddenRow.doubts.flatMap(({ cells }) => cells),
      [box],
    );
    // A column of working figures before the first one, which nobody sees.
    const shifted = await read((xml) =>
      xml
        .replace(/([A-Z]+)(\d+)(?=["<:])/g, (_, letters: string, number: string) => `${next(letters)}${number}`)
        .replace(/<row r="(\d+)"([^>]*)>/g, '<row r="$1"$2><c r="A$1"><v>9</v></c>')
        .replace(/<cols>.*<\/cols>/s, '')
        .replace('<sheetData>', '<cols><col min="1" max="1" hidden="1"/></cols><sheetData>'),
    );
    t.same([...shifted.figures], [...figures], 'a hidden column moves no figure');
  },
);

function next(letters: string): string {
  return letters.endsWith('Z')
    ? `${letters.slice(0, -1)}AA`
    : letters.slice(0, -1) + String.fromCharCode(letters.charCodeAt(letters.length - 1) + 1);
}

t.test('signs and words of growth and decline are read where a change is asked, and a doubt elsewhere', async (t) => {
  const value = (text: string) => {
    const read = parsePrinted(text);
    return read?.kind === 'number' ? read.sign * Number(read.digits) : read?.kind;
  };
  for (const sign of ['-', '－', '−', '–', '—', '‑', '‐', '﹣', '↓', '▼', '负', '减', '减少', '下降 '])
    t.equal(value(`${sign}4`), -4, sign);
  for (const sign of ['+', '＋', '↑', '▲', '增', '增加', '上升', '正']) t.equal(value(`${sign}4`), 4, sign);
  for (const nil of ['-', '—', '——', '/', '无']) t.equal(value(nil), 'nil', nil);
  t.equal(value('.5'), 0.5);
  t.equal(value('．5'), 0.5);
  const page = writeHtml(sheet);
  for (const signed of ['—5', '+5', '减5', '↑5', '.5', '5↑', '5▼', '5-', '5—', '￥5', '<video></video>']) {
    const reading = await readDocument(Buffer.from(page.replace(`>${printed}</td>`, `>${signed}</td>`)), {
      mediaType: 'text/html',
    });
    t.equal(reading.figures[licensed], null, signed);
    t.match(reading.doubts, [{ code: 'unreadable-box', cells: [box] }]);
  }
});

t.test('a number that its format shows as another, or a zero that it hides, is a doubt', async (t) => {
  const files = unzip(await writeXlsx(sheet));
  const [name, styles] = ['xl/worksheets/sheet1.xml', 'xl/styles.xml'];
  const [original, plain] = [files.get(name) ?? '', files.get(styles) ?? ''];
  const count = Number(/<cellXfs count="(\d+)"/.exec(plain)?.[1]);
  const read = async (format: string, value: number, view = '') => {
    const own = new RegExp(`(<c r="[A-Z]+\\d+") s="\\d+"><v>${printed}</v></c>`);
    files.set(
      name,
      original.replace(own, `$1 s="${count}"><v>${value}</v></c>`).replace('<sheetView ', `<sheetView ${view}`),
    );
    files.set(
      styles,
      plain
        .replace('</numFmts>', `<numFmt numFmtId="190" formatCode="${format.replaceAll('"', '&quot;')}"/></numFmts>`)
        .replace('</cellXfs>', '<xf numFmtId="190" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>')
        .replace(`<cellXfs count="${count}"`, `<cellXfs count="${count + 1}"`),
    );
    return readDocument(zip([...files]));
  };
  for (const format of ['0"万"', '"约"0', '0"5"', '0\\5', '"1"0', '-0', '[<100]"少";0', 'General"余"']) {
    const { figures: found, doubts } = await read(format, 23);
    t.equal(found[licensed], null, format);
    t.match(doubts, [{ code: 'unreadable-box', cells: [box], message: { en: new RegExp(unreadKinds.worded.en) } }]);
  }
  for (const [format, view] of [
    ['0;-0;;@', ''],
    ['#,##0;-#,##0;""', ''],
    ['0', 'showZeros="0" '],
  ] as const) {
    const { figures: found, doubts } = await read(format, 0, view);
    t.equal(found[licensed], null, format);
    t.match(doubts, [{ code: 'unreadable-box', cells: [box], message: { en: new RegExp(unreadKinds.zeroless.en) } }]);
    t.equal((await read(format, 23, view)).figures[licensed], 23, 'other numbers are shown');
  }
  const accounting = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ';
  for (const format of ['0"件"', '#,##0_ ;[Red]-#,##0 ', '0.00', '00000', accounting, '[DBNum1]General', '@'])
    t.equal((await read(format, 23)).figures[licensed], 23, format);
  t.equal((await read(accounting, 0)).figures[licensed], 0, 'a zero that is shown as a stroke is one');
});
