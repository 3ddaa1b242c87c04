import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliOptions, runCli } from './support/cli.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const run = (args: string[], options: CliOptions = {}) => runCli(args, { cwd, ...options });
const json = async (args: string[], options?: CliOptions) =>
  JSON.parse((await run([...args, '--output', 'json'], options)).stdout);

describe('config init', () => {
  it('writes a file that is valid and changes nothing', async () => {
    expect(await run(['config', 'init'])).toMatchObject({ code: 0, stdout: 'Wrote llmspell.toml\n' });
    expect((await run(['config', 'validate'])).code).toBe(0);
    const written = await json(['config', 'show']);
    await rm(join(cwd, 'llmspell.toml'));
    expect(await json(['config', 'show'])).toEqual(written);
  });

  it('names a schema that is there', async () => {
    await run(['config', 'init']);
    const [first] = (await readFile(join(cwd, 'llmspell.toml'), 'utf8')).split('\n');
    expect(existsSync(first!.replace('#:schema ', ''))).toBe(true);
  });

  it.each([
    ['-f', 'own.toml'],
    ['--file', 'own.toml'],
    ['-o', 'deep/own.toml'],
    ['--output', 'own.toml'],
  ])('writes where %s says', async (flag, path) => {
    expect(await run(['config', 'init', flag, path])).toMatchObject({ code: 0, stdout: `Wrote ${path}\n` });
    expect(existsSync(join(cwd, path))).toBe(true);
  });

  it('overwrites only with --force', async () => {
    await writeFile(join(cwd, 'llmspell.toml'), '# mine\n');
    const refused = await run(['config', 'init']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('[config.exists]');
    expect(await readFile(join(cwd, 'llmspell.toml'), 'utf8')).toBe('# mine\n');
    const { code } = await run(['config', 'init', '--force']);
    expect(code).toBe(0);
    expect(await readFile(join(cwd, 'llmspell.toml'), 'utf8')).not.toBe('# mine\n');
  });

  it('says as JSON what it wrote, and why it did not', async () => {
    expect(await json(['config', 'init', '-o', 'a.toml'])).toEqual({
      status: 'success',
      path: expect.stringMatching(/a\.toml$/),
    });
    expect(await json(['config', 'init', '-o', 'a.toml'])).toMatchObject({
      error: { code: 'config.exists' },
    });
    await mkdir(join(cwd, 'folder'));
    expect(await json(['config', 'init', '--force', '-o', 'folder'])).toMatchObject({
      error: { code: 'config.unwritable' },
    });
  });
});

describe('config validate', () => {
  it('names each mistake with its line and what was probably meant', async () => {
    await writeFile(
      join(cwd, 'llmspell.toml'),
      '[runtime]\nscript_timeout_second = 3\nmax_concurrent_scripts = 0\n',
    );
    const { code, stdout } = await run(['config', 'validate']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ llmspell\.toml is not valid\n/);
    expect(stdout).toContain("did you mean 'script_timeout_seconds'? (llmspell.toml:2)");
    expect(stdout).toContain('llmspell.toml:3');
  });

  it('is one JSON document whatever the file is like', async () => {
    await writeFile(join(cwd, 'good.toml'), '[permissions]\nnet = ["example.com"]\n');
    await writeFile(join(cwd, 'broken.toml'), '[runtime\n');
    expect(await json(['config', 'validate', 'good.toml'])).toMatchObject({ valid: true, errors: [] });
    expect(await json(['config', 'validate', '-f', 'broken.toml'])).toMatchObject({
      valid: false,
      errors: [{ code: 'syntax', where: expect.stringMatching(/broken\.toml:1/) }],
    });
    expect(await json(['config', 'validate', '-c', 'missing.toml'])).toMatchObject({
      valid: false,
      errors: [{ code: 'unreadable' }],
    });
    expect(await json(['config', 'validate'])).toEqual({ valid: true, path: null, warnings: [], errors: [] });
  });

  it('ends with 1 for a file that is not there', async () => {
    expect((await run(['config', 'validate', 'missing.toml'])).code).toBe(1);
  });
});

describe('config show and get', () => {
  beforeEach(() =>
    writeFile(
      join(cwd, 'llmspell.toml'),
      'default_engine = "javascript"\n[providers.openai]\napi_key = "sk-secret"\ndefault_model = "m"\n',
    ),
  );

  it('hides secrets in every form', async () => {
    const forms = [
      ['show'],
      ['show', '--format', 'json'],
      ['show', '--origin'],
      ['show', '--origin', '--format', 'json'],
      ['get', 'providers'],
      ['get', 'providers.openai.api_key'],
    ];
    const outputs = await Promise.all(forms.map((form) => run(['config', ...form])));
    for (const { code, stdout } of outputs) {
      expect(code).toBe(0);
      expect(stdout).toContain('<REDACTED>');
      expect(stdout).not.toContain('sk-secret');
    }
  });

  it('shows TOML that is valid again, JSON, and where values came from', async () => {
    const toml = await run(['config', 'show', 'runtime']);
    await writeFile(join(cwd, 'copy.toml'), toml.stdout);
    expect((await run(['config', 'validate', 'copy.toml'])).code).toBe(0);
    expect(await json(['config', 'show', 'default_engine'])).toEqual({ default_engine: 'javascript' });
    const origins = await run(['config', 'show', '--origin'], {
      env: { LLMSPELL_SCRIPT_TIMEOUT_SECONDS: '7' },
    });
    expect(origins.stdout).toMatch(/default_engine = "javascript" {2}# project .*llmspell\.toml:1/);
    expect(origins.stdout).toMatch(
      /script_timeout_seconds = 7 {2}# environment LLMSPELL_SCRIPT_TIMEOUT_SECONDS/,
    );
  });

  it('gets single values bare', async () => {
    expect((await run(['config', 'get', 'default_engine'])).stdout).toBe('javascript\n');
    expect((await run(['config', 'get', 'runtime.enable_streaming'])).stdout).toBe('true\n');
    expect((await run(['config', 'get', 'providers.default_provider'])).stdout).toBe('\n');
    expect((await run(['config', 'get', 'runtime.security'])).stdout).toMatch(/^\[runtime\.security\]\n/);
    expect(await json(['config', 'get', 'providers.default_provider'])).toBeNull();
    expect(await json(['config', 'get', 'runtime.enable_streaming'])).toBe(true);
  });

  it.each([
    [['show', 'runtme'], 'config.unknown_section', "Did you mean 'runtime'?"],
    [['get', 'runtime.securty'], 'config.unknown_key', "Did you mean 'runtime.security'?"],
    [['get', 'default_engine.x'], 'config.unknown_key', 'default_engine is a value, not a table.'],
    [
      ['get', 'nonsense'],
      'config.unknown_key',
      expect.stringContaining('Keys at the top level: default_engine'),
    ],
  ])('refuses %j', async (args, code, hint) => {
    const { error } = await json(['config', ...args]);
    expect(error).toMatchObject({ code, hint });
    expect((await run(['config', ...args])).code).toBe(1);
  });
});

describe('config list-profiles', () => {
  it('groups them, with details when asked', async () => {
    const [plain, detailed] = await Promise.all([
      run(['config', 'list-profiles']),
      run(['config', 'list-profiles', '-d']),
    ]);
    expect(plain.stdout).toMatch(/^Core:\n {2}minimal /);
    expect(plain.stdout).not.toContain('for:');
    expect(detailed.stdout).toContain('for:  Plain scripts');
  });

  it('lists ten as JSON', async () => {
    const profiles = await json(['config', 'list-profiles']);
    expect(profiles).toHaveLength(10);
    for (const profile of profiles)
      expect(Object.keys(profile)).toEqual(['name', 'category', 'description', 'use_cases', 'features']);
  });
});

describe('init', () => {
  it('sets up a folder in which the first spell runs and the configuration is valid', async () => {
    const { code, stdout } = await run(['init', 'project']);
    expect(code).toBe(0);
    const project = join(cwd, 'project');
    for (const name of ['llmspell.toml', '.luarc.json', 'jsconfig.json', 'spell.lua'])
      expect(stdout).toContain(`Wrote ${join('project', name)}\n`);
    expect(await run(['run', 'spell.lua', '--name', 'Ada'], { cwd: project })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Hello, Ada!'),
    });
    expect((await run(['config', 'validate'], { cwd: project })).code).toBe(0);
    const [schema] = (await readFile(join(project, 'llmspell.toml'), 'utf8')).split('\n');
    expect(existsSync(join(project, schema!.replace('#:schema ', '')))).toBe(true);
  });

  it('writes nothing where something is in the way, unless forced', async () => {
    await writeFile(join(cwd, 'jsconfig.json'), '{}');
    expect(await json(['init'])).toMatchObject({
      error: { code: 'config.exists', details: { files: ['jsconfig.json'] } },
    });
    expect(existsSync(join(cwd, 'llmspell.toml'))).toBe(false);
    expect(await json(['init', '--force'])).toMatchObject({
      status: 'success',
      files: expect.arrayContaining(['spell.lua']),
    });
    expect(await readFile(join(cwd, 'jsconfig.json'), 'utf8')).not.toBe('{}');
  });
});
