import { SQLITE_FILES_SOURCE } from './files-source.js';

/**
 * What the process does with a job: `{ directory, name, memory, script, wasm, write, create, atomic, statements, maxRows,
 * maxBytes, maxMemory }` in; `{ results }`, `{ busy }` or `{ failure }` out.
 *
 * The engine sees only the guarded file system. Its memory is WebAssembly's, which no limit of V8 counts.
 */
export const SQLITE_SESSION_SOURCE = `
if (data.directory !== undefined) process.chdir(data.directory);
${SQLITE_FILES_SOURCE}
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > data.maxMemory) throw new RangeError('out of memory');
  return grow.call(this, pages);
};

function loadEngine() {
  const modules = {
    'node:fs': guardedFs,
    'node:path': { resolve: (path) => path, dirname: () => '.' },
    'node:crypto': require('node:crypto'),
  };
  const module = { exports: {} };
  const script = fs.readFileSync(data.script, 'utf8');
  const folder = require('node:path').dirname(data.wasm);
  new Function('module', 'exports', 'require', '__filename', '__dirname', script)(
    module, module.exports, (name) => modules[name] ?? refuse('MODULE_NOT_FOUND'), data.script, folder,
  );
  return module.exports;
}

const { Database } = loadEngine();
const db = new Database(data.memory ? ':memory:' : 'main.db', { readOnly: !data.write && !data.memory });
const TYPES = { number: 'real', string: 'text', bigint: 'integer' };

function typeOf(value) {
  if (value === null) return '';
  if (value instanceof Uint8Array) return 'blob';
  return Number.isInteger(value) ? 'integer' : TYPES[typeof value];
}

function valueOf(value) {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** Rows by position: two columns may have one name. */
function rowsOf(statement, values, names) {
  statement._getColumnNames = () => names.map((_, i) => i);
  const rows = [];
  const types = names.map(() => '');
  let bytes = 0;
  for (const row of statement.iterate(values)) {
    const raw = names.map((_, i) => row[i]);
    raw.forEach((value, i) => { types[i] ||= typeOf(value); });
    const list = raw.map(valueOf);
    for (const value of list) bytes += typeof value === 'string' ? value.length + 8 : 16;
    if (rows.length >= data.maxRows || bytes > data.maxBytes) return { rows, types, truncated: true };
    rows.push(list);
  }
  return { rows, types, truncated: false };
}

const counted = () => db.get('SELECT total_changes() AS total, changes() AS direct, last_insert_rowid() AS id');

function runStatement({ sql, values }) {
  const earlier = counted();
  const statement = db.prepare(sql);
  let result;
  try {
    const names = statement._getColumnNames();
    result = { names, ...rowsOf(statement, values, names) };
  } finally {
    if (!statement.isFinalized) try { statement.finalize(); } catch {}
  }
  const { names, rows, types, truncated } = result;
  const later = counted();
  const changed = later.total !== earlier.total;
  return {
    columns: names.map((name, i) => ({ name, type: types[i] })),
    rows,
    truncated,
    affected: changed ? later.direct : rows.length,
    ...(changed && later.id !== earlier.id && { lastInsertId: valueOf(later.id) }),
  };
}

function runAll() {
  if (!data.memory) db.exec('PRAGMA locking_mode = EXCLUSIVE');
  db.exec('PRAGMA trusted_schema = OFF');
  if (!data.write) db.exec('PRAGMA query_only = ON');
  if (data.atomic) db.exec('BEGIN IMMEDIATE');
  const results = [];
  for (const statement of data.statements) {
    try {
      results.push(runStatement(statement));
      if (data.atomic && !db.inTransaction) throw new Error('the statement ended the transaction');
    } catch (error) {
      error.statement = results.length + 1;
      throw error;
    }
  }
  if (data.atomic) db.exec('COMMIT');
  return results;
}

try {
  const results = runAll();
  if (!data.memory && changedMeanwhile()) return { busy: true };
  return { results };
} catch (error) {
  if (!data.memory && (/database (table )?is locked/.test(error.message) || changedMeanwhile())) return { busy: true };
  return { failure: { message: String(error.message), statement: error.statement } };
} finally {
  try { if (data.atomic && db.inTransaction) db.exec('ROLLBACK'); } catch {}
  try { db.close(); } catch {}
}
`;
