import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import uuidGenerator from './uuid-generator.js';

const NOW = Date.UTC(2024, 0, 15, 10, 30);
const effects = { now: () => NOW, bytes: (length: number) => new Uint8Array(length).fill(0xab) };
const ask = async (input: JsonObject) =>
  (await callTool(uuidGenerator, input, { effects })).result as Record<string, string>;
const ANY = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('uuid-generator', () => {
  itRunsItsSamples(uuidGenerator);

  it.each(['v1', 'v4', 'v5', 'v7'])('generates a real %s', async (version) => {
    const made = await ask({ version, name: 'n' });
    expect(made.uuid).toMatch(ANY);
    expect(made).toMatchObject({ version, format: 'hyphenated' });
    expect(await ask({ operation: 'validate', uuid: made.uuid! })).toMatchObject({ valid: true, version });
  });

  it('puts the time into versions 1 and 7', async () => {
    const v7 = (await ask({ version: 'v7' })).uuid!.replaceAll('-', '');
    expect(Number.parseInt(v7.slice(0, 12), 16)).toBe(NOW);
    const [low, mid, high, , node] = (await ask({ version: 1 })).uuid!.split('-');
    const ticks = BigInt(`0x${high!.slice(1)}${mid}${low}`) - 122_192_928_000_000_000n;
    expect(Number(ticks / 10_000n)).toBe(NOW);
    expect(Number.parseInt(node!.slice(0, 2), 16) & 1).toBe(1);
  });

  it('sorts version 7 by time', async () => {
    const at = async (ms: number) =>
      (await callTool(uuidGenerator, { version: 'v7' }, { effects: { now: () => ms } })).result as {
        uuid: string;
      };
    expect((await at(NOW)).uuid < (await at(NOW + 1)).uuid).toBe(true);
  });

  it.each(['v4', 'v7'])('takes %s as operation', async (operation) => {
    expect(await ask({ operation })).toMatchObject({ version: operation });
  });

  it.each([
    ['simple', /^[0-9a-f]{32}$/],
    ['urn', /^urn:uuid:[0-9a-f-]{36}$/],
    ['braced', /^\{[0-9a-f-]{36}\}$/],
    ['standard', ANY],
  ])('writes %s', async (format, pattern) => {
    const { uuid } = await ask({ format });
    expect(uuid).toMatch(pattern);
    expect(await ask({ operation: 'validate', uuid: uuid! })).toMatchObject({ valid: true });
  });

  it.each([
    ['dns', 'python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'],
    ['6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'http://python.org/', '4c565f0d-3f5a-5890-b41b-20cf47701c5e'],
    ['oid', '1.3.6.1', '1447fa61-5277-5fef-a9b3-fbc6e44f4af3'],
  ])('derives version 5 in %s', async (namespace, name, uuid) => {
    expect(await ask({ version: '5', namespace, name })).toMatchObject({ uuid, version: 'v5' });
  });

  it('makes ids', async () => {
    expect((await ask({ operation: 'component_id' })).id).toMatch(/^component_[0-9a-f-]{36}$/);
    expect((await ask({ operation: 'component_id', prefix: 'job', short: true })).id).toMatch(
      /^job_[0-9a-f]{8}$/,
    );
    const id = (await ask({ operation: 'custom', prefix: 'a', timestamp: true, short: true, suffix: 'z' }))
      .id;
    expect(id).toMatch(new RegExp(`^a_${NOW / 1000}_[0-9a-f]{8}_z$`));
  });

  it('derives the same id for the same name, another for another namespace', async () => {
    const id = async (namespace: string, name = 'x') =>
      (await ask({ operation: 'deterministic', namespace, name })).id;
    expect(await id('agent')).toBe(await id('agent'));
    const ids = [
      await id('agent'),
      await id('tool'),
      await id('workflow'),
      await id('mine'),
      await id('agent', 'y'),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  it.each([
    ['not-a-uuid', { valid: false }],
    ['00000000-0000-0000-0000-000000000000', { valid: true, version: null, variant: 'NCS' }],
    ['550E8400-E29B-41D4-A716-446655440000', { valid: true, uuid: '550e8400-e29b-41d4-a716-446655440000' }],
    ['550e8400e29b41d4a71644665544000', { valid: false }],
    ['{550e8400-e29b-41d4-a716-446655440000', { valid: false }],
  ])('validates %s', async (uuid, expected) => {
    expect(await ask({ operation: 'validate', uuid })).toMatchObject(expected);
  });

  it.each([
    [{ operation: 'nope' }, 'Unknown operation'],
    [{ version: 'v9' }, "Invalid version: 'v9'"],
    [{ version: 'v5' }, "Missing required parameter 'name'"],
    [{ version: 'v5', name: 'x', namespace: 'nowhere' }, 'Invalid namespace UUID'],
    [{ operation: 'validate' }, "Missing required parameter 'uuid'"],
    [{ operation: 'deterministic' }, "Missing required parameter 'name'"],
    [{ format: 'roman' }, 'format'],
  ])('refuses %j', async (input, message) => {
    await expect(callTool(uuidGenerator, input)).rejects.toThrow(message);
  });
});
