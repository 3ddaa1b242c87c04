import { fail } from '../../../core/errors.js';
import { closest } from '../../../core/schema.js';

/** Names that an error lists. */
const MAX_NAMES = 20;

/** Where a column is: by its exact name, else by the only one that differs just in case. @throws `input.invalid` */
export function columnIndex(columns: readonly string[], name: string): number {
  const exact = columns.indexOf(name);
  if (exact >= 0) return exact;
  const alike = columns.flatMap((column, index) =>
    column.toLowerCase() === name.trim().toLowerCase() ? [index] : [],
  );
  if (alike.length === 1) return alike[0]!;
  const near = closest(name, [...columns]);
  throw fail('input.invalid', `Unknown column '${name}'${near ? `, did you mean '${near}'?` : ''}`, {
    hint: `The columns are ${columns.slice(0, MAX_NAMES).join(', ')}${columns.length > MAX_NAMES ? ', …' : ''}`,
  });
}
