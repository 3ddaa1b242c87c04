/**
 * What an outsider tries with each member of the globals that keep data. `$session`, `$artifact`, `$run` and so on
 * stand for ids that belong to another tenant, or to nobody; an expression may use several statements in a function.
 */
export const PROBES: Readonly<Record<string, string>> = {
  'State.save': `State.save('session:$session', 'mine', 1)`,
  'State.load': `[State.load('global', 'note'), State.load('session:$session', 'note'), State.load('user:kim', 'note')]`,
  'State.delete': `[State.delete('global', 'note'), State.delete('session:$session', 'note')]`,
  'State.list_keys': `[State.listKeys('global'), State.listKeys('user:kim'), State.listKeys()]`,
  'State.list_scopes': `State.listScopes()`,
  'State.set_scope': `(State.setScope('user:kim'), [State.get('note'), State.keys(), State.setScope()])`,
  'State.get': `[State.get('note'), State.get('user:kim', 'note'), State.get('tenant:alpha:note')]`,
  'State.set': `(State.set('other', 1), State.get('other'))`,
  'State.exists': `[State.exists('global', 'note'), State.exists('user:kim', 'note')]`,
  'State.keys': `State.keys()`,
  'State.all': `State.all()`,
  'State.compare_and_set': `[State.compareAndSet('global', 'note', 'canary', 'x'), State.compareAndSet('global', 'note', null, 'mine')]`,
  'State.increment': `State.increment('global', 'count')`,
  'State.load_with_version': `[State.loadWithVersion('user:kim', 'note'), State.loadWithVersion('global', 'count')]`,
  'State.save_if_version': `State.saveIfVersion('user:kim', 'note', 'mine', 1)`,
  'State.batch': `(State.batch([{ op: 'delete', scope: 'user:kim', key: 'note' }, { key: 'b', value: 2 }]), State.get('b'))`,
  'State.begin_transaction': `(() => { const t = State.beginTransaction(); try { return [State.get('user:kim', 'note'), t.size]; } finally { t.rollback(); } })()`,
  'State.commit': `(State.beginTransaction(), State.delete('user:kim', 'note'), State.commit())`,
  'State.rollback': `(State.beginTransaction(), State.delete('user:kim', 'note'), State.rollback())`,
  'State.watch': `State.watch('*', '*', () => {}).unsubscribe()`,
  'State.wait_for': `State.waitFor('user:kim', 'note', 1)`,
  'State.workflow_get': `State.workflowGet('w1', 'step')`,
  'State.workflow_list': `State.workflowList('w1')`,
  'State.agent_get': `State.agentGet('a1', 'note')`,
  'State.agent_set': `State.agentSet('a1', 'note', 'mine')`,
  'State.tool_get': `State.toolGet('t1', 'note')`,
  'State.tool_set': `State.toolSet('t1', 'note', 'mine')`,

  'State.register_schema': `State.registerSchema({ version: '1.0.0', fields: {} })`,
  'State.migrate': `(State.registerSchema({ version: '1.0.0', fields: {} }), State.migrate('1.0.0').success)`,
  'State.get_migration_status': `State.getMigrationStatus().total_schemas ?? 0`,
  'State.get_schema_versions': `State.getSchemaVersions()`,
  'State.create_backup': `State.createBackup().success`,
  'State.list_backups': `State.listBackups().length`,
  'State.restore_backup': `State.restoreBackup('$backup')`,
  'State.validate_backup': `State.validateBackup('$backup')`,
  'State.get_storage_usage': `State.getStorageUsage().total_backups`,
  'State.cleanup_backups': `State.cleanupBackups(0).evaluated_count`,
  'State.delete_backup': `State.deleteBackup('$backup')`,

  'Session.create': `Session.create({ name: 'mine', parent_session_id: '$session' })`,
  'Session.builder': `typeof Session.builder()`,
  'Session.get': `Session.get('$session')`,
  'Session.list': `Session.list({ parent_session_id: '$session' })`,
  'Session.update': `Session.update('$session', { name: 'x' })`,
  'Session.save': `Session.save('$session')`,
  'Session.load': `Session.load('$session')`,
  'Session.suspend': `Session.suspend('$session')`,
  'Session.resume': `Session.resume('$session')`,
  'Session.complete': `Session.complete('$session')`,
  'Session.fail': `Session.fail('$session')`,
  'Session.archive': `Session.archive('$session')`,
  'Session.delete': `Session.delete('$session')`,
  'Session.get_current': `Session.getCurrent()`,
  'Session.set_current': `Session.setCurrent('$session')`,
  'Session.replay': `Session.replay('$session', { mode: 'simulate' })`,
  'Session.can_replay': `Session.canReplay('$session')`,
  'Session.get_replay_metadata': `Session.getReplayMetadata('$session')`,
  'Session.list_replayable': `Session.listReplayable()`,
  'Session.cleanup': `[Session.cleanup(), Session.list()]`,

  'Artifact.store': `Artifact.store('$session', 'text', 'x', 'y')`,
  'Artifact.get': `Artifact.get('$session', { content_hash: '$artifact', session_id: '$session', sequence: 1 })`,
  'Artifact.get_content': `Artifact.getContent('$session', { content_hash: '$artifact', session_id: '$session', sequence: 1 })`,
  'Artifact.list': `Artifact.list('$session')`,
  'Artifact.delete': `Artifact.delete('$session', { content_hash: '$artifact', session_id: '$session', sequence: 1 })`,
  'Artifact.store_file': `Artifact.storeFile('$session', 'note.txt', 'text')`,
  'Artifact.save_to_file': `Artifact.saveToFile('$session', { content_hash: '$artifact', session_id: '$session', sequence: 1 }, 'out.txt')`,
  'Artifact.query': `[Artifact.query(), (() => Artifact.query({ session_id: '$session' }))()]`,
  'Artifact.find_by_tag': `Artifact.findByTag('canary')`,
  'Artifact.find_by_type': `Artifact.findByType('canary')`,
  'Artifact.update': `Artifact.update('$session', { content_hash: '$artifact', session_id: '$session', sequence: 1 }, { tags: ['x'] })`,
  'Artifact.versions': `Artifact.versions('$session', 'canary.txt')`,
  'Artifact.verify': `Artifact.verify('$session')`,
  'Artifact.collect_garbage': `Artifact.collectGarbage(-60)`,

  'Event.publish': `Event.publish('alpha.news', { from: 'outside' })`,
  'Event.subscribe': `Event.unsubscribe(Event.subscribe('*'))`,
  'Event.once': `Event.unsubscribe(Event.once('*', () => {}))`,
  'Event.receive': `Event.receive('$subscription', 1)`,
  'Event.receive_batch': `Event.receiveBatch('$subscription', 10, 1)`,
  'Event.wait_for': `Event.waitFor('alpha.*', 1)`,
  'Event.drain': `Event.drain(1)`,
  'Event.unsubscribe': `Event.unsubscribe('$subscription')`,
  'Event.unsubscribe_pattern': `Event.unsubscribePattern('alpha.*')`,
  'Event.list_subscriptions': `Event.listSubscriptions()`,
  'Event.get_stats': `Event.getStats().bridge_stats`,
  'Event.subscription_stats': `Event.subscriptionStats('$subscription')`,
  'Event.history': `[Event.history('alpha.*'), Event.history({ run: '$run' }), Event.history({ correlation_id: '$run' })]`,
  'Event.define': `Event.define('alpha.news')`,
  'Event.dead_letters': `Event.deadLetters()`,
  'Event.redeliver': `Event.redeliver('$event')`,

  'Metrics.counter': `Metrics.counter('outside_total').value()`,
  'Metrics.gauge': `Metrics.gauge('outside', 1).value()`,
  'Metrics.histogram': `typeof Metrics.histogram('outside_seconds')`,
  'Metrics.inc': `Metrics.inc('outside_total')`,
  'Metrics.set': `Metrics.set('outside', 2)`,
  'Metrics.observe': `Metrics.observe('outside_seconds', 1)`,
  'Metrics.timer': `typeof Metrics.timer('outside_seconds')`,
  'Metrics.get': `[Metrics.get('alpha_total'), Metrics.get('llmspell_state_operations_total')?.name ?? null]`,
  'Metrics.snapshot': `Metrics.snapshot().filter(({ name }) => /alpha|outside/.test(name)).map(({ name }) => name)`,
  'Metrics.prometheus': `Metrics.prometheus().match(/alpha_total.*/)`,
  'Metrics.reset': `Metrics.reset('alpha_total')`,

  'Hook.register': `Hook.register('BeforeToolExecution', () => {}).unregister()`,
  'Hook.unregister': `Hook.list().filter(({ id }) => id === '$hook').map((hook) => Hook.unregister(hook))`,
  'Hook.list': `[Hook.list(), Hook.list('BeforeStateRead')]`,
  'Hook.enable': `Hook.enable('$hook')`,
  'Hook.disable': `Hook.disable('$hook')`,
  'Hook.stats': `[Hook.stats(), (() => Hook.stats('$hook'))()]`,
  'Hook.enable_builtin': `Hook.enableBuiltin('metrics')`,
  'Hook.disable_builtin': `Hook.disableBuiltin('metrics')`,
  'Hook.builtins': `Hook.builtins().length`,
  'Hook.builtin_report': `Hook.builtinReport('metrics')`,
  'Hook.points': `Hook.points().length`,
  'Replay.create_config': `Replay.createConfig().get_timeout_seconds()`,
  'Replay.create_modification': `Replay.createModification('a', 1).get_path()`,
  'Replay.create_comparator': `Replay.createComparator().compare_json({ a: 1 }, { a: 1 }).identical`,
  'Replay.part': `typeof Replay.part`,

  'Hook.fire': `Hook.fire('custom:alpha', {})`,
};

/** What the owner sets up; gives the ids that outsiders guess. */
export const SETUP = `
const canary = 'canary';
State.set('note', canary);
for (const scope of ['user:kim', 'custom', 'step:s1', 'tenant:alpha']) State.save(scope, 'note', canary);
State.workflowGet('w1', 'step');
State.save('workflow:w1', 'step', canary);
State.agentSet('a1', 'note', canary);
State.toolSet('t1', 'note', canary);
State.set('count', 41);
const session = Session.create({ name: canary, tags: [canary] });
Session.setCurrent(session);
State.save('session:' + session, 'note', canary);
const artifact = Artifact.store(session, canary, 'canary.txt', canary, { tags: [canary] }).content_hash;
const subscription = Event.subscribe('alpha.*');
Event.publish('alpha.secret', { text: canary });
const backup = State.createBackup('canary').backup_id;
Metrics.inc('alpha_total', 7, { of: canary });
const hook = Hook.register('BeforeStateRead', () => {}, { name: canary }).id();
({ subscription, hook, session, artifact, backup });
`;

/** Everything that the owner has, as text: the same before and after. */
export const INVENTORY = `
JSON.stringify([
  State.all(),
  Metrics.get('alpha_total'),
  State.listBackups(),
  Session.list().map(({ id, name, status }) => [id, name, status]),
  Artifact.query().map(({ id, name, tags }) => [id, name, tags, Artifact.getContent(id.session_id, id)]),
  Event.listSubscriptions().map(({ id, pattern }) => [id, pattern]),
  Hook.list().map(({ id, enabled }) => [id, enabled]),
]);
`;
