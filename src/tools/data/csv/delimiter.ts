/** Delimiters that are looked for, the likelier first. */
const CANDIDATES = [',', ';', '\t', '|'] as const;
/** Characters of the start of the text that are looked at. */
const PROBE_CHARACTERS = 32 * 1024;
/** Records that are compared. */
const PROBE_RECORDS = 20;

/**
 * The delimiter of a CSV text by its start: the one that divides most records into the same number of fields, and
 * then into the most. A comma where none divides anything, so a text of one column is fine.
 */
export async function detectDelimiter(start: string): Promise<string> {
  const { parse } = await import('csv-parse/sync');
  const sample = start.slice(0, PROBE_CHARACTERS);
  const scored = CANDIDATES.filter((delimiter) => sample.includes(delimiter)).map((delimiter) => {
    const widths: number[] = [];
    parse(sample, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      to: PROBE_RECORDS,
      on_record: (record: string[]) => {
        widths.push(record.length);
        return null;
      },
    });
    return { delimiter, ...consistency(start.length > PROBE_CHARACTERS ? widths.slice(0, -1) : widths) };
  });
  const best = scored
    .filter(({ width }) => width > 1)
    .sort((a, b) => b.share - a.share || b.width - a.width)[0];
  return best?.delimiter ?? ',';
}

/** The width that most records have, and the share of the records that have it. */
function consistency(widths: readonly number[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  const [width, count] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
  return { width, share: widths.length === 0 ? 0 : count / widths.length };
}
