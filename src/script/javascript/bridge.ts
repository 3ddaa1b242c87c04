import { type ErrorData, errorToData, fail, type LlmspellError, toLlmspellError } from '../../core/errors.js';
import type { ScriptValue } from '../../core/values.js';
import type { EngineHost } from '../engine.js';
import { parseFrames } from './frames.js';
import { isStackOverflow } from './machine.js';
import { fromWireParts, toWire } from './wire.js';

/** Answers that end the script at once; see `halt` in the prelude. */
const STOP_ANSWER = '["s"]';

type Call = [member: string, handle: string | null, args: [kind: string, value: unknown]];

/**
 * The one function that the virtual machine has of the host: an operation and JSON text in, JSON text out. No host
 * object ever crosses.
 */
export class Bridge {
  /** Set when the script ended itself with `exit`. */
  exitCode: number | undefined;
  /** While set, whatever still runs is being ended and may do nothing. */
  discarding = false;

  constructor(private readonly host: EngineHost) {}

  /** Whether the script must stop now. */
  get stopping(): boolean {
    return this.discarding || this.exitCode !== undefined || this.host.stopReason() !== 0;
  }

  /** Performs an operation. Never throws: failures are answers too. */
  answer(operation: string, payload: string): string {
    if (operation === 'release') return this.release(payload);
    if (this.stopping) return STOP_ANSWER;
    try {
      return this.perform(operation, payload);
    } catch (thrown) {
      return this.stopping ? STOP_ANSWER : JSON.stringify(['e', toData(thrown)]);
    }
  }

  private perform(operation: string, payload: string): string {
    switch (operation) {
      case 'call':
      case 'local':
        return toWire(this.call(operation, JSON.parse(payload) as Call));
      case 'write':
        return this.write(...(JSON.parse(payload) as ['stdout' | 'stderr', string]));
      case 'clock':
        return toWire(this.host.effect('clock', () => Date.now()));
      case 'cpu':
        return toWire(this.host.effect('cpu', () => performance.now()));
      case 'frames':
        return toWire(parseFrames((JSON.parse(payload) as [string])[0]) as unknown as ScriptValue);
      case 'exit':
        [this.exitCode] = JSON.parse(payload) as [number];
        return STOP_ANSWER;
      default:
        throw fail('internal.error', `The script engine asked for an unknown operation: ${operation}`);
    }
  }

  private call(operation: string, [member, handle, [kind, value]]: Call): ScriptValue {
    const args = fromWireParts(kind, value) as ScriptValue[];
    return operation === 'call'
      ? this.host.call(member, handle ?? undefined, args)
      : this.host.local(member, args);
  }

  private write(stream: 'stdout' | 'stderr', text: string): string {
    this.host.write(stream, text);
    return '["v",null]';
  }

  private release(payload: string): string {
    const [reference, count] = JSON.parse(payload) as [string, number];
    this.host.release(reference, count);
    return '["v",null]';
  }
}

function toData(thrown: unknown): ErrorData {
  if (!(thrown instanceof RangeError)) return errorToData(toLlmspellError(thrown));
  return errorToData(isStackOverflow(thrown) ? tooDeep() : tooLarge());
}

function tooLarge(): LlmspellError {
  return fail('value.too_large', 'A value is larger than one call may carry');
}

function tooDeep(): LlmspellError {
  return fail('limit.stack', 'Calls between the script and the kernel are nested too deeply');
}
