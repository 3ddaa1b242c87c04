import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Certificate, makeCertificate } from './certificate.js';
import { findServer, freePort, TemporaryServer } from './temporary.js';

/** The folders where Debian keeps the programs of each version. */
function folders(): string[] {
  const base = '/usr/lib/postgresql';
  try {
    return readdirSync(base).map((version) => join(base, version, 'bin'));
  } catch {
    return [];
  }
}

const INITDB = findServer('initdb', folders());
const POSTGRES = findServer('postgres', folders());

/** Whether PostgreSQL is installed. */
export const hasPostgres = INITDB !== undefined && POSTGRES !== undefined;

/** A PostgreSQL server on loopback, with the superuser `app`. */
export interface PostgresServer {
  port: number;
  password: string;
  certificate: Certificate;
  /** The address of a database there, `postgres` unless named. */
  url(name?: string): string;
  /** A client of the tests' own, to look at the server from outside. */
  admin: pg.Client;
  close(): Promise<void>;
}

/** Starts a fresh server; passwords are checked and TLS is offered. */
export async function startPostgres(): Promise<PostgresServer> {
  const server = await TemporaryServer.create('postgres');
  try {
    return await started(server);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function started(server: TemporaryServer): Promise<PostgresServer> {
  const password = 'pass/word@1';
  const port = await freePort();
  const certificate = await makeCertificate(server.folder);
  await writeFile(join(server.folder, 'password'), password);
  await server.own('.');
  const data = join(server.folder, 'data');
  await server.run(INITDB!, [
    ...['-D', data, '-U', 'app', '-A', 'scram-sha-256', '--pwfile', join(server.folder, 'password')],
    ...['--no-sync', '--encoding=UTF8', '--locale=C'],
  ]);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ssl: 'on',
    ssl_cert_file: certificate.certFile,
    ssl_key_file: certificate.keyFile,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const connect = async () => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'app', password, database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  let admin: pg.Client | undefined;
  await server.start(POSTGRES!, ['-D', data, '-p', String(port), ...options], async () => {
    admin = await connect();
  });
  return {
    port,
    password,
    certificate,
    url: (name = 'postgres') => `postgres://app:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`,
    admin: admin!,
    async close() {
      await admin!.end();
      await server.close();
    },
  };
}
