/** NDJSON: a filing a line. */
import { parseJson } from '../../../json.js';
import { Problem } from '../../../problem.js';
import type { ImportItem } from './item.js';
import { isBlank, splitLines, tooLong } from './lines.js';

/** Every line that is not blank as an item. Throws `malformed-body` for JSON that is spread over several lines. */
export async function* readNdjson(pieces: AsyncIterable<Buffer>): AsyncGenerator<ImportItem> {
  let first = true;
  for await (const { line, bytes, long } of splitLines(pieces)) {
    if (isBlank(bytes)) continue;
    if (first && !long && bytes.length < 4 && /^[[{]\s*$/.test(bytes.toString('latin1'))) throw spreadOverLines();
    first = false;
    yield {
      line,
      ref: null,
      bytes: bytes.length + 1,
      raw: bytes,
      read: () => {
        if (long) throw tooLong(line);
        return { filing: parseJson(bytes) };
      },
    };
  }
}

function spreadOverLines(): Problem {
  return new Problem('malformed-body', {
    zh: '应为每行一份报送（NDJSON），不能分行。',
    en: 'JSON is spread over several lines; NDJSON has one filing a line.',
  });
}
