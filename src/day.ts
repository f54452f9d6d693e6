/** Days and years as China counts them, not as the machine does: the only place that knows a time zone. */

const chinaOffsetMs = 8 * 3_600_000;
const dayMs = 24 * 3_600_000;

/** The calendar year in China at an instant. */
export function yearInChina(instant: Date): number {
  return inChina(instant).getUTCFullYear();
}

/** The calendar day in China at an instant, YYYY-MM-DD. */
export function dayInChina(instant: Date): string {
  const number = Math.floor((instant.getTime() + chinaOffsetMs) / dayMs);
  // Every request asks for the same day.
  if (number !== lastDay.number) lastDay = { number, text: inChina(instant).toISOString().slice(0, 10) };
  return lastDay.text;
}

/** The day that was asked for last, by its number since 1970. */
let lastDay = { number: Number.NaN, text: '' };

/** The reference date for a report year: who must file, and which county they belong to. */
export function referenceDate(year: number): string {
  return `${year}-12-31`;
}

/** The calendar year of a day YYYY-MM-DD. */
export function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}

/** The day before a day, both YYYY-MM-DD. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10);
}

/** The day after a day, both YYYY-MM-DD. */
export function dayAfter(day: string): string {
  return daysAfter(day, 1);
}

/** The day so many whole days after a day YYYY-MM-DD. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** The instant a year before another. */
export function yearBefore(instant: Date): Date {
  const before = new Date(instant);
  before.setUTCFullYear(instant.getUTCFullYear() - 1);
  return before;
}

/** An instant whose parts in UTC are those that a clock in China shows. */
function inChina(instant: Date): Date {
  return new Date(instant.getTime() + chinaOffsetMs);
}
