import type { Dialect } from '../sql/tokens.js';
import type { CatalogueStatements } from './assemble.js';
import { MYSQL_CATALOGUE } from './mysql.js';
import { POSTGRES_CATALOGUE } from './postgres.js';
import { SQLITE_CATALOGUE } from './sqlite.js';

const CATALOGUES: Readonly<Record<Dialect, CatalogueStatements>> = {
  sqlite: SQLITE_CATALOGUE,
  postgres: POSTGRES_CATALOGUE,
  mysql: MYSQL_CATALOGUE,
};

/** The statements that read a server's catalogue. */
export function catalogueOf(dialect: Dialect): CatalogueStatements {
  return CATALOGUES[dialect];
}
