import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const SHOP = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), total REAL);
  INSERT INTO customers VALUES (1, 'Ada'), (2, 'Søren'), (3, 'Zoë');
  INSERT INTO orders (customer_id, total) VALUES (1, 12.5), (1, 30), (2, 7.25);
`;

export default toolCase({
  tool: 'database-connector',
  programs: ['sqlite3'],
  prepare(dir) {
    execFileSync('sqlite3', [join(dir, 'shop.db')], { input: SHOP });
    return undefined;
  },
  input: (dir) => ({
    operation: 'query',
    connection_string: `sqlite:${join(dir, 'shop.db')}`,
    query: `SELECT c.name, count(o.id) AS orders, total(o.total) AS total
      FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.id
      WHERE c.name <> :without GROUP BY c.id ORDER BY c.id`,
    params: { without: 'Zoë' },
  }),
  check: (answer) =>
    expect(answer).toMatchObject({
      success: true,
      result: {
        database_type: 'sqlite',
        results: [
          { name: 'Ada', orders: 2, total: 42.5 },
          { name: 'Søren', orders: 1, total: 7.25 },
        ],
        row_count: 2,
        truncated: false,
      },
    }),
});
