import type { ToolSample } from '../define.js';

/** What the csv-analyzer tool does, by example. */
export const csvSamples: readonly ToolSample[] = [
  {
    title: 'What is in a table',
    input: { operation: 'analyze', input: 'name,age\nAda,36\nAlan,41\nGrace,\n' },
    expect: {
      result: {
        row_count: 3,
        column_count: 2,
        delimiter: ',',
        columns: [
          { name: 'name', data_type: 'string' },
          { name: 'age', data_type: 'integer', null_count: 1, min_value: 36, max_value: 41, median: 38.5 },
        ],
      },
    },
  },
  {
    title: 'Rows that fit a condition',
    input: {
      operation: 'filter',
      input: 'city,people\nNew York,8\nParis,2\nOslo,1\n',
      options: { filter: 'people >= 2 and not city == Paris' },
    },
    expect: { result: 'city,people\nNew York,8\n' },
  },
  {
    title: 'A new column from others',
    input: {
      operation: 'transform',
      input: 'product,price,quantity\npen,1.5,4\n',
      options: { rename_columns: { price: 'unit_price' }, add_columns: { total: 'price * quantity' } },
    },
    expect: { result: 'product,unit_price,quantity,total\npen,1.5,4,6\n' },
  },
  {
    title: 'Cells that break a rule',
    input: {
      operation: 'validate',
      input: 'mail,celsius\na@example.org,-5\nnobody,70\n',
      options: { rules: { mail: 'email', celsius: 'range:-20-50' } },
    },
    expect: { result: { valid: false, error_count: 2, total_rows: 2 } },
  },
  {
    title: 'A file as JSON lines in another file',
    files: { 'people.csv': 'id;name\n1;Ada\n2;Alan\n' },
    input: {
      operation: 'convert',
      path: '{{dir}}/people.csv',
      output_path: '{{dir}}/people.jsonl',
      options: { format: 'jsonl' },
    },
    expect: { result: { format: 'jsonl', row_count: 2, delimiter: ';' } },
  },
  {
    title: 'Rows from a script as CSV; what a spreadsheet would run is escaped',
    input: { operation: 'write', input: [{ name: 'Ada', note: '=1+1' }] },
    expect: { result: "name,note\nAda,'=1+1\n" },
  },
  {
    title: 'A rule that does not exist',
    input: { operation: 'validate', input: 'a\n1\n', options: { rules: { a: 'positive' } } },
    error: 'input.invalid',
  },
];
