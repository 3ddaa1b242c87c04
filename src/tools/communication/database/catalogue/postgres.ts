import type { CatalogueStatements } from './assemble.js';

const FROM = `FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace`;
const OURS = `c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND (:table::text IS NULL OR c.relname = :table OR n.nspname || '.' || c.relname = :table)`;
const ACTION = (code: string) =>
  `CASE ${code} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
   WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END`;

/** How a PostgreSQL server tells what is in a database. */
export const POSTGRES_CATALOGUE: CatalogueStatements = [
  `SELECT n.nspname, c.relname, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END
   ${FROM} WHERE ${OURS} ORDER BY 1, 2`,
  `SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
     pg_get_expr(d.adbin, d.adrelid), coalesce(array_position(k.conkey, a.attnum), 0)
   ${FROM} JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
   LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'p'
   WHERE ${OURS} ORDER BY 1, 2, a.attnum`,
  `SELECT n.nspname, c.relname, k.conname, a.attname, rn.nspname, r.relname, ra.attname,
     ${ACTION('k.confupdtype')}, ${ACTION('k.confdeltype')}
   ${FROM} JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'f'
   JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid
   JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace
   CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS pair (own, other, place)
   JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = pair.own
   JOIN pg_catalog.pg_attribute AS ra ON ra.attrelid = r.oid AND ra.attnum = pair.other
   WHERE ${OURS} ORDER BY 1, 2, 3, pair.place`,
  `SELECT n.nspname, c.relname, x.relname, i.indisunique, pg_get_indexdef(i.indexrelid, place, true)
   ${FROM} JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid
   JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
   CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS place
   WHERE ${OURS} ORDER BY 1, 2, 3, place`,
];
