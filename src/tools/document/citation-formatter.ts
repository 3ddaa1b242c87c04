import { defineTool } from '../define.js';
import { CITATION_WORK } from './citation/operations.js';
import { citationInput } from './citation/request.js';
import { citationFormatterSamples } from './citation-formatter.samples.js';

/** Turns bibliographies into citations and lists of references, checks them and converts them. */
export default defineTool({
  name: 'citation-formatter',
  aliases: ['citation', 'bibliography', 'citations'],
  category: 'document',
  level: 'restricted',
  description:
    'Formats citations and reference lists (APA, MLA, Chicago, Harvard, IEEE, Nature, Vancouver) from BibTeX, CSL-JSON, YAML or RIS, checks bibliographies and converts between formats.',
  capabilities: ['read'],
  input: citationInput,
  parameterAliases: {
    bibliography: 'input',
    data: 'input',
    text: 'input',
    bibtex: 'input',
    references: 'input',
    path: 'file_path',
    file: 'file_path',
    input_format: 'format',
    citation_style: 'style',
    keys: 'cite_keys',
    cite_key: 'cite_keys',
    output_format: 'to',
    target_format: 'to',
  },
  operationAliases: {
    format: 'format_citation',
    cite: 'format_citation',
    format_bibliography: 'format_citation',
    validate: 'validate_bibliography',
    check: 'validate_bibliography',
    styles: 'list_styles',
    list: 'list_styles',
    convert_format: 'convert',
    export: 'convert',
  },
  samples: citationFormatterSamples,
  run: (request, context, host) =>
    CITATION_WORK[request.operation](request, context, host.config.academic ?? {}),
});
