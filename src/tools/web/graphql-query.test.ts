import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema, graphql, parse, subscribe } from 'graphql';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import graphqlQuery from './graphql-query.js';
import { type Answering, json, loopback, loopbackOnly } from './loopback.case.js';

const serve = loopback();

function ask(input: Record<string, unknown>, signal?: AbortSignal) {
  return callTool(graphqlQuery, input, { permissions: loopbackOnly(), ...(signal && { signal }) });
}

const schema: GraphQLSchema = buildSchema(`
  "A person"
  type User { id: ID! name: String friends: [User!]! role: Role }
  enum Role { ADMIN GUEST }
  type Query { user(id: ID!): User users: [User!]! broken: String }
  type Mutation { rename(id: ID!, name: String!): User }
  type Subscription { count(to: Int!): Int }
`);
const USERS = [
  { id: '1', name: 'Ada', role: 'ADMIN', friends: [] as unknown[] },
  { id: '2', name: 'Bo', role: 'GUEST', friends: [] as unknown[] },
];
const counted = { ended: 0, onStart: () => {} };
const root = {
  user: ({ id }: { id: string }) => USERS.find((user) => user.id === id),
  users: () => USERS,
  broken: () => {
    throw new Error('out of order');
  },
  rename: ({ id, name }: { id: string; name: string }) => ({ ...USERS.find((user) => user.id === id), name }),
  count: async function* ({ to }: { to: number }) {
    try {
      counted.onStart();
      for (let count = 1; count <= to; count++) {
        if (count === 100) await new Promise((resolve) => setTimeout(resolve, 5000));
        yield { count };
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    } finally {
      counted.ended++;
    }
  },
};

type Request = { query: string; variables?: Record<string, unknown>; operationName?: string };

/** Runs the request on the schema: a server in earnest, with plain answers and with server-sent events. */
const graphqlServer: Answering = async (seen, response) => {
  const { query, variables, operationName } = JSON.parse(seen.body) as Request;
  if (seen.headers.accept === 'text/event-stream') return events(query, variables, response);
  const answer = await graphql({
    schema,
    source: query,
    rootValue: root,
    variableValues: variables ?? null,
    operationName: operationName ?? null,
  });
  response.setHeader('content-type', 'application/graphql-response+json').end(JSON.stringify(answer));
};

async function events(query: string, variables: Request['variables'], response: Parameters<Answering>[1]) {
  const source = await subscribe({
    schema,
    document: parse(query),
    rootValue: root,
    variableValues: variables ?? null,
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(':\n\n');
  if (!(Symbol.asyncIterator in source)) {
    response.end(`event: next\ndata: ${JSON.stringify(source)}\n\nevent: complete\ndata:\n\n`);
    return;
  }
  response.on('close', () => void source.return(undefined));
  for await (const event of source) response.write(`event: next\ndata: ${JSON.stringify(event)}\n\n`);
  response.end('event: complete\ndata:\n\n');
}

/** The same over WebSocket. */
function websocketServer(server: Parameters<typeof attach>[0]) {
  return attach(server);
}
function attach(server: import('node:http').Server) {
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' });
  sockets.on('connection', (socket, request) => {
    const tell = (message: object) => socket.send(JSON.stringify(message));
    socket.on('message', async (data) => {
      const { type, id, payload } = JSON.parse(data.toString());
      if (type === 'connection_init' && request.headers.authorization === 'Bearer wrong')
        return socket.close(4403, 'Forbidden');
      if (type === 'connection_init') {
        tell({ type: 'connection_ack' });
        tell({ type: 'ping' });
      }
      if (type !== 'subscribe') return;
      const source = await subscribe({ schema, document: parse(payload.query), rootValue: root });
      if (!(Symbol.asyncIterator in source)) return tell({ id, type: 'error', payload: source.errors });
      socket.on('close', () => void source.return(undefined));
      for await (const next of source) tell({ id, type: 'next', payload: next });
      tell({ id, type: 'complete' });
    });
  });
  return sockets;
}

describe('graphql-query', () => {
  itRunsItsSamples(graphqlQuery);

  it('runs a query with variables', async () => {
    const { origin, seen } = await serve(graphqlServer);
    const query = 'query One($id: ID!) { user(id: $id) { name role } } query All { users { id } }';
    const input = { endpoint: `${origin}/graphql`, query, variables: { id: '2' }, operation_name: 'One' };
    expect(await ask(input)).toMatchObject({
      success: true,
      operation: 'query',
      result: {
        operation: 'query',
        endpoint: `${origin}/graphql`,
        result: { data: { user: { name: 'Bo', role: 'GUEST' } } },
      },
      metadata: { depth: 2 },
    });
    expect(JSON.parse(seen[0]!.body)).toEqual({ query, variables: { id: '2' }, operationName: 'One' });
  });

  it('runs a mutation', async () => {
    const { origin } = await serve(graphqlServer);
    const input = {
      endpoint: origin,
      operation: 'mutation',
      input: 'mutation { rename(id: "1", name: "Eve") { name } }',
    };
    expect(await ask(input)).toMatchObject({ result: { result: { data: { rename: { name: 'Eve' } } } } });
  });

  it('sends headers and credentials', async () => {
    const { origin, seen } = await serve(graphqlServer);
    await ask({
      endpoint: origin,
      input: '{ users { id } }',
      headers: { 'X-A': 1 },
      auth: { type: 'bearer', token: 't' },
    });
    expect(seen[0]!.headers).toMatchObject({ 'x-a': '1', authorization: 'Bearer t' });
  });

  it('fails softly on errors, with the data that came along', async () => {
    const { origin } = await serve(graphqlServer);
    expect(await ask({ endpoint: origin, input: '{ users { name } broken }' })).toMatchObject({
      success: false,
      error: 'GraphQL errors: out of order',
      result: {
        result: {
          data: { users: [{ name: 'Ada' }, { name: 'Bo' }], broken: null },
          errors: [{ path: ['broken'] }],
        },
      },
    });
    expect(await ask({ endpoint: origin, input: '{ nonsense }' })).toMatchObject({
      success: false,
      error: expect.stringContaining('Cannot query field "nonsense"'),
    });
  });

  it('fails softly on errors under another status', async () => {
    const { origin } = await serve(json({ errors: [{ message: 'no entry' }] }, 401));
    expect(await ask({ endpoint: origin, input: '{ a }' })).toMatchObject({
      success: false,
      error: 'GraphQL errors: no entry',
    });
  });

  it.each<[Answering, RegExp]>([
    [(_, response) => response.writeHead(502).end('<h1>Bad'), /HTTP 502 Bad Gateway <h1>Bad/],
    [(_, response) => response.end('hello'), /did not answer with a GraphQL result: hello/],
    [json({ status: 'ok' }), /did not answer with a GraphQL result/],
    [(_, response) => response.socket!.destroy(), /HTTP request failed/],
  ])('raises what is no GraphQL answer', async (answer, message) => {
    const { origin } = await serve(answer);
    await expect(ask({ endpoint: origin, input: '{ a }' })).rejects.toThrow(message);
  });

  it.each<[object, RegExp]>([
    [{ input: '' }, /Missing required parameter 'input'/],
    [{ input: '{ a' }, /Invalid GraphQL query: .*\(line 1, column 4\)/],
    [{ input: 'query A { a } query B { b }' }, /several operations: A, B/],
    [{ input: 'query A { a }', operation_name: 'C' }, /no operation 'C'; it has: A/],
    [{ input: 'fragment F on X { a }' }, /contains no operation/],
    [{ input: 'mutation { a }', operation: 'query' }, /contains a mutation, not a query/],
    [{ input: '{ a { b { c } } }', max_depth: 2 }, /depth of 3, more than the limit of 2/],
    [{ input: `${'{a'.repeat(11)}${'}'.repeat(11)}` }, /depth of 11, more than the limit of 10/],
    [{ input: '{ a { ...F } } fragment F on X { b { c } }', max_depth: 2 }, /depth of 3/],
    [{ input: '{ a { ... on X { b { c } } } }', max_depth: 2 }, /depth of 3/],
    [{ input: '{ ...F } fragment F on X { a { ...F } }' }, /contains itself/],
    [{ input: '{ ...F }' }, /unknown fragment 'F'/],
    [{ input: `${'{a'.repeat(9000)}${'}'.repeat(9000)}`, max_depth: 100 }, /too deep|limit/],
    [{ input: `{ ${'a '.repeat(30_000)} }` }, /token/i],
    [{ input: '{ a }', operation: 'nonsense' }, /Unknown operation 'nonsense'/],
    [{ input: '{ a }', variables: [1] }, /variables/],
  ])('refuses %j before it sends anything', async (input, message) => {
    const { origin, seen } = await serve(graphqlServer);
    await expect(ask({ endpoint: origin, ...input })).rejects.toThrow(message);
    expect(seen).toHaveLength(0);
  });

  it('takes braces in texts and arguments for what they are', async () => {
    const { origin } = await serve(json({ data: {} }));
    const input = `{ a(text: "${'{'.repeat(50)}", where: { b: { c: { d: 1 } } }) }`;
    expect(await ask({ endpoint: origin, input, max_depth: 1 })).toMatchObject({ success: true });
  });

  it('measures fragments that use fragments in no time', async () => {
    const fragments = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on X { ...F${n + 1} ...F${n + 1} }`,
    );
    const input = `{ ...F0 } ${fragments.join(' ')} fragment F60 on X { a { b } }`;
    const { origin } = await serve(json({ data: {} }));
    expect(await ask({ endpoint: origin, input })).toMatchObject({ metadata: { depth: 2 } });
  });
});

describe('introspection', () => {
  it('gives the schema as text, with its types', async () => {
    const { origin } = await serve(graphqlServer);
    const answer = await ask({ endpoint: origin, operation: 'introspection' });
    expect(answer.text).toContain('type User {\n  id: ID!\n  name: String\n  friends: [User!]!');
    expect(answer).toMatchObject({
      success: true,
      result: {
        operation: 'introspection',
        result: {
          query_type: 'Query',
          mutation_type: 'Mutation',
          subscription_type: 'Subscription',
          types: expect.arrayContaining([
            {
              name: 'User',
              kind: 'object',
              description: 'A person',
              fields: ['id', 'name', 'friends', 'role'],
            },
            { name: 'Role', kind: 'enum', values: ['ADMIN', 'GUEST'] },
            expect.objectContaining({ name: 'ID', kind: 'scalar' }),
          ]),
        },
      },
    });
  });

  it('gives single types', async () => {
    const { origin } = await serve(graphqlServer);
    expect((await ask({ endpoint: origin, operation: 'introspect', types: ['Role'] })).text).toBe(
      'enum Role {\n  ADMIN\n  GUEST\n}',
    );
    await expect(ask({ endpoint: origin, operation: 'introspection', types: ['No'] })).rejects.toThrow(
      "no type 'No'",
    );
  });

  it('says when there is no schema', async () => {
    const refused = await serve(json({ errors: [{ message: 'introspection is off' }] }));
    expect(await ask({ endpoint: refused.origin, operation: 'introspection' })).toMatchObject({
      success: false,
      error: 'GraphQL errors: introspection is off',
    });
    const broken = await serve(json({ data: { __schema: { nonsense: true } } }));
    await expect(ask({ endpoint: broken.origin, operation: 'introspection' })).rejects.toThrow(
      /is not a schema/,
    );
  });
});

describe.each(['sse', 'websocket'] as const)('a subscription over %s', (transport) => {
  const start = async () => {
    const loop = await serve(graphqlServer);
    websocketServer(loop.server);
    return loop;
  };
  const subscription = (endpoint: string, to: number, more = {}) => ({
    endpoint,
    operation: 'subscription',
    input: `subscription { count(to: ${to}) }`,
    transport,
    ...more,
  });
  const counts = (numbers: number[]) => numbers.map((count) => ({ data: { count } }));

  it('gives events until it is complete', async () => {
    const { origin } = await start();
    expect(await ask(subscription(origin, 3))).toMatchObject({
      success: true,
      operation: 'subscription',
      result: { result: { events: counts([1, 2, 3]), count: 3, ended: 'complete' } },
      metadata: { transport },
    });
  });

  it('gives as many events as were asked for, and leaves', async () => {
    const { origin } = await start();
    const before = counted.ended;
    expect(await ask(subscription(origin, 99, { max_events: 2 }))).toMatchObject({
      result: { result: { events: counts([1, 2]), ended: 'max_events' } },
    });
    await expect.poll(() => counted.ended, { timeout: 5000 }).toBe(before + 1);
  });

  it('gives what came until the time was over', async () => {
    const { origin } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: next\ndata: {"data":{"count":1}}\n\n');
    }).then(async (loop) => {
      if (transport === 'sse') return loop;
      const sockets = new WebSocketServer({
        server: loop.server,
        handleProtocols: () => 'graphql-transport-ws',
      });
      sockets.on('connection', (socket) =>
        socket.on('message', (data) => {
          const { type } = JSON.parse(data.toString());
          if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
          else socket.send('{"type":"next","id":"1","payload":{"data":{"count":1}}}');
        }),
      );
      return loop;
    });
    expect(await ask(subscription(origin, 1, { timeout: 1.5 }))).toMatchObject({
      success: true,
      result: { result: { events: counts([1]), ended: 'timeout' } },
    });
  });

  it('fails softly on errors', async () => {
    const { origin } = await start();
    const input = { endpoint: origin, transport, input: 'subscription { nonsense }' };
    expect(await ask(input)).toMatchObject({
      success: false,
      error: expect.stringContaining('GraphQL errors: '),
    });
  });

  it('is refused without a grant', async () => {
    await expect(ask(subscription('http://10.0.0.1/', 1))).rejects.toMatchObject({ code: 'permission.net' });
  });

  it('raises what is no such server', async () => {
    const { origin } = await serve((_, response) => response.writeHead(404).end());
    await expect(ask(subscription(origin, 1))).rejects.toMatchObject({ code: 'tool.failed' });
    const gone = await serve(() => {});
    await new Promise((resolve) => gone.server.close(resolve));
    await expect(ask(subscription(gone.origin, 1))).rejects.toThrow(/No connection to 127/);
  });

  it('ends with the call, on both sides', async () => {
    const { origin } = await start();
    const abort = new AbortController();
    const before = counted.ended;
    counted.onStart = () => setTimeout(() => abort.abort(new Error('enough')), 20);
    await expect(ask(subscription(origin, 10_000, { max_events: 1000 }), abort.signal)).rejects.toThrow(
      'enough',
    );
    counted.onStart = () => {};
    await expect.poll(() => counted.ended, { timeout: 5000 }).toBe(before + 1);
  });
});

describe('server-sent events', () => {
  const input = 'subscription { count(to: 1) }';

  it('may be refused in plain JSON', async () => {
    const { origin } = await serve(json({ errors: [{ message: 'not today' }] }, 400));
    expect(await ask({ endpoint: origin, input })).toMatchObject({
      success: false,
      error: 'GraphQL errors: not today',
    });
  });

  it.each<[string, RegExp]>([
    ['event: next\ndata: {broken\n\n', /not JSON: {broken/],
    [`event: next\ndata: ${'x'.repeat(11_000_000)}\n\n`, /more than 10000000 bytes/],
  ])('that are none are refused', async (text, message) => {
    const { origin } = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text),
    );
    await expect(ask({ endpoint: origin, input })).rejects.toThrow(message);
  });

  it('come in pieces, in any of the forms of the format', async () => {
    const { origin } = await serve(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      const bytes = Buffer.from(
        ': hello\r\nevent:next\r\nid: 1\r\ndata: {"data":\r\ndata: {"count": "ü"}}\r\n\r\nevent: other\ndata: x\n\nevent: complete\ndata:\n\n',
      );
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect(await ask({ endpoint: origin, input })).toMatchObject({
      result: { result: { events: [{ data: { count: 'ü' } }], ended: 'complete' } },
    });
  });
});

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('an encrypted endpoint', () => {
  it.each(['sse', 'websocket', undefined])('must prove who it is (%s)', async (transport) => {
    const dir = await mkdtemp(join(tmpdir(), 'llmspell-'));
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key',
      '-out',
      'cert',
      ...subject,
    ];
    spawnSync('openssl', made, { cwd: dir });
    const [key, cert] = [await readFile(join(dir, 'key')), await readFile(join(dir, 'cert'))];
    await rm(dir, { recursive: true });
    let requests = 0;
    const server = createServer({ key, cert }, (_, response) => {
      requests++;
      response.end();
    });
    server.on('upgrade', () => requests++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const input = transport ? 'subscription { count(to: 1) }' : '{ users { id } }';
      await expect(ask({ endpoint, input, ...(transport && { transport }) })).rejects.toThrow(
        /self-signed certificate/,
      );
      expect(requests).toBe(0);
    } finally {
      server.close();
    }
  });
});

describe('WebSocket', () => {
  it('is used for ws addresses', async () => {
    const { origin, server } = await serve(graphqlServer);
    websocketServer(server);
    const endpoint = origin.replace('http', 'ws');
    expect(await ask({ endpoint, input: 'subscription { count(to: 1) }' })).toMatchObject({
      result: { result: { count: 1 } },
      metadata: { transport: 'websocket' },
    });
  });

  it('says why the server closed it', async () => {
    const { origin, server } = await serve(graphqlServer);
    websocketServer(server);
    const input = {
      endpoint: origin,
      transport: 'websocket',
      input: 'subscription { count(to: 1) }',
      auth: { type: 'bearer', token: 'wrong' },
    };
    await expect(ask(input)).rejects.toThrow(/closed the WebSocket .*\(4403: Forbidden\)/);
  });
});
