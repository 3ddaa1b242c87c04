import { fstatSync, writeSync } from 'node:fs';

/** The process's surroundings as commands see them: everything they read or write goes through here. */
export interface Terminal {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTTY: boolean;
  readonly stdoutIsTTY: boolean;
  readonly stderrIsTTY: boolean;
  /** Writes results. */
  out(text: string): void;
  /** Writes a result that is no text, byte by byte. */
  outBytes(bytes: Uint8Array): void;
  /** Writes progress, logs and errors. */
  err(text: string): void;
}

/** Whether text on a stream may be coloured. `NO_COLOR` and `FORCE_COLOR` decide before the stream does. */
export function useColor(env: Terminal['env'], isTTY: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTTY && env.TERM !== 'dumb';
}

/** The real terminal. Writes with plain system calls: the stream machinery would cost a tenth of a cold start. */
export function processTerminal(home: string): Terminal {
  return {
    cwd: process.cwd(),
    home,
    env: process.env,
    get stdinIsTTY() {
      // Asking the stream itself would already begin to hold it.
      return process.getBuiltinModule('node:tty').isatty(0);
    },
    get stdoutIsTTY() {
      return isTerminal(1);
    },
    get stderrIsTTY() {
      return isTerminal(2);
    },
    out: (text) => write(1, Buffer.from(text)),
    outBytes: (bytes) => write(1, bytes),
    err: (text) => write(2, Buffer.from(text)),
  };
}

/** Writes all of it, however slow the reader; a reader that has gone away ends the process as `head` expects. */
function write(fd: number, content: Uint8Array): void {
  let bytes = content;
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

/** Whether a descriptor is a terminal: the only character device that is not `/dev/null` a user meets. */
function isTerminal(fd: number): boolean {
  const stream = fd === 1 ? process.stdout : process.stderr;
  return fstatSync(fd).isCharacterDevice() && stream.isTTY === true;
}
