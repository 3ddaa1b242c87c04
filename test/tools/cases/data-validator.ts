import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const RECORDS = `
import datetime, ipaddress, json, uuid
print(json.dumps({
    'id': str(uuid.uuid5(uuid.NAMESPACE_DNS, 'example.org')),
    'day': datetime.date(2024, 2, 29).strftime('%d.%m.%Y'),
    'host': str(ipaddress.ip_address('2001:db8::1')),
    'tags': ['a', 'b', 'a'],
    'age': -1,
}))`;

export default toolCase({
  tool: 'data-validator',
  programs: ['python3'],
  prepare: () => ({ record: execFileSync('python3', ['-c', RECORDS], { encoding: 'utf8' }) }),
  input: (_dir, { record }) => ({
    input: JSON.parse(String(record)) as unknown,
    rules: [
      {
        type: 'object',
        required: ['id', 'day', 'mail'],
        properties: {
          id: [{ type: 'custom', name: 'uuid' }],
          day: [{ type: 'date', format: '%d.%m.%Y' }],
          host: [{ type: 'custom', name: 'ipv6' }],
          tags: [{ type: 'array', unique: true, item_rules: [{ type: 'length', max: 3 }] }],
        },
      },
    ],
    schema: { type: 'object', properties: { age: { type: 'integer', minimum: 0 } } },
  }),
  check(answer) {
    expect(answer).toMatchObject({ success: true, result: { valid: false, error_count: 3 } });
    const { errors } = answer.result as { errors: { field: string; rule: string }[] };
    expect(errors.map(({ field, rule }) => `${field} ${rule}`)).toEqual([
      'input object',
      'input.tags array',
      'input.age minimum',
    ]);
  },
});
