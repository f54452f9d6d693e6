/** How fast documents are read, layout by layout, in this process: reading alone, without the child that guards it. */
import fc from 'fast-check';
import { writePageDocx } from '../../src/document/print/page/docx.js';
import type { Sheet } from '../../src/document/print/sheet.js';
import { pageOfSheet } from '../../src/document/print/sheet-page.js';
import { writeXlsx } from '../../src/document/print/xlsx.js';
import { type DocumentHint, documentTypes, readDocument } from '../../src/document/read/read-document.js';
import { figuresFrom } from '../../src/form/figures.js';
import { balancedReports, layouts, printReport, type Sample } from '../../test/document-layouts.js';
import { processorSince } from '../load.js';

/** Reports of each layout, read again and again. */
const samples = 12;
const year = 2021;

/** A layout, and how many documents in it were read in a second of the processor. */
export interface ReadingSpeed {
  readonly layout: string;
  readonly perSecond: number;
}

interface Batch {
  readonly layout: string;
  readonly hint: DocumentHint;
  readonly write: (sample: Sample) => Uint8Array | Promise<Uint8Array>;
}

const typeNamed = (extension: string) => {
  const found = Object.entries(documentTypes).find(([, name]) => name === extension);
  if (!found) throw new Error(`no document is a ${extension}`);
  return { mediaType: found[0] };
};

const sheetOf = ({ form, figures }: Sample): Sheet => ({
  ...{
    form,
    figures: figuresFrom(figures),
    year,
    narrative: null,
    findings: [],
    coverage: null,
    sample: false,
    subtitle: [],
  },
  title: { zh: `洪江市群峰乡${year}年政府信息公开工作年度报告`, en: `Report of ${year}` },
});

const batches: readonly Batch[] = [
  ...layouts.map(({ name, mediaType, write }) => ({
    layout: name,
    hint: { mediaType },
    write: (sample: Sample) => new TextEncoder().encode(write(printReport(sample, year))),
  })),
  { layout: 'Word', hint: typeNamed('docx'), write: (sample) => writePageDocx(pageOfSheet(sheetOf(sample))) },
  { layout: 'Excel', hint: typeNamed('xlsx'), write: (sample) => writeXlsx(sheetOf(sample)) },
];

/** Reads documents of every layout for some seconds each. */
export async function measureReading(seconds: number): Promise<ReadingSpeed[]> {
  const reports = fc.sample(balancedReports(0), { numRuns: samples, seed: year });
  const speeds: ReadingSpeed[] = [];
  for (const { layout, hint, write } of batches) {
    const documents = await Promise.all(reports.map(write));
    const begun = process.cpuUsage();
    let count = 0;
    while (processorSince(begun) < seconds * 1000) {
      for (const bytes of documents) await readDocument(bytes, hint);
      count += documents.length;
    }
    speeds.push({ layout, perSecond: count / (processorSince(begun) / 1000) });
  }
  return speeds;
}
