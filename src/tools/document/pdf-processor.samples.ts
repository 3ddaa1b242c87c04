import type { ToolSample } from '../define.js';
import { tinyPdf } from './pdf/tiny-pdf.js';

const files = {
  'report.pdf': tinyPdf(
    [
      [
        [72, 720, 'Harvest report'],
        [72, 690, 'It was a good year for ap-'],
        [72, 676, 'ples, less so for pears.'],
      ],
      [
        [72, 720, 'Fruit'],
        [200, 720, 'Crates'],
        [300, 720, 'Price'],
        [72, 700, 'Apples'],
        [200, 700, '120'],
        [300, 700, '3.50'],
        [72, 680, 'Pears'],
        [200, 680, '45'],
        [300, 680, '4.25'],
      ],
    ],
    'Harvest',
  ),
};
const input = '{{dir}}/report.pdf';

/** What the `pdf-processor` does, shown on a small document. */
export const pdfProcessorSamples: readonly ToolSample[] = [
  {
    title: 'All text',
    files,
    input: { operation: 'extract_text', input },
    expect: {
      success: true,
      result: { page_count: 2, truncated: false, pages: [{ page: 1 }, { page: 2 }] },
    },
  },
  {
    title: 'One page',
    files,
    input: { operation: 'extract_pages', input, pages: '2' },
    expect: {
      result: { pages: [{ page: 2, text: 'Fruit  Crates  Price\nApples  120  3.50\nPears  45  4.25' }] },
    },
  },
  {
    title: 'Title, date and size of the pages',
    files,
    input: { operation: 'extract_metadata', input },
    expect: {
      result: {
        title: 'Harvest',
        created: '2024-02-29T12:30:00+01:00',
        pdf_version: '1.7',
        encrypted: false,
        pages: [{ first: 1, last: 2, paper: 'Letter' }],
      },
    },
  },
  {
    title: 'A table',
    files,
    input: { operation: 'extract_tables', input },
    expect: {
      result: {
        count: 1,
        tables: [
          {
            page: 2,
            rows: [
              ['Fruit', 'Crates', 'Price'],
              ['Apples', '120', '3.50'],
              ['Pears', '45', '4.25'],
            ],
          },
        ],
      },
    },
  },
  {
    title: 'Find a word, also where a line divides it',
    files,
    input: { operation: 'search', input, query: 'apples' },
    expect: { result: { count: 2, matches: [{ page: 1, line: 3 }, { page: 2 }] } },
  },
  {
    title: 'A document without images',
    files,
    input: { operation: 'extract_images', input, output_dir: '{{dir}}/pictures' },
    expect: { result: { images: [], count: 0, saved: 0 } },
  },
  {
    title: 'A page that does not exist',
    files,
    input: { operation: 'extract_pages', input, start_page: 3 },
    error: 'input.invalid',
  },
  {
    title: 'A file that is no PDF',
    files: { 'notes.pdf': 'Just some notes.' },
    input: { operation: 'extract_text', input: '{{dir}}/notes.pdf' },
    error: 'tool.failed',
  },
];
