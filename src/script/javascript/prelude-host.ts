import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { MAX_DEPTH } from '../../core/values.js';
import type { EngineHost } from '../engine.js';
import type { Bridge } from './bridge.js';
import { PRELUDE } from './frames.js';
import { EVAL, type Machine } from './machine.js';
import base from './prelude/base.prelude.js';
import builders from './prelude/builders.prelude.js';
import calls from './prelude/calls.prelude.js';
import clock from './prelude/clock.prelude.js';
import consoleCode from './prelude/console.prelude.js';
import debug from './prelude/debug.prelude.js';
import globals from './prelude/globals.prelude.js';
import handles from './prelude/handles.prelude.js';
import outcome from './prelude/outcome.prelude.js';
import streams from './prelude/streams.prelude.js';
import values from './prelude/values.prelude.js';

/** In this order; each part gets what the ones before it made. */
const PARTS = {
  values,
  calls,
  handles,
  builders,
  globals,
  streams,
  clock,
  console: consoleCode,
  outcome,
  debug,
};

/** Most values that may cross in one call. */
const MAX_NODES = 2_000_000;

/** Functions that the prelude offers to the engine. */
export type EntryName =
  | 'callFunction'
  | 'releaseFunction'
  | 'nextTimer'
  | 'fireTimer'
  | 'clearTimers'
  | 'describe'
  | 'wire'
  | 'explain'
  | 'makeError'
  | 'defaultExport'
  | 'asyncValue'
  | 'setArguments'
  | 'seedRandom'
  | 'noteGlobals'
  | 'listGlobals'
  | 'namesAt';

/**
 * The part of the engine that is written in the script's own language: it builds the globals from the manifest
 * before any script runs, and answers the engine's questions about values afterwards.
 */
export class Prelude {
  private readonly entries: QuickJSHandle;

  constructor(
    private readonly machine: Machine,
    bridge: Bridge,
    host: EngineHost,
  ) {
    const { context } = machine;
    const send = context.newFunction('send', (operation, payload) =>
      context.newString(bridge.answer(context.getString(operation), context.getString(payload))),
    );
    const limits = { depth: MAX_DEPTH, nodes: MAX_NODES };
    const manifest = context.newString(JSON.stringify({ ...host.manifest, limits }));
    const vm = this.runPart('base', base, send, manifest);
    for (const [name, code] of Object.entries(PARTS)) this.runPart(name, code, vm).dispose();
    this.entries = context.getProp(vm, 'entries');
    this.call('noteGlobals').dispose();
    for (const handle of [send, manifest, vm]) handle.dispose();
  }

  /** Calls an entry; texts and numbers are passed by value. Throws {@link Thrown}. */
  call(name: EntryName, ...args: (QuickJSHandle | string | number)[]): QuickJSHandle {
    const { context } = this.machine;
    using fn = context.getProp(this.entries, name);
    const made: QuickJSHandle[] = [];
    const handles = args.map((arg) => {
      if (typeof arg === 'object') return arg;
      made.push(typeof arg === 'string' ? context.newString(arg) : context.newNumber(arg));
      return made.at(-1)!;
    });
    try {
      return this.machine.call(fn, ...handles);
    } finally {
      for (const handle of made) handle.dispose();
    }
  }

  /** Calls an entry that answers with text. */
  text(name: EntryName, ...args: (QuickJSHandle | string | number)[]): string {
    using answer = this.call(name, ...args);
    return this.machine.context.getString(answer);
  }

  private runPart(name: string, code: string, ...args: QuickJSHandle[]): QuickJSHandle {
    using part = this.machine.evaluate(code, `${PRELUDE}${name}.js`, EVAL.strict);
    return this.machine.call(part, ...args);
  }
}
