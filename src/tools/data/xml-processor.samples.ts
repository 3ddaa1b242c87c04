import type { ToolSample } from '../define.js';

const BOOKS =
  '<catalog><book id="1"><title>Dune</title></book><book id="2"><title>Emma</title></book></catalog>';

/** What the xml-processor tool does, by example. */
export const xmlSamples: readonly ToolSample[] = [
  {
    title: 'XML as JSON',
    input: { operation: 'to_json', input: BOOKS },
    expect: {
      result: {
        catalog: {
          book: [
            { '@id': '1', title: 'Dune' },
            { '@id': '2', title: 'Emma' },
          ],
        },
      },
    },
  },
  {
    title: 'XPath',
    input: { operation: 'query', input: BOOKS, query: '//book[@id="2"]/title' },
    expect: { result: { count: 1, values: ['Emma'] } },
  },
  {
    title: 'Where a document is not well-formed',
    input: { operation: 'validate', input: '<a>\n  <b></c>\n</a>' },
    expect: { success: true, result: { valid: false, errors: [{ kind: 'syntax', line: 2 }] } },
  },
  {
    title: 'A file, formatted into another',
    files: { 'books.xml': BOOKS },
    input: { operation: 'format', path: '{{dir}}/books.xml', output_path: '{{dir}}/formatted.xml' },
    expect: { success: true, result: { size_bytes: 121 } },
  },
  {
    title: 'JSON as XML',
    input: {
      operation: 'from_json',
      input: { note: { '@to': 'Ada', '#text': 'a < b' } },
      declaration: false,
    },
    expect: { result: '<note to="Ada">a &lt; b</note>\n' },
  },
  {
    title: 'Only the text',
    input: { operation: 'extract_text', input: BOOKS },
    expect: { result: { text: 'Dune\nEmma' } },
  },
  {
    title: 'Entities are refused',
    input: { input: '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>' },
    error: 'input.invalid',
  },
];
