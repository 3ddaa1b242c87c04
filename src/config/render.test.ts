import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REDACTED } from '../core/redact.js';
import { DEFAULT_CONFIG } from './defaults.js';
import { renderInitFile } from './init-file.js';
import { loadConfig } from './load.js';
import { originEntries, renderWithOrigins } from './origin.js';
import { renderToml } from './render.js';
import { configSection, sectionNames } from './sections.js';
import { TestPlace } from './testing.js';
import { parseToml } from './toml.js';
import { leaves, schemaTree } from './tree.js';
import type { FreeTable } from './types.js';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(() => place[Symbol.dispose]());

describe('renderToml', () => {
  test('what is written reads back the same', async () => {
    const value: FreeTable = {
      text: 'a "quoted" \\ line\nand \u007f \u0000 ü 😀',
      'odd key.': 1,
      list: [1, -2.5, true, ['x'], { a: 1, 'b c': { d: [] } }],
      big: 1e21,
      empty: {},
      table: { sub: { __proto: 1 }, last: 'x' },
    };
    expect(await parseToml(renderToml(value), 'x')).toEqual(value);
  });

  test('the defaults read back the same', async () => {
    expect(await parseToml(renderToml(DEFAULT_CONFIG as unknown as FreeTable), 'x')).toEqual(DEFAULT_CONFIG);
  });

  test('what is not set is left out', () => {
    expect(renderToml({ a: undefined, b: null, c: 1 })).toBe('c = 1\n');
  });
});

describe('sections', () => {
  test('a section is shown under its name', () => {
    expect(renderToml(configSection(DEFAULT_CONFIG, 'storage') as FreeTable)).toBe('[storage]\n');
    expect(sectionNames()).toContain('permissions');
  });

  test('an unknown one lists the others', () => {
    expect(() => configSection(DEFAULT_CONFIG, 'tool')).toThrow(
      "Unknown config section 'tool'. Available: default_engine",
    );
  });
});

describe('origins', () => {
  test('every value is shown with its source, secrets are not shown', async () => {
    const file = place.write(
      'project/llmspell.toml',
      '[providers.openai]\napi_key = "sk-secret"\nmodel = "m"\n',
    );
    const loaded = await loadConfig(
      place.options({ profile: 'rag-dev', env: { LLMSPELL_HOOKS_ENABLED: 'false' } }),
    );
    const text = renderWithOrigins(loaded);
    expect(text).toContain(`api_key = "${REDACTED}"  # project ${file}:2`);
    expect(text).toContain('enabled = false  # environment LLMSPELL_HOOKS_ENABLED');
    expect(text).toContain('chunk_size = 256  # profile rag-dev');
    expect(text).toContain('default_engine = "lua"  # default');
    expect(text).not.toContain('sk-secret');
    expect(await parseToml(text, 'x')).toMatchObject({ providers: { openai: { default_model: 'm' } } });

    const entries = originEntries(loaded, 'providers');
    expect(entries.map(({ path }) => path)).toContain('providers.openai.api_key');
    expect(entries.every(({ path }) => path.startsWith('providers.'))).toBe(true);
    expect(JSON.stringify(entries)).not.toContain('sk-secret');
  });
});

describe('the file that `config init` writes', () => {
  test('names the schema, holds every key, and changes nothing', async () => {
    const text = renderInitFile({ schema: './llmspell.schema.json' });
    expect(text.split('\n')[0]).toBe('#:schema ./llmspell.schema.json');
    for (const [path] of leaves(schemaTree())) expect(text).toMatch(new RegExp(`^# ${path.at(-1)} = `, 'm'));
    place.write('project/llmspell.toml', text);
    const loaded = await loadConfig(place.options());
    expect(loaded.config).toEqual(DEFAULT_CONFIG);
    expect(loaded.warnings).toEqual([]);
  });

  test('shows the defaults as they are', async () => {
    let live = true;
    let about = '';
    const lines = renderInitFile({ schema: 'x' })
      .split('\n')
      .map((line) => {
        if (/^(?:# )?\[[\w.]+\]$/.test(line)) live = line.startsWith('[');
        const shown = live && /^# [\w-]+ = /.test(line) && !about.endsWith('Not set by default.');
        about = line;
        return shown ? line.slice(2) : line;
      });
    expect(await parseToml(lines.join('\n'), 'x')).toEqual(DEFAULT_CONFIG);
  });
});
