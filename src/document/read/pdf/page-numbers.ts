/** Page numbers as they are printed at the edges of pages. */
import { fold } from '../source/text.js';

const number =
  /^(?:[-–—―·•~_]{1,3}\s?\d{1,4}\s?[-–—―·•~_]{1,3}|第\s?\d{1,4}\s?页.{0,12}|共\s?\d{1,4}\s?页.{0,12}|\d{1,4}\s?[/|]\s?\d{1,4}|(?:page|p\.?)\s?\d{1,4}.{0,9})$/iu;
/** How far the printed number may be from that of the page: a cover or a table of contents comes before. */
const maxOff = 3;

/** Tests whether a line at the edge of a page, counted from 1, is its number. */
export function isPageNumberText(text: string, page: number): boolean {
  const plain = fold(text).trim();
  if (number.test(plain)) return true;
  return /^\d{1,4}$/.test(plain) && Math.abs(Number(plain) - page) <= maxOff;
}
