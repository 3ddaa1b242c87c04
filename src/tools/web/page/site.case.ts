import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Permissions } from '../../../core/context.js';
import { noGrants } from '../../../security/grants.js';
import { createPermissions } from '../../../security/permissions.js';
import type { ToolDefinition } from '../../define.js';
import { callTool } from '../../run-tool.case.js';
import { runSample } from '../../samples.js';

/** One page: text (as HTML), bytes, or whatever a function answers. */
export type TestPage = string | Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void);

/** A site on loopback. For tests. */
export interface TestSite {
  /** Without a slash at the end. */
  origin: string;
  /** The paths that were asked for, in order. */
  seen: string[];
  /** Replaces pages. */
  put(pages: Record<string, TestPage>): void;
}

const servers: Server[] = [];

/** Serves pages by path until the test ends; what is not there is 404. */
export async function serveSite(pages: Record<string, TestPage>): Promise<TestSite> {
  const seen: string[] = [];
  const content = new Map(Object.entries(pages));
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    seen.push(path);
    const page = content.get(path.split('?')[0]!);
    if (page === undefined) response.writeHead(404).end('not here');
    else if (typeof page === 'function') page(request, response);
    else response.setHeader('content-type', typeOf(path)).end(page);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const put = (more: Record<string, TestPage>) => {
    for (const [path, page] of Object.entries(more)) content.set(path, page);
  };
  return { origin, seen, put };
}

/** Grants for loopback and nothing else. */
export function loopbackOnly() {
  return createPermissions({ ...noGrants(), net: ['127.0.0.1'] }, { cwd: '/' });
}

/** One test per sample of a tool, with just the grants that a sample has. */
export function itRunsItsSamplesGuarded(definition: ToolDefinition): void {
  it.each(definition.samples.map((sample) => [sample.title, sample] as const))(
    'sample: %s',
    async (_title, sample) => {
      const call = (input: unknown, permissions: Permissions) => callTool(definition, input, { permissions });
      expect(await runSample(sample, call)).toMatchObject({ passed: true });
    },
  );
}

/** Ends the sites of a test file after each test; call it once at the top. */
export function closeSitesAfterEach(): void {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
}

function typeOf(path: string): string {
  if (path.endsWith('.txt')) return 'text/plain; charset=utf-8';
  if (path.endsWith('.xml')) return 'application/xml';
  if (path.endsWith('.gz')) return 'application/gzip';
  return 'text/html; charset=utf-8';
}
