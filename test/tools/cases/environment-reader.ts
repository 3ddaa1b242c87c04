import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

/** Variables that the surroundings set; the one that looks like a secret stays hidden. */
export default toolCase({
  tool: 'environment-reader',
  input: () => ({ operation: 'pattern', pattern: 'SPELLCASE_*' }),
  flags: () => ['--allow-env=SPELLCASE_*'],
  env: () => ({ SPELLCASE_STAGE: 'test', SPELLCASE_TOKEN: 'token-canary', OTHER_STAGE: 'other-canary' }),
  check: (result) => {
    expect(result.result).toEqual({
      pattern: 'SPELLCASE_*',
      variables: { SPELLCASE_STAGE: 'test' },
      count: 1,
      hidden_count: 1,
      truncated: false,
    });
    expect(JSON.stringify(result)).not.toContain('canary');
  },
});
