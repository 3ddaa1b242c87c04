import { fail } from '../../../core/errors.js';

/** How variables are written down. */
export type ExportFormat = 'dotenv' | 'shell' | 'json';

/**
 * Variables as text: a `.env` file, commands for a POSIX shell, or a JSON object. What reads it gets exactly these
 * values.
 * @throws `input.invalid` for a name that a shell cannot have
 */
export function exportText(variables: Readonly<Record<string, string>>, format: ExportFormat): string {
  if (format === 'json') return JSON.stringify(variables, null, 2);
  const line = format === 'shell' ? shellLine : dotenvLine;
  return Object.entries(variables)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('');
}

function shellLine(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw fail('input.invalid', `'${name}' cannot be the name of a variable in a shell`);
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
}

function dotenvLine(name: string, value: string): string {
  if (/^[A-Za-z0-9_./:@%+=,-]*$/.test(value)) return `${name}=${value}`;
  if (!/['\r]/.test(value)) return `${name}='${value}'`;
  const escaped = value
    .replace(/["\\$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `${name}="${escaped}"`;
}
