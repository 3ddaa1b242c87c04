/** Log levels from silent to most talkative; a level admits itself and everything before it. */
export const LEVELS = ['OFF', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] as const;

/** The name of a log level, upper case. */
export type LogLevel = (typeof LEVELS)[number];

const WORDS: Readonly<Record<string, LogLevel>> = {
  off: 'OFF',
  none: 'OFF',
  error: 'ERROR',
  err: 'ERROR',
  warn: 'WARN',
  warning: 'WARN',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
};

/** The level that a word or number (`0` to `5`) names, in any case; undefined when it names none. */
export function parseLevel(text: string): LogLevel | undefined {
  const word = text.trim().toLowerCase();
  if (/^[0-5]$/.test(word)) return LEVELS[Number(word)];
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

/** Whether something of level `entry` passes where `limit` is the most talkative level wanted. */
export function admits(limit: LogLevel, entry: LogLevel): boolean {
  return entry !== 'OFF' && LEVELS.indexOf(entry) <= LEVELS.indexOf(limit);
}
