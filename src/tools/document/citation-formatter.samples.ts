import type { ToolSample } from '../define.js';

const bibtex = `@article{watson1953,
  author = {Watson, J. D. and Crick, F. H. C.},
  title = {Molecular Structure of Nucleic Acids: {A} Structure for Deoxyribose Nucleic Acid},
  journal = {Nature}, volume = 171, number = 4356, pages = {737--738},
  year = 1953, month = apr, day = 25, doi = {10.1038/171737a0}
}
@book{king1964,
  author = {King, Jr., Martin Luther},
  title = {Why We Can't Wait},
  publisher = {Harper \\& Row}, address = {New York}, year = 1964
}
`;

/** What the `citation-formatter` does, shown on two famous works. */
export const citationFormatterSamples: readonly ToolSample[] = [
  {
    title: 'A list of references in the style of the APA',
    input: { operation: 'format_citation', input: bibtex, style: 'apa' },
    expect: {
      success: true,
      result: {
        format: 'bibtex',
        citations: [{ citation: '(Watson & Crick, 1953)' }, { narrative: 'King (1964)' }],
        reference_list: [
          'King, M. L., Jr. (1964). Why we can’t wait. Harper & Row.',
          'Watson, J. D., & Crick, F. H. C. (1953). Molecular structure of nucleic acids: A structure for deoxyribose nucleic acid. Nature, 171(4356), 737–738. https://doi.org/10.1038/171737a0',
        ],
      },
    },
  },
  {
    title: 'Numbers in the order of citation, in Markdown',
    input: { input: bibtex, style: 'ieee', cite_keys: 'king1964, watson1953', output: 'markdown' },
    expect: {
      result: {
        citations: [{ key: 'king1964', citation: '[1]' }, { citation: '[2]' }],
        reference_list: [
          '[1] M. L. King Jr., *Why we can’t wait*. New York: Harper & Row, 1964.',
          '[2] J. D. Watson and F. H. C. Crick, “Molecular structure of nucleic acids: A structure for deoxyribose nucleic acid,” *Nature*, vol. 171, no. 4356, pp. 737–738, Apr. 1953, doi: 10.1038/171737a0.',
        ],
      },
    },
  },
  {
    title: 'Notes with a page, from data',
    input: {
      operation: 'format_citation',
      style: 'chicago-notes',
      input: [
        {
          id: 'kafka',
          type: 'book',
          title: 'The trial',
          author: [{ family: 'Kafka', given: 'Franz' }],
          translator: [{ family: 'Mitchell', given: 'Breon' }],
          publisher: 'Schocken Books',
          'publisher-place': 'New York',
          issued: '1998',
        },
      ],
      locators: { kafka: '23' },
    },
    expect: {
      result: {
        citations: [
          {
            citation: 'Franz Kafka, The Trial, trans. Breon Mitchell (New York: Schocken Books, 1998), 23.',
            short_citation: 'Kafka, Trial, 23.',
          },
        ],
      },
    },
  },
  {
    title: 'What is wrong with a bibliography',
    files: { 'refs.bib': '@article{a, title = {No Journal}, doi = {x}}\n@book{b, title = {Not closed}' },
    input: { operation: 'validate_bibliography', file_path: '{{dir}}/refs.bib' },
    expect: {
      result: {
        is_valid: false,
        total_entries: 1,
        validation_results: [{ key: 'a', valid: false }],
        syntax_errors: [{ line: 2 }],
      },
    },
  },
  {
    title: 'From RIS to BibTeX',
    input: {
      operation: 'convert',
      to: 'bibtex',
      input: 'TY  - BOOK\nID  - tao\nAU  - van Gogh, Vincent\nTI  - The letters\nPY  - 1888\nER  - \n',
    },
    expect: {
      result: {
        from: 'ris',
        output: '@book{tao,\n  author = {van Gogh, Vincent},\n  title = {The letters},\n  year = {1888}\n}\n',
      },
    },
  },
  {
    title: 'The styles',
    input: { operation: 'list_styles' },
    expect: { result: { categories: { numeric: ['ieee', 'nature', 'vancouver'] } } },
  },
  {
    title: 'A style that does not exist',
    input: { input: bibtex, style: 'acm' },
    error: 'input.invalid',
  },
];
