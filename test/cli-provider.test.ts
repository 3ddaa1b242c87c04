import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliOptions, runCli } from './support/cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'llmspell-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const provider = (args: string[], options: CliOptions = {}) =>
  runCli(['provider', ...args], { cwd, ...options });
const json = async (args: string[], options?: CliOptions) =>
  JSON.parse((await provider([...args, '--output', 'json'], options)).stdout);

/** A configuration with one provider whose server is at `url`. */
async function configured(url: string): Promise<string> {
  const file = join(cwd, `${Buffer.from(url).toString('hex')}.toml`);
  await writeFile(
    file,
    `[providers.local]\nprovider_type = "openai-compatible"\nbase_url = "${url}"\napi_key = "k"\ndefault_model = "m"\nmax_retries = 0\n`,
  );
  return file;
}

describe('provider list', () => {
  it('shows what is built in, the default first', async () => {
    const { code, stdout } = await provider(['list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^PROVIDER +TYPE +DEFAULT MODEL +STATE +WHAT IT IS\noffline +offline +extract +ready /,
    );
    expect(await json(['list'])).toMatchObject([
      { provider: 'offline', available: true, default_model: 'extract' },
      { provider: 'mock', available: true },
    ]);
  });

  it('says what lacks a key', async () => {
    const list = await json(['list', '-p', 'development']);
    expect(list).toContainEqual(
      expect.objectContaining({ provider: 'openai', enabled: true, available: false }),
    );
    const { stdout } = await provider(['list', '-p', 'development']);
    expect(stdout).toMatch(/^openai +openai +gpt-4 +needs a key /m);
    expect((await provider(['list', '-p', 'development'], { env: { OPENAI_API_KEY: 'k' } })).stdout).toMatch(
      /^openai +openai +gpt-4 +ready /m,
    );
  });
});

describe('provider test', () => {
  it.each([['offline'], ['mock']])('%s always answers', async (name) => {
    expect(await provider(['test', name])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${name} answers; its models:\n  `)),
      stderr: '',
    });
    expect(await json(['test', name])).toMatchObject({ status: 'success', provider: name });
  });

  it('asks the default one without a name', async () => {
    expect(await json(['test'])).toMatchObject({ provider: 'offline', models: ['extract'] });
  });

  it('lists the models of a server', async () => {
    const server = createServer((request, response) => {
      const known = request.headers.authorization === 'Bearer k';
      response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: [{ id: 'small' }, { id: 'large' }] }));
    });
    await using url = await listening(server);
    expect(await json(['test', 'local', '-c', await configured(url.address)])).toEqual({
      status: 'success',
      provider: 'local',
      models: ['small', 'large'],
    });
  });

  it('tells a server that refuses, that is not there and that is silent apart', async () => {
    const refusing = createServer((_request, response) => response.writeHead(401).end('{}'));
    const silent = createServer(() => {});
    await using one = await listening(refusing);
    await using two = await listening(silent);
    const [refused, absent, late] = await Promise.all([
      json(['test', 'local', '-c', await configured(one.address)]),
      json(['test', 'local', '-c', await configured('http://127.0.0.1:9')]),
      json(['test', 'local', '--timeout', '0.2', '-c', await configured(two.address)]),
    ]);
    expect(refused).toMatchObject({ status: 'error', error: { code: 'provider.unauthorized' } });
    expect(absent).toMatchObject({ status: 'error', error: { code: 'provider.unreachable' } });
    expect(late).toMatchObject({
      error: { code: 'provider.timeout', message: "Provider 'local' did not answer within 0.2 s" },
    });
  });

  it.each([
    ['opnai', 'provider.not_found', "No provider is called 'opnai', did you mean 'openai'?"],
    ['openai', 'provider.missing_key', "Provider 'openai' needs an API key"],
  ])('refuses %s', async (name, code, message) => {
    const result = await provider(['test', name]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(`Error [${code}]: ${message}\nHint: `);
  });
});

/** The server's address while it listens on loopback. */
async function listening(server: Server): Promise<{ address: string } & AsyncDisposable> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
