/**
 * Form `mixed`: no notice prescribes it, but it is filed (a county, 2023 and 2024): tables two and four of 2021,
 * table three of 2019; 186 cells.
 */
import { decisions2021, documents2021, fees2021, tableTwoEquations2021 } from './form2021.js';
import { appealEquations, appeals, applicationEquations2019, applications2019 } from './lines.js';
import type { FormShape } from './vocabulary.js';

/** The mixed form; a report on it has the finding `FORM-MIXED`. */
export const formMixed = {
  id: 'mixed',
  name: { zh: '新旧混用格式', en: 'Mixed form' },
  notice: null,
  inForce: null,
  tables: [documents2021, decisions2021, fees2021, applications2019, appeals],
  equations: [...tableTwoEquations2021, applicationEquations2019, appealEquations],
} as const satisfies FormShape;
