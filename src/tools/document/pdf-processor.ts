import { defineTool } from '../define.js';
import { PDF_WORK } from './pdf/operations.js';
import { pdfInput } from './pdf/request.js';
import { pdfProcessorSamples } from './pdf-processor.samples.js';

/** Reads PDF files: text in reading order, metadata, tables, images, search. Files are parsed in a process of their own. */
export default defineTool({
  name: 'pdf-processor',
  aliases: ['pdf', 'pdf-reader', 'pdf-extractor'],
  category: 'document',
  level: 'restricted',
  description:
    'Extracts text in reading order, pages, metadata, tables and images from PDF files, and searches them.',
  capabilities: ['read', 'write'],
  cost: 'process',
  input: pdfInput,
  parameterAliases: {
    path: 'input',
    file_path: 'input',
    file: 'input',
    pdf: 'input',
    page: 'pages',
    page_range: 'pages',
    from_page: 'start_page',
    to_page: 'end_page',
    pattern: 'query',
    text: 'query',
    output_path: 'output_dir',
    limit: 'max_results',
  },
  operationAliases: {
    text: 'extract_text',
    read: 'extract_text',
    extract: 'extract_text',
    metadata: 'extract_metadata',
    info: 'extract_metadata',
    get_info: 'extract_metadata',
    pages: 'extract_pages',
    tables: 'extract_tables',
    images: 'extract_images',
    find: 'search',
  },
  timeoutMs: 60_000,
  samples: pdfProcessorSamples,
  run: (request, context, host) => PDF_WORK[request.operation](request, context, host.config.document ?? {}),
});
