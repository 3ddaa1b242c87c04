/** The library's face: what a program needs to embed a kernel, and to add tools and globals to it. */
export { z } from 'zod';
export { loadConfig } from './config/load.js';
export type { LoadedConfig, LoadOptions } from './config/options.js';
export type { Config, DeepPartial } from './config/types.js';
export type { BudgetLimits } from './core/budget.js';
export type { Component, ExecutionContext, Interceptor, Permissions } from './core/component.js';
export { type Effects, systemEffects } from './core/effects.js';
export { ERROR_CODES, type ErrorCode } from './core/error-codes.js';
export * from './core/errors.js';
export type { Capability, JournalEvent, Usage } from './core/events.js';
export { EXIT, exitCodeOf } from './core/exit-codes.js';
export type { RunInfo, RunObserver, RunWatch } from './core/journal.js';
export { fromTagged, toTagged } from './core/tagged-json.js';
export type { JsonObject, JsonValue, ScriptValue } from './core/values.js';
export { toJson } from './core/values.js';
export {
  type Args,
  type Call,
  defineGlobal,
  type GlobalDefinition,
  type MemberDefinition,
  member,
  type Params,
  type ScriptFunction,
} from './globals/define.js';
export { CATALOGUE } from './globals/index.generated.js';
export type { Catalogue } from './kernel/dispatch.js';
export type { ExecuteRequest } from './kernel/execution.js';
export { Kernel, type KernelOptions, type SessionOptions } from './kernel/kernel.js';
export type { KernelMessage, Outcome } from './kernel/messages.js';
export type { Session } from './kernel/session.js';
export { type OpenTelemetryOptions, openTelemetry } from './observability/opentelemetry.js';
export type { Language, ScriptArgs, Source } from './script/protocol.js';
export type { Grants } from './security/grants.js';
export { createPermissions, type GrantedPermissions } from './security/permissions.js';
export { defineTool, type ToolDefinition, type ToolOutcome, type ToolSample } from './tools/define.js';
