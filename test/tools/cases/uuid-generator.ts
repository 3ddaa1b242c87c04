import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const WRITE = 'import uuid; print(uuid.uuid5(uuid.NAMESPACE_DNS, "llmspell.example"))';

export default toolCase({
  tool: 'uuid-generator',
  programs: ['python3'],
  prepare: () => ({ uuid: execFileSync('python3', ['-c', WRITE], { encoding: 'utf8' }).trim() }),
  input: () => ({ operation: 'generate', version: 'v5', namespace: 'dns', name: 'llmspell.example' }),
  check: ({ result }, _dir, { uuid }) => expect(result).toMatchObject({ uuid }),
});
