/**
 * The file system that SQLite gets in its process: the database and the two files beside it, nothing else, whatever a
 * statement asks for. They are reached through the working directory, which is the folder that was checked, and never
 * through a symbolic link.
 *
 * SQLite locks with `fcntl`, for which Node has no words. Writers of llmspell exclude each other with a folder beside
 * the database, made by the parent. The locks of other programs are read from `/proc/locks` where there is one; a
 * reader that saw no lock compares what the files looked like before and after.
 */
export const SQLITE_FILES_SOURCE = `
const fs = require('node:fs');
const { constants } = fs;
const NO_FOLLOW = constants.O_NOFOLLOW || 0;
/** A file that would be made by a reader: it is empty and stays so. */
const EMPTY = 1_000_000_000;
/** The bytes that SQLite locks in its files. */
const LOCKS = { pending: 0x40000000, reserved: 0x40000001, last: 0x400001ff };

const FILES = new Map(['', '-journal', '-wal'].map((suffix) => ['main.db' + suffix, './' + data.name + suffix]));

function refuse(code) {
  throw Object.assign(new Error(code), { code });
}

function fileOf(path) {
  return FILES.get(path) ?? refuse('EACCES');
}

function exists(path) {
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The locks that other processes hold on the database. */
function foreignLocks() {
  let text;
  try {
    text = fs.readFileSync('/proc/locks', 'utf8');
  } catch {
    return [];
  }
  const stats = fs.lstatSync(fileOf('main.db'), { throwIfNoEntry: false });
  if (!stats) return [];
  const line = /^\\d+: (?:-> )?(?:POSIX|OFDLCK) +\\S+ +(READ|WRITE) +\\S+ [0-9a-f]+:[0-9a-f]+:(\\d+) (\\d+) /gm;
  return [...text.matchAll(line)]
    .map(([, kind, inode, start]) => ({ kind, inode, start: Number(start) }))
    .filter((lock) => lock.inode === String(stats.ino) && lock.start >= LOCKS.pending && lock.start <= LOCKS.last);
}

/** A writer may enter when nobody else is there, a reader when nobody is about to write. */
function mustWait() {
  const locks = foreignLocks();
  if (data.write) return locks.length > 0;
  if (exists('./' + data.name + '.lock')) return true;
  return locks.some((lock) => lock.kind === 'WRITE' && lock.start !== LOCKS.reserved);
}

function appearance() {
  return [...FILES.values()]
    .map((path) => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false }))
    .map((stats) => (stats ? stats.ino + ':' + stats.size + ':' + stats.mtimeNs : ''))
    .join(' ');
}

let before;
function changedMeanwhile() {
  return !data.write && before !== undefined && (before !== appearance() || mustWait());
}

function openFile(path, flags, mode) {
  if (path === '.') return fs.openSync('.', 'r');
  const file = fileOf(path);
  const missing = !exists(file);
  if (!data.write && missing && path === 'main.db-wal') return EMPTY;
  if (missing && path === 'main.db' && !data.create) refuse('ENOENT');
  const fd = fs.openSync(file, (data.write ? flags : constants.O_RDONLY) | NO_FOLLOW, mode || 0o644);
  if (fs.fstatSync(fd).isFile()) return fd;
  fs.closeSync(fd);
  return refuse('EACCES');
}

const whenWriting = (work) => (...args) => (data.write ? work(...args) : refuse('EROFS'));

const guardedFs = {
  constants,
  readFileSync: (path) => fs.readFileSync(path === data.wasm ? path : refuse('EACCES')),
  openSync: openFile,
  closeSync: (fd) => fd === EMPTY || fs.closeSync(fd),
  readSync: (fd, ...rest) => (fd === EMPTY ? 0 : fs.readSync(fd, ...rest)),
  fstatSync: (fd) => (fd === EMPTY ? { size: 0 } : fs.fstatSync(fd)),
  writeSync: whenWriting(fs.writeSync),
  fsyncSync: whenWriting(fs.fsyncSync),
  ftruncateSync: whenWriting(fs.ftruncateSync),
  unlinkSync: whenWriting((path) => fs.unlinkSync(fileOf(path))),
  accessSync(path, mode) {
    if (path === 'main.db.lock') return foreignLocks().length > 0 || refuse('ENOENT');
    if (!data.write && (mode & constants.W_OK)) refuse('EROFS');
    if (!exists(fileOf(path))) refuse('ENOENT');
  },
  mkdirSync(path) {
    if (path !== 'main.db.lock') refuse('EACCES');
    if (mustWait()) refuse('EEXIST');
    before ??= appearance();
  },
  rmdirSync() {},
};
`;
