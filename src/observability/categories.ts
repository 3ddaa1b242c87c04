import type { ComponentKind, JournalEvent } from '../core/events.js';

/** What the log of llmspell's own doings is divided into. */
export const CATEGORIES = [
  'script_runtime',
  'tool',
  'agent',
  'workflow',
  'hook',
  'event',
  'state',
  'session',
  'security',
  'vector',
  'transport',
  'debug',
] as const;
/** A tracing category. */
export type Category = (typeof CATEGORIES)[number];

/** Modules of log entries whose name is not that of their category. */
const MODULES: Readonly<Record<string, Category>> = {
  hooks: 'hook',
  events: 'event',
  agents: 'agent',
  workflows: 'workflow',
  sessions: 'session',
  mcp: 'transport',
  rag: 'vector',
};

/** The category of an event. */
export function categoryOf(event: JournalEvent): Category {
  const [group] = event.type.split('.');
  if (event.type === 'log') return logCategory(event.path, event.module);
  switch (group) {
    case 'component':
      return componentCategory((event as { kind: ComponentKind }).kind);
    case 'model':
      return 'agent';
    case 'permission':
      return 'security';
    case 'hook':
    case 'event':
    case 'state':
    case 'session':
      return group;
    case 'backup':
      return 'state';
    case 'artifact':
      return 'session';
    default:
      return 'script_runtime';
  }
}

function componentCategory(kind: ComponentKind): Category {
  return kind === 'model' ? 'agent' : kind;
}

/** What a script writes with `Debug` is `debug`; what is written inside a step belongs to the step's kind. */
function logCategory(path: string, module: string | undefined): Category {
  if (path === 'run') return ownModule(module) ?? 'debug';
  const [kind = ''] = path.slice(path.lastIndexOf('/') + 1).split(':');
  return ownModule(module) ?? (isCategory(kind) ? kind : 'script_runtime');
}

function ownModule(module: string | undefined): Category | undefined {
  if (module === 'os' || module === 'journal') return 'script_runtime';
  const name = (module ?? '').split('.')[0]!;
  return Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
}

/** Whether `word` names a category. */
export function isCategory(word: string): word is Category {
  return (CATEGORIES as readonly string[]).includes(word);
}
