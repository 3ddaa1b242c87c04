import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { type Certificate, makeCertificate } from './certificate.js';
import { findServer, freePort, TemporaryServer } from './temporary.js';

const INSTALL = findServer('mariadb-install-db');
const SERVER = findServer('mariadbd');

/** Whether MariaDB is installed. */
export const hasMariadb = INSTALL !== undefined && SERVER !== undefined;

/** A MariaDB server on loopback, with the user `app` and the database `test`. */
export interface MariadbServer {
  port: number;
  password: string;
  certificate: Certificate;
  url(name?: string): string;
  /** A connection of the tests' own, to look at the server from outside. */
  admin: Connection;
  close(): Promise<void>;
}

/** Starts a fresh server; passwords are checked and TLS is offered. */
export async function startMariadb(): Promise<MariadbServer> {
  const server = await TemporaryServer.create('mysql');
  try {
    return await started(server);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function started(server: TemporaryServer): Promise<MariadbServer> {
  const password = 'pass/word@1';
  const port = await freePort();
  const certificate = await makeCertificate(server.folder);
  const data = join(server.folder, 'data');
  const init = join(server.folder, 'init.sql');
  await writeFile(
    init,
    `CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS app@'%' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO app@'%';
`,
  );
  await server.own('.');
  await server.run(INSTALL!, [
    ...['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'],
    '--skip-test-db',
  ]);
  const options = [
    ...['--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1'],
    ...[`--socket=${join(server.folder, 's')}`, `--pid-file=${join(server.folder, 'pid')}`],
    ...[`--init-file=${init}`, '--skip-log-bin', '--innodb-buffer-pool-size=16M'],
    ...[`--ssl-cert=${certificate.certFile}`, `--ssl-key=${certificate.keyFile}`],
  ];
  let admin: Connection | undefined;
  await server.start(SERVER!, options, async () => {
    admin = await createConnection({ host: '127.0.0.1', port, user: 'app', password, database: 'test' });
  });
  return {
    port,
    password,
    certificate,
    url: (name = 'test') => `mariadb://app:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`,
    admin: admin!,
    async close() {
      await admin!.end();
      await server.close();
    },
  };
}
