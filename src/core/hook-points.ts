/** Every named moment at which handlers may look and change what happens, by the part of the house it belongs to. */
export const HOOK_POINT_GROUPS = {
  System: [
    'SystemStartup',
    'SystemShutdown',
    'ConfigurationChange',
    'ResourceLimitExceeded',
    'SecurityViolation',
  ],
  Agent: [
    'BeforeAgentInit',
    'AfterAgentInit',
    'BeforeAgentExecution',
    'AfterAgentExecution',
    'BeforeAgentShutdown',
    'AfterAgentShutdown',
    'AgentError',
  ],
  Tool: [
    'BeforeToolDiscovery',
    'AfterToolDiscovery',
    'BeforeToolExecution',
    'AfterToolExecution',
    'ToolValidation',
    'ToolError',
  ],
  Workflow: [
    'BeforeWorkflowStart',
    'WorkflowStageTransition',
    'BeforeWorkflowStage',
    'AfterWorkflowStage',
    'WorkflowCheckpoint',
    'WorkflowRollback',
    'AfterWorkflowComplete',
    'WorkflowError',
  ],
  State: [
    'BeforeStateRead',
    'AfterStateRead',
    'BeforeStateWrite',
    'AfterStateWrite',
    'StateConflict',
    'StateMigration',
  ],
  Session: ['SessionStart', 'SessionEnd', 'SessionCheckpoint', 'SessionRestore', 'SessionSave'],
  Event: ['BeforeEventEmit', 'AfterEventEmit', 'EventHandlerError'],
  Performance: ['PerformanceThresholdExceeded', 'MemoryUsageHigh', 'CpuUsageHigh'],
} as const;

/** A named hook point. */
export type NamedHookPoint = (typeof HOOK_POINT_GROUPS)[keyof typeof HOOK_POINT_GROUPS][number];
/** A named hook point, or one that programs make up themselves. */
export type HookPoint = NamedHookPoint | `custom:${string}`;

/** All named points. */
export const HOOK_POINTS: readonly NamedHookPoint[] = Object.values(HOOK_POINT_GROUPS).flat();
