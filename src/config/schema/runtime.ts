import { z } from 'zod';
import { isRegularExpression } from '../../core/regular-expression.js';
import { count, flag, list, oneOf, positive, real, table, text } from './fields.js';

const security = table('Broad permissions. Prefer the exact ones in `[permissions]`.', {
  allow_file_access: flag('Grants reading and writing every path.'),
  allow_network_access: flag(
    'Grants every public host. Without it only the hosts in `permissions.net` are reachable.',
  ),
  allow_process_spawn: flag('Grants starting any program.'),
  max_memory_bytes: count('Bytes of memory a script may use, whatever its engine allows.').optional(),
  max_execution_time_ms: count('Milliseconds one component call may take.').optional(),
});

const backup = table('Copies of the state store.', {
  backup_dir: text('Directory of the backups. Default: inside `storage.base_dir`.').optional(),
  compression_enabled: flag('Compress backups.'),
  compression_type: oneOf(['zstd', 'gzip', 'brotli', 'lz4', 'none'], 'How backups are compressed.'),
  compression_level: count('1 is fastest, 9 smallest.').max(9),
  incremental_enabled: flag('Store only what changed since the last backup.'),
  max_backups: count('How many backups are kept.'),
  max_backup_age: count('Seconds after which a backup is removed.').optional(),
});

const compression = table('How large values of the state are kept smaller.', {
  enabled: flag('Compress values.'),
  threshold_bytes: count('Values of more bytes are compressed.', 0),
  method: oneOf(
    ['lz4', 'deflate'],
    '`lz4` is fast; `deflate` is smaller, and what is used where LZ4 is not installed.',
  ),
});

const encryption = table('How values of the state are locked.', {
  enabled: flag(
    'Encrypt every value. Otherwise those are that are sensitive by their names, as soon as a key is set.',
  ),
  key_env: text('The variable that holds the key: 32 bytes as hexadecimal or base64, or a passphrase.'),
  key_file: text('A file with keys, one a line, the newest first.').optional(),
  keychain: flag("Take the key from the system's keychain (service `llmspell`, account `state`)."),
});

const redaction = table(
  'What counts as a secret in whatever is shown or exported, beside what always does.',
  {
    hash: flag('Show the beginning of the hash of what was replaced.'),
    field_names: list('Fields with one of these texts in their names.'),
    patterns: z
      .array(z.string().refine(isRegularExpression, 'expected a regular expression'))
      .describe('Regular expressions for secrets in text; a group named `secret` limits what is replaced.'),
  },
);

const statePersistence = table('The store behind the `State` global.', {
  enabled: flag('Offer stored state to spells.'),
  migration_enabled: flag('Convert stored values when their schema changes.'),
  backup_enabled: flag('Make backups.'),
  backup_on_migration: flag('Make a backup before a migration.'),
  backend_type: oneOf(
    ['memory', 'lmdb'],
    '`lmdb` keeps state on disk; `memory` forgets it when the process ends.',
  ),
  path: text('Directory of the store. Default: inside `storage.base_dir`.').optional(),
  schema_directory: text('Directory of the state schemas.').optional(),
  max_state_size_bytes: count('Bytes one value may have.').optional(),
  backup,
  compression,
  encryption,
  redaction,
});

const sessions = table('Recorded conversations with their artifacts.', {
  enabled: flag('Offer sessions to spells.'),
  max_sessions: count('Sessions that may be open at once.'),
  max_artifacts_per_session: count('Artifacts one session may hold.'),
  artifact_compression_threshold: count('Artifacts from this many bytes on are compressed.', 0),
  session_timeout_seconds: count('Seconds of silence after which a session expires.'),
  max_duration_seconds: count('Seconds for which a session can be active.'),
  auto_save_seconds: count('Seconds between checkpoints that are made by themselves; 0 makes none.', 0),
  retention_days: count('Days for which an ended session is kept.'),
  max_artifact_bytes: count('Bytes one artifact may have.'),
  max_session_bytes: count('Bytes all artifacts of one session may have together.'),
  storage_backend: oneOf(['memory', 'lmdb'], '`lmdb` keeps sessions on disk; `memory` forgets them.'),
});

const journal = table('What is kept of every run: `llmspell runs` shows it.', {
  enabled: flag('Keep a journal.'),
  backend: oneOf(['files', 'memory'], '`files` keeps it on disk; `memory` forgets it when the process ends.'),
  content: flag('Keep inputs, outputs and printed text too, not only what happened when.'),
  retention_days: count('Days after which runs are forgotten.'),
  lease_seconds: count(
    'Seconds without a sign of life after which a run that has not ended counts as stale.',
  ),
});

const budget = table('What one run may use up. A limit that is not set does not apply.', {
  tokens: count('Tokens, in and out together.').optional(),
  cost_usd: real('US dollars by list price.', 0).optional(),
  calls: count('Calls of agents, tools and workflows.').optional(),
  seconds: positive('Seconds of wall time.').optional(),
});

/** `[runtime]`. */
export const runtime = table('How scripts are run.', {
  max_concurrent_scripts: count('Scripts that may run at once; more wait.'),
  script_timeout_seconds: count('Seconds one execution may take.'),
  enable_streaming: flag('Pass answers on while they arrive.'),
  security,
  state_persistence: statePersistence,
  sessions,
  journal,
  budget,
});

/** `[storage]`. */
export const storage = table('Where data is kept.', {
  base_dir: text("Directory for everything that is stored. Default: the user's data directory.").optional(),
});

/** `[permissions]`. */
export const permissions = table(
  'What spells may touch, in addition to the working directory and the temporary directory. `"*"` grants all.',
  {
    level: oneOf(
      ['safe', 'restricted', 'privileged'],
      '`safe` grants nothing at all, `restricted` what these lists and the flags say, `privileged` everything.',
    ).optional(),
    read: list('Files and directories that may be read.'),
    write: list('Files and directories that may be written.'),
    net: list('Hosts that may be reached, e.g. `api.example.com`, `*.example.com`, `127.0.0.1:8080`.'),
    run: list('Programs that may be started.'),
    env: list('Environment variables that may be read.'),
    db: list('Databases that may be used: names of `[databases]`, `sqlite:PATH`, `postgres://host/name`.'),
  },
);
