import { fail } from '../../../../core/errors.js';
import { closest } from '../../../../core/schema.js';
import { apa } from './apa.js';
import { chicagoAuthorDate, chicagoNotes } from './chicago.js';
import { harvard } from './harvard.js';
import { ieee } from './ieee.js';
import { mla } from './mla.js';
import { nature } from './nature.js';
import type { Style } from './style.js';
import { vancouver } from './vancouver.js';

/** Every style, by name. */
export const STYLES: readonly Style[] = [
  apa,
  chicagoAuthorDate,
  chicagoNotes,
  harvard,
  ieee,
  mla,
  nature,
  vancouver,
];

/** The style of a name, in any of its spellings. @throws `input.invalid` */
export function styleNamed(name: string): Style {
  const wanted = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const found = STYLES.find(({ id, aliases }) => id === wanted || aliases.includes(wanted));
  if (found) return found;
  const ids = STYLES.map(({ id }) => id);
  const near = closest(wanted, ids);
  throw fail('input.invalid', `Unknown citation style '${name}'${near ? `, did you mean '${near}'?` : ''}`, {
    hint: `Use one of: ${ids.join(', ')}.`,
  });
}
