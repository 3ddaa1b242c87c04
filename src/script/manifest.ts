/**
 * What an isolate needs to know to build the globals: names only. Generated from the catalogue in `globals/`,
 * so that a thread which runs scripts never loads a schema, a service or a line of the kernel.
 */
export interface Manifest {
  globals: Record<string, GlobalBinding>;
  /** Kinds of kernel objects that scripts hold by reference. */
  handles: Record<string, HandleBinding>;
}

/** One global table. */
export interface GlobalBinding {
  /** Members that cross into the kernel, by canonical name. */
  kernel: string[];
  /** Members that run inside the isolate, by canonical name. */
  local: string[];
  /** Other spelling → canonical name. */
  aliases: Record<string, string>;
  /** The member that answers for unknown keys (`Tool.calculator` → `Tool.get("calculator")`). */
  index?: string;
  /** Members that return a builder. */
  builders?: Record<string, BuilderBinding>;
}

/** A builder gathers plain data inside the isolate and crosses once, when it is finished. */
export interface BuilderBinding {
  /** Setter → what it does with its argument. */
  setters: Record<string, BuilderSetter>;
  /** Other spelling → setter or finish method. */
  aliases: Record<string, string>;
  /** Finish method → kernel member that receives the gathered data. */
  finish: Record<string, string>;
}

/** `set` stores under `key`, `append` adds to the list there, `fix` stores the constant `value`. */
export interface BuilderSetter {
  action: 'set' | 'append' | 'fix';
  key: string;
  value?: string;
}

/** A kind of handle. */
export interface HandleBinding {
  /** Methods, by canonical name. */
  methods: string[];
  /** Readable fields; each read asks the kernel, so it is never stale. */
  fields: string[];
  aliases: Record<string, string>;
}
