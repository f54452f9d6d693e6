/** Days in China: deadlines and locks go by them, whatever the clock of the machine says. */

const chinaOffsetMs = 8 * 3_600_000;

/** The calendar year in China at an instant. */
export function yearInChina(instant: Date): number {
  return Number(dayInChina(instant).slice(0, 4));
}

/** The calendar day in China at an instant, YYYY-MM-DD. */
export function dayInChina(instant: Date): string {
  return new Date(instant.getTime() + chinaOffsetMs).toISOString().slice(0, 10);
}
