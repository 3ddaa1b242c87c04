/** What a JavaScript spell sees besides the globals of the catalogue and the language itself. */
export const JAVASCRIPT_ENVIRONMENT = `/** Prints to standard output: texts as they are, everything else in a readable form. */
declare function print(...values: any[]): void;

/** Prints. The values stand on one line with spaces between them. */
declare const console: {
  /** To standard output. */
  log(...values: any[]): void;
  /** To standard output. */
  info(...values: any[]): void;
  /** To standard output. */
  debug(...values: any[]): void;
  /** One value to standard output. */
  dir(value: any): void;
  /** To standard error. */
  warn(...values: any[]): void;
  /** To standard error. */
  error(...values: any[]): void;
};

/** The script's arguments: \`--name value\` and \`--name=value\` by name, all others by position from 1; \`ARGS[0]\` is the script. */
declare const ARGS: Record<string, string>;

/** The named arguments alone. */
declare const args: Record<string, string>;

/** The arguments by position alone; \`arg[0]\` is the script. */
declare const arg: string[];

/** Ends the script with an exit code: 0 when absent or true, 1 for false. Cannot be caught. */
declare function exit(code?: number | boolean): never;

/** Calls a function when the script has nothing else to do and \`delay\` milliseconds have passed. */
declare function setTimeout<A extends any[]>(fn: (...args: A) => void, delay?: number, ...args: A): number;

/** Calls a function every \`delay\` milliseconds until it is cleared. */
declare function setInterval<A extends any[]>(fn: (...args: A) => void, delay?: number, ...args: A): number;

/** Forgets what \`setTimeout\` was asked for. */
declare function clearTimeout(id: number | undefined): void;

/** Ends what \`setInterval\` began. */
declare function clearInterval(id: number | undefined): void;

/** Calls a function as soon as the code that runs now has ended. */
declare function queueMicrotask(fn: () => void): void;

declare const performance: {
  /** Milliseconds of processor time. */
  now(): number;
  readonly timeOrigin: number;
};

/** Every error that a call raises has these; \`catch\` receives it. */
interface Error {
  /** The stable code, e.g. \`tool.not_found\`; absent when the script itself threw. */
  readonly code?: string;
  /** What to do next. */
  readonly hint?: string;
  /** Facts for programs. */
  readonly details?: Record<string, any>;
}
`;
