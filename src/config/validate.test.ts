import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestPlace } from './testing.js';
import { validateConfigFile } from './validate.js';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place[Symbol.dispose]());

async function validate(text: string, env: Record<string, string> = {}) {
  const file = place.write('project/llmspell.toml', text);
  return validateConfigFile(file, { home: place.home, env });
}

test('an empty file is valid, with advice', async () => {
  const report = await validate('');
  expect(report).toMatchObject({ valid: true, errors: [], path: expect.stringMatching(/llmspell\.toml$/) });
  expect(report.warnings.map(({ code }) => code)).toEqual(['no_providers', 'network_disabled']);
});

test('a complete file has no findings', async () => {
  const text = '[providers.openai]\napi_key_env = "K"\n[permissions]\nnet = ["api.openai.com"]\n';
  expect(await validate(text, { K: 'k' })).toMatchObject({ valid: true, errors: [], warnings: [] });
});

test('all mistakes are reported at once, with their lines', async () => {
  const report = await validate('[engines.lua]\ntimout_ms = 5\n[runtime]\nmax_concurrent_scripts = 0\n');
  expect(report.valid).toBe(false);
  expect(report.errors).toMatchObject([
    { code: 'invalid_value', path: 'runtime.max_concurrent_scripts', where: `${report.path}:4` },
    {
      code: 'unknown_key',
      path: 'engines.lua.timout_ms',
      suggestion: 'timeout_ms',
      where: `${report.path}:2`,
    },
  ]);
});

test('a key that may be an option is a warning only', async () => {
  const report = await validate('[providers.ollama]\nbase_ulr = "http://x"\n');
  expect(report.valid).toBe(true);
  expect(report.warnings).toMatchObject([
    { code: 'unknown_key', suggestion: 'base_url' },
    { code: 'network_disabled' },
  ]);
});

test('advice: keys, disabled provider, sizes', async () => {
  const text = `
[providers]
default_provider = "openai"
[providers.openai]
enabled = false
[providers.groq]
[providers.anthropic]
[runtime]
script_timeout_seconds = 1000000
[runtime.security]
allow_network_access = true
`;
  const report = await validate(text, { ANTHROPIC_API_KEY: 'k' });
  expect(report.warnings.map(({ code, path }) => [code, path])).toEqual([
    ['provider_disabled', 'providers.default_provider'],
    ['missing_credentials', 'providers.groq'],
    ['implausible_value', 'runtime.script_timeout_seconds'],
  ]);
});

test('a file that is no TOML or missing gives a report too', async () => {
  const broken = await validate('a = \n');
  expect(broken).toMatchObject({
    valid: false,
    errors: [{ code: 'syntax', where: expect.stringMatching(/:1:\d+$/) }],
  });
  const missing = await validateConfigFile(`${place.cwd}/none.toml`, { home: place.home, env: {} });
  expect(missing).toMatchObject({ valid: false, errors: [{ code: 'unreadable' }] });
});
