import { addUsage, type ComponentKind, type JournalEvent, noUsage, type Usage } from '../../core/events.js';
import type { JsonValue } from '../../core/values.js';

/** One step of a run with everything that happened in it. */
export interface Step {
  readonly path: string;
  readonly label: string;
  kind: ComponentKind | 'run';
  startedAt?: number;
  durationMs?: number;
  error?: string;
  input?: JsonValue;
  output?: JsonValue;
  usage: Usage;
  /** What happened in it, in order: further steps, and notes of what is worth a line (retries, refusals, output). */
  readonly entries: (string | Step)[];
}

/** The steps of a run as the journal tells them, the run itself as their root. */
export class RunTree {
  readonly root: Step = { path: 'run', label: 'run', kind: 'run', usage: noUsage(), entries: [] };
  private readonly byPath = new Map<string, Step>([['run', this.root]]);

  /** Takes in one more event; in the order of the journal. */
  add(event: JournalEvent): void {
    const step = this.at(event.path);
    switch (event.type) {
      case 'component.started':
        Object.assign(step, { kind: event.kind, startedAt: event.time, input: event.input });
        break;
      case 'component.finished':
        step.durationMs = event.durationMs;
        if (event.output !== undefined) step.output = event.output;
        if (event.error) step.error = `${event.error.code}: ${event.error.message}`;
        break;
      case 'model.usage':
        this.spend(step, event.usage);
        break;
      default: {
        const note = noteOf(event);
        if (note !== undefined) step.entries.push(note);
      }
    }
  }

  /** What a model call costs is the cost of everything around it. */
  private spend(step: Step, usage: Usage): void {
    for (let path: string | undefined = step.path; path !== undefined; path = parentOf(path)) {
      const around = this.at(path);
      around.usage = addUsage(around.usage, usage);
    }
  }

  private at(path: string): Step {
    const known = this.byPath.get(path);
    if (known) return known;
    const parent = this.at(parentOf(path) ?? 'run');
    const label = path.slice(path.lastIndexOf('/') + 1);
    const step: Step = { path, label, kind: 'tool', usage: noUsage(), entries: [] };
    this.byPath.set(path, step);
    parent.entries.push(step);
    return step;
  }
}

function parentOf(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? undefined : path.slice(0, slash);
}

function noteOf(event: JournalEvent): string | undefined {
  switch (event.type) {
    case 'output':
      return event.text.trim() === ''
        ? undefined
        : `${event.stream === 'stderr' ? 'stderr' : 'printed'} ${event.text.trimEnd()}`;
    case 'model.retry':
      return `retry ${event.attempt} after ${event.waitMs} ms: ${event.reason}`;
    case 'permission':
      return event.granted ? undefined : `refused ${event.capability} ${event.target}`;
    case 'budget.crossed':
      return `budget: ${event.error.message}`;
    case 'log':
      return `${event.level} ${event.message}`;
    case 'event.published':
      return `event ${event.name}`;
    case 'state.changed':
      return `state ${event.operation} ${event.scope}:${event.key}`;
    case 'session.changed':
      return `session ${event.change} ${event.session}`;
    case 'artifact.changed':
      return `artifact ${event.change} ${event.name}`;
    case 'hook.executed':
      return event.result === 'continue' ? undefined : `hook ${event.point}: ${event.result}`;
    default:
      return undefined;
  }
}
