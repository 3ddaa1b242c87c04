import type { CatalogueStatements } from './assemble.js';

const OURS = `m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND (:table IS NULL OR m.name = :table)`;

/** How a SQLite file tells what is in it. */
export const SQLITE_CATALOGUE: CatalogueStatements = [
  `SELECT '', m.name, m.type FROM sqlite_schema AS m
   WHERE m.type IN ('table', 'view') AND ${OURS} ORDER BY m.name`,
  `SELECT '', m.name, p.name, p.type, p."notnull" = 0 AND p.pk = 0, p.dflt_value, p.pk
   FROM sqlite_schema AS m JOIN pragma_table_xinfo(m.name) AS p
   WHERE m.type IN ('table', 'view') AND p.hidden <> 1 AND ${OURS} ORDER BY m.name, p.cid`,
  `SELECT '', m.name, p.id, p."from", '', p."table", p."to", p.on_update, p.on_delete
   FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS p
   WHERE m.type = 'table' AND ${OURS} ORDER BY m.name, p.id, p.seq`,
  `SELECT '', m.name, i.name, i."unique", coalesce(x.name, '(expression)')
   FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS i JOIN pragma_index_xinfo(i.name) AS x
   WHERE m.type = 'table' AND x.key = 1 AND ${OURS} ORDER BY m.name, i.seq, x.seqno`,
];
