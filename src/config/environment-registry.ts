/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the names of all variables of the product begin with. */
export const PREFIX = 'LLMSPELL_';

/**
 * The variables with names of their own, without their prefix, and the key that each sets. Every other key has a
 * variable too: its path in capitals with underscores, e.g. `LLMSPELL_RAG_CHUNKING_OVERLAP`.
 */
export const REGISTRY: Readonly<Record<string, string>> = {
  DEFAULT_ENGINE: 'default_engine',
  STORAGE_BASE_DIR: 'storage.base_dir',

  MAX_CONCURRENT_SCRIPTS: 'runtime.max_concurrent_scripts',
  SCRIPT_TIMEOUT_SECONDS: 'runtime.script_timeout_seconds',
  ALLOW_FILE_ACCESS: 'runtime.security.allow_file_access',
  ALLOW_NETWORK_ACCESS: 'runtime.security.allow_network_access',
  ALLOW_PROCESS_SPAWN: 'runtime.security.allow_process_spawn',
  MAX_MEMORY_BYTES: 'runtime.security.max_memory_bytes',
  MAX_EXECUTION_TIME_MS: 'runtime.security.max_execution_time_ms',

  STATE_ENABLED: 'runtime.state_persistence.enabled',
  STATE_BACKEND: 'runtime.state_persistence.backend_type',
  STATE_PATH: 'runtime.state_persistence.path',
  STATE_MIGRATION_ENABLED: 'runtime.state_persistence.migration_enabled',
  STATE_BACKUP_ENABLED: 'runtime.state_persistence.backup_enabled',
  STATE_BACKUP_ON_MIGRATION: 'runtime.state_persistence.backup_on_migration',
  STATE_BACKUP_DIR: 'runtime.state_persistence.backup.backup_dir',
  STATE_MAX_SIZE_BYTES: 'runtime.state_persistence.max_state_size_bytes',

  SESSIONS_ENABLED: 'runtime.sessions.enabled',
  SESSIONS_BACKEND: 'runtime.sessions.storage_backend',
  SESSIONS_MAX: 'runtime.sessions.max_sessions',
  SESSIONS_TIMEOUT_SECONDS: 'runtime.sessions.session_timeout_seconds',
  SESSIONS_MAX_ARTIFACTS: 'runtime.sessions.max_artifacts_per_session',

  PROVIDER_OPENAI_API_KEY: 'providers.openai.api_key',
  PROVIDER_OPENAI_BASE_URL: 'providers.openai.base_url',
  PROVIDER_OPENAI_MODEL: 'providers.openai.default_model',
  PROVIDER_OPENAI_TIMEOUT: 'providers.openai.timeout_seconds',
  PROVIDER_OPENAI_MAX_RETRIES: 'providers.openai.max_retries',
  PROVIDER_ANTHROPIC_API_KEY: 'providers.anthropic.api_key',
  PROVIDER_ANTHROPIC_BASE_URL: 'providers.anthropic.base_url',
  PROVIDER_ANTHROPIC_MODEL: 'providers.anthropic.default_model',
  PROVIDER_ANTHROPIC_TIMEOUT: 'providers.anthropic.timeout_seconds',
  PROVIDER_ANTHROPIC_MAX_RETRIES: 'providers.anthropic.max_retries',

  TOOLS_ENABLED: 'tools.enabled',
  TOOLS_RATE_LIMIT: 'tools.rate_limit_per_minute',
  TOOLS_FILE_OPS_ENABLED: 'tools.file_operations.enabled',
  TOOLS_MAX_FILE_SIZE: 'tools.file_operations.max_file_size',
  TOOLS_ALLOWED_PATHS: 'tools.file_operations.allowed_paths',
  TOOLS_BLOCKED_EXTENSIONS: 'tools.file_operations.blocked_extensions',
  TOOLS_MAX_DEPTH: 'tools.file_operations.max_depth',
  TOOLS_HTTP_ALLOWED_HOSTS: 'tools.http_request.allowed_hosts',
  TOOLS_HTTP_BLOCKED_HOSTS: 'tools.http_request.blocked_hosts',
  TOOLS_HTTP_TIMEOUT: 'tools.http_request.timeout_seconds',
  TOOLS_HTTP_MAX_REDIRECTS: 'tools.http_request.max_redirects',
  TOOLS_HTTP_MAX_SIZE: 'tools.http_request.max_request_size',
  TOOLS_NETWORK_TIMEOUT: 'tools.network.timeout_seconds',
  TOOLS_NETWORK_MAX_RETRIES: 'tools.network.max_retries',
  TOOLS_NETWORK_VERIFY_SSL: 'tools.network.verify_ssl',
  TOOLS_WEB_USER_AGENT: 'tools.web_tools.user_agent',
  TOOLS_WEB_ALLOWED_DOMAINS: 'tools.web_tools.allowed_domains',
  TOOLS_WEB_BLOCKED_DOMAINS: 'tools.web_tools.blocked_domains',
  TOOLS_WEB_MAX_REDIRECTS: 'tools.web_tools.max_redirects',
  TOOLS_WEB_SCRAPING_DELAY: 'tools.web_tools.scraping_delay_ms',
  TOOLS_WEB_RATE_LIMIT: 'tools.web_search.rate_limit_per_minute',
  TOOLS_WEB_MAX_RESULTS: 'tools.web_search.max_results',
  TOOLS_MEDIA_MAX_SIZE: 'tools.media.max_file_size',
  TOOLS_MEDIA_PROCESSING_TIMEOUT: 'tools.media.processing_timeout_seconds',
  TOOLS_MEDIA_IMAGE_MAX_DIMENSIONS: 'tools.media.image_max_dimensions',
  TOOLS_DB_CONNECTION_TIMEOUT: 'tools.database.connection_timeout_seconds',
  TOOLS_DB_MAX_CONNECTIONS: 'tools.database.max_connections',
  TOOLS_DB_ALLOWED_HOSTS: 'tools.database.allowed_hosts',
  TOOLS_EMAIL_SMTP_HOST: 'tools.email.smtp_host',
  TOOLS_EMAIL_SMTP_PORT: 'tools.email.smtp_port',
  TOOLS_EMAIL_FROM_ADDRESS: 'tools.email.from_address',
  TOOLS_EMAIL_RATE_LIMIT: 'tools.email.rate_limit_per_minute',
  TOOLS_SYSTEM_ALLOW_PROCESS_EXEC: 'tools.system.allow_process_execution',
  TOOLS_SYSTEM_ALLOWED_COMMANDS: 'tools.system.allowed_commands',
  TOOLS_SYSTEM_MAX_OUTPUT_SIZE: 'tools.system.max_output_size',
  TOOLS_SYSTEM_TIMEOUT: 'tools.system.command_timeout_seconds',
  TOOLS_SYSTEM_ALLOWED_ENV: 'tools.system.allowed_env_vars',
  TOOLS_DATA_MAX_CSV_SIZE: 'tools.data.max_csv_size',
  TOOLS_DATA_MAX_JSON_DEPTH: 'tools.data.max_json_depth',
  TOOLS_ACADEMIC_CITATION_API_KEY: 'tools.academic.citation_api_key',
  TOOLS_ACADEMIC_MAX_REFERENCES: 'tools.academic.max_references',
  TOOLS_DOC_MAX_PDF_SIZE: 'tools.document.max_pdf_size',
  TOOLS_DOC_EXTRACT_IMAGES: 'tools.document.extract_images',
  TOOLS_SEARCH_ENGINE: 'tools.search.default_engine',
  TOOLS_SEARCH_MAX_RESULTS: 'tools.search.max_results',
  TOOLS_SEARCH_API_KEY: 'tools.search.api_key',

  HOOKS_ENABLED: 'hooks.enabled',
  HOOKS_RATE_LIMIT: 'hooks.rate_limit_per_minute',

  EVENTS_ENABLED: 'events.enabled',
  EVENTS_BUFFER_SIZE: 'events.buffer_size',
  EVENTS_OVERFLOW: 'events.overflow',
  EVENTS_HANDLER_TIMEOUT_MS: 'events.handler_timeout_ms',
  EVENTS_EMIT_TIMING_EVENTS: 'events.emit_timing_events',
  EVENTS_EMIT_STATE_EVENTS: 'events.emit_state_events',
  EVENTS_EMIT_DEBUG_EVENTS: 'events.emit_debug_events',
  EVENTS_MAX_EVENTS_PER_SECOND: 'events.max_events_per_second',
  EVENTS_FILTERING_INCLUDE_TYPES: 'events.filtering.include_types',
  EVENTS_FILTERING_EXCLUDE_TYPES: 'events.filtering.exclude_types',
  EVENTS_FILTERING_INCLUDE_COMPONENTS: 'events.filtering.include_components',
  EVENTS_FILTERING_EXCLUDE_COMPONENTS: 'events.filtering.exclude_components',
  EVENTS_EXPORT_STDOUT: 'events.export.stdout',
  EVENTS_EXPORT_FILE: 'events.export.file',
  EVENTS_EXPORT_WEBHOOK: 'events.export.webhook',
  EVENTS_EXPORT_PRETTY_JSON: 'events.export.pretty_json',

  METRICS_ENABLED: 'metrics.enabled',
  TRACING_OPENTELEMETRY: 'tracing.opentelemetry',
  TRACING_CONTENT: 'tracing.content',
  TRACING_FILTER: 'tracing.filter',
  TRACING_FORMAT: 'tracing.format',

  DEBUG: 'debug.enabled',
  DEBUG_LEVEL: 'debug.level',
  DEBUG_PERFORMANCE: 'debug.performance.enabled',
};

/** Short spellings of provider keys in `LLMSPELL_PROVIDER_<NAME>_<KEY>`. */
export const PROVIDER_SHORT_KEYS: Readonly<Record<string, string>> = {
  MODEL: 'default_model',
  TIMEOUT: 'timeout_seconds',
};

/** Variables that the providers' own SDKs read; they fill a provider that is configured, and create none. */
export const WELL_KNOWN_KEYS: Readonly<Record<string, string>> = {
  OPENAI_API_KEY: 'openai',
  ANTHROPIC_API_KEY: 'anthropic',
};

/** Variables that are no settings but secrets, and are read by those who need them. */
const SECRETS: ReadonlySet<string> = new Set(['STATE_KEY', 'STATE_KEY_PREVIOUS']);

/** A `STATE_…` or `SESSIONS_…` name is a registered one or a mistake. */
const SECTION =
  /^(?:ENGINES|PROVIDERS?|RUNTIME|STORAGE|PERMISSIONS|TOOLS|HOOKS|EVENTS|DEBUG|RAG|STATE|SESSIONS)_/;

/** Whether a name without its prefix begins like a section, so that it was surely meant to set something. */
export function isSectionVariable(short: string): boolean {
  return SECTION.test(short) && !isSecretVariable(short);
}

/** Whether a name without its prefix is that of a secret that somebody else reads. */
export function isSecretVariable(short: string): boolean {
  return SECRETS.has(short);
}

/** Whether any variable sets a key. Cheap: decides if the schema has to be loaded at all. */
export function hasConfigVariables(env: Variables): boolean {
  return Object.keys(env).some(
    (name) =>
      name.startsWith(PREFIX) && env[name] !== undefined && isConfigVariable(name.slice(PREFIX.length)),
  );
}

function isConfigVariable(short: string): boolean {
  return Object.hasOwn(REGISTRY, short) || isSectionVariable(short);
}
