/** The refusals of changes to the register. */
import { type Fault, Problem, type ProblemName } from '../../problem.js';

/** A refusal with one fault: `pointer` names the member of the change that is at fault. */
export function refusal(
  kind: ProblemName,
  code: string,
  pointer: string,
  message: Fault['message'],
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  const fault: Fault = { code, severity: 'error', pointer, message };
  return new Problem(kind, message, { ...members, errors: [fault] });
}

/** What a refusal names. */
interface Named {
  readonly code: string;
  readonly name: string;
}

/** Refuses to take back or to correct, of an agency or a division, the change of a day on which nothing was said to change. */
export function noChangeOn(on: string, { code, name }: Named): Problem {
  return refusal('not-found', 'NO-CHANGE', '/on', {
    zh: `${name}（${code}）没有自 ${on} 起的变更。`,
    en: `${name} (${code}) has no change from ${on} on.`,
  });
}

/** Refuses to take back a change of an agency or a division whose day has come. */
export function changeInForce(on: string, { code, name }: Named): Problem {
  return refusal('invalid-change', 'IN-FORCE', '/on', {
    zh: `${name}（${code}）自 ${on} 起的变更已生效，不能收回；请以同一日期的变更予以更正。`,
    en: `The change of ${name} (${code}) from ${on} on is in force and not taken back; a change from the same day corrects it.`,
  });
}

/** Refuses a code that another one (`whose`, in the plural) carries on one of the days. */
export function codeTaken(
  holder: Named & { readonly validFrom: string; readonly validTo: string | null },
  whose: 'agencies' | 'divisions',
): Problem {
  const { code, name, validFrom, validTo } = holder;
  return refusal(
    'conflict',
    'CODE-TAKEN',
    '/code',
    {
      zh: `代码 ${code} 已由 ${name} 使用（${validFrom} 至 ${validTo ?? '今'}），同一日内不得重复。`,
      en: `The code ${code} is that of ${name} (${validFrom} to ${validTo ?? 'now'}); no two ${whose} have one code on the same day.`,
    },
    { holder: { code, name, validFrom, validTo } },
  );
}
