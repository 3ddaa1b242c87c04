import { z } from 'zod';
import { operationParameter } from '../../operation.js';
import { readPath } from '../../parameters.js';
import { FORMATS } from './formats/all.js';
import { OUTPUTS } from './rich.js';

/** What the tool does. */
export const CITATION_OPERATIONS = [
  'format_citation',
  'validate_bibliography',
  'list_styles',
  'convert',
] as const;

const format = z
  .string()
  .transform((name) => name.toLowerCase().replace(/[\s_]+/g, '-'))
  .transform(
    (name) =>
      ({
        bib: 'bibtex',
        biblatex: 'bibtex',
        json: 'csl-json',
        csl: 'csl-json',
        yml: 'yaml',
        hayagriva: 'yaml',
      })[name] ?? name,
  )
  .pipe(z.enum(FORMATS));
const reference = z.record(z.string(), z.unknown());

/** The parameters of the tool. */
export const citationInput = z.object({
  operation: operationParameter(CITATION_OPERATIONS)
    .default('format_citation')
    .describe(
      'format_citation: citations and the list of references; validate_bibliography: what is missing or wrong; list_styles; convert: to another format',
    ),
  input: z
    .union([z.string(), z.array(reference), reference])
    .optional()
    .describe(
      'The bibliography: text in BibTeX, CSL-JSON, YAML (CSL or Hayagriva) or RIS, or CSL-JSON items as a list',
    ),
  file_path: readPath('A file').optional().describe('The file with the bibliography, instead of input'),
  format: format.optional().describe('bibtex, csl-json, yaml or ris; recognised when absent'),
  style: z
    .string()
    .max(100)
    .optional()
    .describe(
      'apa (default), mla, chicago-author-date, chicago-fullnote-bibliography, harvard, ieee, nature or vancouver',
    ),
  cite_keys: z
    .union([z.string().max(100_000), z.array(z.string().max(500)).max(5000)])
    .optional()
    .describe('The works to cite in the order of citation, as a list or divided by commas; all when absent'),
  locators: z
    .record(z.string(), z.union([z.string().max(200), z.number()]))
    .optional()
    .describe('Places in the works, by key: { smith2020 = "12-14" }'),
  output: z.enum(OUTPUTS).default('text').describe('How references are written: text, markdown or html'),
  to: format.optional().describe('convert: the format to convert to'),
});

/** A call of the tool. */
export type CitationRequest = z.output<typeof citationInput>;

/** The keys that a call names; undefined for all. */
export function wantedKeys({ cite_keys: keys }: CitationRequest): string[] | undefined {
  if (keys === undefined) return undefined;
  const list = typeof keys === 'string' ? keys.split(',') : keys;
  const clean = list.map((key) => key.trim().replace(/^@/, '')).filter((key) => key !== '');
  return clean.length === 0 ? undefined : [...new Set(clean)];
}
