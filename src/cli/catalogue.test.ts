import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, loadCatalogue, lookUp } from './catalogue.js';

describe('the catalogue of the package', () => {
  let catalogue: Catalogue;

  beforeAll(async () => {
    catalogue = await loadCatalogue();
  });

  test.each([
    ['Tool', 'Tool'],
    ['Tool.execute', 'Tool.execute(name: string'],
    ['State.list_keys', 'State.list_keys(scope?: string): string[]'],
    ['State.listKeys', 'State.list_keys('],
    ['State.list', 'State.list_keys('],
    ['agent:execute', 'agent:execute('],
    ['agent:run', 'agent:execute('],
    ['agent:id', 'agent.id: string'],
    ['AgentBuilder:maxTokens', 'AgentBuilder:max_tokens('],
  ])('knows %s', (name, signature) => {
    expect(lookUp(catalogue, name)?.lua).toContain(signature);
  });

  test('has both languages and, where there is one, an example', () => {
    const entry = lookUp(catalogue, 'Tool.get')!;
    expect([entry.lua, entry.javascript]).toEqual([
      'Tool.get(name: string): ToolHandle?',
      'Tool.get(name: string): ToolHandle | null',
    ]);
    expect(entry.example?.lua).toContain('Tool.get("calculator")');
  });

  test.each([
    'Nothing',
    'Tool.nothing',
    'constructor',
    'Tool.',
    '',
    '__proto__',
    'Agent:execute',
    '@host.source',
  ])('has no entry for %j', (name) => {
    expect(lookUp(catalogue, name)).toBeUndefined();
  });
});
