import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const WRITE =
  'import json; print(json.dumps({"users": [{"name": "Ann", "age": 41}, {"name": "Bob", "age": 7}]}))';

export default toolCase({
  tool: 'json-processor',
  programs: ['python3'],
  prepare: () => ({ json: execFileSync('python3', ['-c', WRITE], { encoding: 'utf8' }) }),
  input: (_dir, { json }) => ({ input: json, query: '.users | map(select(.age > 20) | .name)' }),
  check: ({ result }) => expect(result).toEqual(['Ann']),
});
