/** How a hook point is reached, and how the effect of an answer shows. */
export interface PointCase {
  readonly point: string;
  /** JavaScript that reaches the point; its value is what the effect shows in. */
  readonly trigger: string;
  /** JavaScript that is run once, before any handler is there. */
  readonly setup?: string;
  /** How it is reached; by the script itself unless said otherwise. A monitor looks when it likes, from the registration on. */
  readonly by?: 'timeout' | 'close' | 'start' | 'monitor';
  /** Where `redirect` leads, and what is seen then. */
  readonly redirect?: { readonly target: string; readonly shows: RegExp };
  /** What is seen when `replace` has given the text REPLACED; that text when absent. */
  readonly replaced?: RegExp;
  /** The trigger itself fails when nobody listens. */
  readonly fails?: boolean;
}

const AGENTS = `
for (const name of ['one', 'two', 'three']) Agent.create({ name, model: 'mock/echo' });
Agent.createComposite('chain', ['one', 'two'], 'sequential');
Agent.createComposite('votes', ['one', 'two'], { strategy: 'vote', threshold: 1, fallback_agent: 'three' });
`;
const RUN_CHAIN = `Agent.get('chain').execute({ text: 'hi' }).text`;
const calculate = (input: string) => `Tool.execute('calculator', { input: '${input}' }).text`;

/** Has the monitor begin anew, now that all handlers are there, and waits for its next look. */
const looked = (point: string) => `const ids = Hook.list('${point}').map((hook) => hook.id);
ids.forEach((id) => Hook.disable(id)); ids.forEach((id) => Hook.enable(id)); Event.waitFor('never', 200); 1`;

/** Every named point, and one of a program's own. */
export const POINT_CASES: readonly PointCase[] = [
  { point: 'SystemStartup', trigger: '1', by: 'start' },
  { point: 'SystemShutdown', trigger: '1', by: 'close' },
  {
    point: 'ConfigurationChange',
    trigger: `Config.setProvider('p', { model: 'm' }); JSON.stringify(Config.get('providers.p') ?? null)`,
  },
  { point: 'ResourceLimitExceeded', trigger: 'for (;;);', by: 'timeout', fails: true },
  {
    point: 'SecurityViolation',
    trigger: `Tool.execute('file-operations', { operation: 'read', path: '/etc/passwd' })`,
    fails: true,
  },

  { point: 'BeforeAgentInit', trigger: `Agent.create({ name: 'new', model: 'mock/echo' }).destroy(); 1` },
  { point: 'AfterAgentInit', trigger: `Agent.create({ name: 'new', model: 'mock/echo' }).destroy(); 1` },
  {
    point: 'BeforeAgentExecution',
    setup: AGENTS,
    trigger: `Agent.get('one').execute({ text: 'hi' }).text`,
    redirect: { target: 'two', shows: /hi/ },
  },
  { point: 'AfterAgentExecution', setup: AGENTS, trigger: `Agent.get('one').execute({ text: 'hi' }).text` },
  {
    point: 'BeforeAgentShutdown',
    trigger: `const a = Agent.create({ name: 'x', model: 'mock/echo' }); a.destroy(); 1`,
  },
  {
    point: 'AfterAgentShutdown',
    trigger: `const b = Agent.create({ name: 'y', model: 'mock/echo' }); b.destroy(); 1`,
  },
  {
    point: 'AgentError',
    setup: `${AGENTS} Agent.create({ name: 'broken', model: 'nobody/nothing' });`,
    trigger: `Agent.get('broken').execute({ text: 'hi' }).text`,
    redirect: { target: 'two', shows: /hi/ },
    fails: true,
  },

  { point: 'BeforeToolDiscovery', trigger: `JSON.stringify(Tool.discover({ category: 'utility' }))` },
  { point: 'AfterToolDiscovery', trigger: `JSON.stringify(Tool.discover({ category: 'utility' }))` },
  {
    point: 'BeforeToolExecution',
    trigger: calculate('1+1'),
    redirect: { target: 'text-manipulator', shows: /input\.invalid/ },
  },
  { point: 'AfterToolExecution', trigger: calculate('1+1') },
  { point: 'ToolValidation', trigger: calculate('1+1') },
  {
    point: 'ToolError',
    setup: `Tool.register({ name: 'broken', description: 'Fails', parameters: { type: 'object' },
execute: () => { throw new Error('no'); } });`,
    trigger: `Tool.execute('broken', {}).text`,
    redirect: { target: 'uuid-generator', shows: /Invalid|operation|[0-9a-f-]{36}/ },
    fails: true,
  },

  {
    point: 'BeforeWorkflowStart',
    setup: AGENTS,
    trigger: RUN_CHAIN,
    redirect: { target: 'three', shows: /hi/ },
  },
  {
    point: 'WorkflowStageTransition',
    setup: AGENTS,
    trigger: RUN_CHAIN,
    redirect: { target: 'three', shows: /hi/ },
  },
  {
    point: 'BeforeWorkflowStage',
    setup: AGENTS,
    trigger: RUN_CHAIN,
    redirect: { target: 'three', shows: /hi/ },
  },
  { point: 'AfterWorkflowStage', setup: AGENTS, trigger: RUN_CHAIN },
  { point: 'WorkflowCheckpoint', setup: AGENTS, trigger: RUN_CHAIN },
  {
    point: 'WorkflowRollback',
    setup: `${AGENTS} Agent.create({ name: 'broken', model: 'nobody/nothing' });
Agent.createComposite('falls', ['one', 'broken'], { strategy: 'sequential', fallback_agent: 'three' });`,
    trigger: `Agent.get('falls').execute({ text: 'hi' }).text`,
  },
  { point: 'AfterWorkflowComplete', setup: AGENTS, trigger: RUN_CHAIN },
  {
    point: 'WorkflowError',
    setup: `${AGENTS} Agent.create({ name: 'broken', model: 'nobody/nothing' });
Agent.createComposite('fails', ['one', 'broken'], 'sequential');`,
    trigger: `Agent.get('fails').execute({ text: 'hi' }).text`,
    redirect: { target: 'three', shows: /hi/ },
    fails: true,
  },

  {
    point: 'BeforeStateRead',
    setup: `State.set('k', 'kept'); State.set('other', 'OTHER');`,
    trigger: `State.get('k')`,
    redirect: { target: 'other', shows: /OTHER/ },
  },
  { point: 'AfterStateRead', setup: `State.set('k', 'kept');`, trigger: `State.get('k')` },
  {
    point: 'BeforeStateWrite',
    trigger: `State.set('w', 'written'); JSON.stringify([State.get('w'), State.get('elsewhere')])`,
    redirect: { target: 'elsewhere', shows: /,\\"written/ },
    replaced: /\[/,
  },
  { point: 'AfterStateWrite', trigger: `State.set('w', 'written'); State.get('w')` },
  {
    point: 'StateConflict',
    setup: `State.set('c', 'theirs');`,
    trigger: `State.compareAndSet('global', 'c', 'mine', 'x')`,
  },

  {
    point: 'StateMigration',
    setup: `const step = (from) => [{ from, transforms: [{ kind: 'default', field: 'x', value: 1 }] }];
State.registerSchema({ version: '1.0.0', entries: 'p:*', migrations: step('2.0.0') });
State.registerSchema({ version: '2.0.0', entries: 'p:*', migrations: step('1.0.0') });
State.save('p', 'a', {});`,
    trigger: `const to = State.getMigrationStatus().current_version === '2.0.0' ? '1.0.0' : '2.0.0';
JSON.stringify(State.migrate(to, { create_backup: false }))`,
  },

  { point: 'SessionStart', trigger: `const started = Session.create(); Session.delete(started); 1` },
  { point: 'SessionEnd', trigger: `const ended = Session.create(); Session.complete(ended); 1` },
  {
    point: 'SessionCheckpoint',
    trigger: `const busy = Session.create({ config: { auto_save_interval: 0.001 } });
Event.waitFor('never', 3); Session.setCurrent(busy); Session.setCurrent(null); Session.fail(busy); 1`,
  },
  {
    point: 'SessionRestore',
    trigger: `const put = Session.create(); Session.suspend(put); Session.resume(put); Session.fail(put); 1`,
  },
  {
    point: 'SessionSave',
    trigger: `const saved = Session.create(); Session.save(saved); Session.fail(saved); 1`,
  },

  {
    point: 'BeforeEventEmit',
    trigger: `const s = Event.subscribe('job.*'); Event.publish('job.done', { n: 1 });
const got = Event.receive(s, 5); Event.unsubscribe(s); JSON.stringify(got?.event_type ?? null)`,
    redirect: { target: 'job.moved', shows: /job\.moved/ },
    replaced: /null/,
  },
  { point: 'AfterEventEmit', trigger: `Event.publish('job.done', { n: 1 })` },
  {
    point: 'EventHandlerError',
    trigger: `Event.once('bad.*', () => { throw new Error('no'); }); Event.publish('bad.one'); Event.drain(1000); 1`,
  },

  {
    point: 'PerformanceThresholdExceeded',
    setup: `Tool.register({ name: 'slow', description: 'Waits', parameters: { type: 'object' },
execute: () => { Event.waitFor('never', 5); return 'waited'; } });`,
    trigger: `Tool.execute('slow', {}).text`,
  },
  { point: 'MemoryUsageHigh', trigger: looked('MemoryUsageHigh'), by: 'monitor' },
  { point: 'CpuUsageHigh', trigger: looked('CpuUsageHigh'), by: 'monitor' },

  {
    point: 'custom:mine',
    trigger: `JSON.stringify(Hook.fire('custom:mine', { value: 'kept' }))`,
    redirect: { target: 'elsewhere', shows: /./ },
  },
];
