import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const SALES = `
CREATE TABLE sales (id INTEGER, city TEXT, price REAL, sold TEXT, note TEXT);
INSERT INTO sales VALUES (1, 'New York, NY', 2.5, '2024-01-31', 'said "fine"'), (2, 'Paris', -1, '2024-02-29', NULL),
  (3, 'Oslo', 10, '2024-03-01', 'two' || char(10) || 'lines'), (4, 'Paris', 4.5, '2024-03-02', '=1+1');
.headers on
.mode csv
SELECT * FROM sales;`;

export default toolCase({
  tool: 'csv-analyzer',
  programs: ['sqlite3', 'sh'],
  prepare(dir) {
    execFileSync('sh', ['-c', 'sqlite3 > "$1"', 'sh', join(dir, 'sales.csv')], { input: SALES });
    return undefined;
  },
  input: (dir) => ({ operation: 'analyze', path: join(dir, 'sales.csv') }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: { row_count: 4, column_count: 5, delimiter: ',', parse_error_count: 0 },
    });
    expect((answer.result as { columns: unknown }).columns).toMatchObject([
      { name: 'id', data_type: 'integer', min_value: 1, max_value: 4 },
      { name: 'city', data_type: 'string', unique_count: 3, top_values: [{ value: 'Paris', count: 2 }] },
      { name: 'price', data_type: 'float', min_value: -1, max_value: 10, mean: 4, median: 3.5 },
      { name: 'sold', data_type: 'date', min_value: '2024-01-31' },
      { name: 'note', null_count: 1 },
    ]);
  },
});
