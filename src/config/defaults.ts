import { deepFreeze } from './freeze.js';
import type { Config, ProviderConfig } from './types.js';

const MEMORY_BYTES = 268_435_456;

/** What holds when nothing is configured. Plain data, so that an unconfigured start loads no schema. */
export const DEFAULT_CONFIG: Config = deepFreeze<Config>({
  default_engine: 'lua',
  engines: {
    lua: { stdlib: 'Standard', max_memory_bytes: MEMORY_BYTES, enable_debug: false, security_level: 'Safe' },
    javascript: {
      strict_mode: true,
      max_heap_size_bytes: MEMORY_BYTES,
      enable_console: true,
      security_level: 'Safe',
    },
  },
  providers: {},
  runtime: {
    max_concurrent_scripts: 10,
    script_timeout_seconds: 300,
    enable_streaming: true,
    security: {
      allow_file_access: false,
      allow_network_access: false,
      allow_process_spawn: false,
      max_memory_bytes: MEMORY_BYTES,
      max_execution_time_ms: 300_000,
    },
    state_persistence: {
      enabled: true,
      migration_enabled: false,
      backup_enabled: false,
      backup_on_migration: true,
      backend_type: 'lmdb',
      max_state_size_bytes: 10_000_000,
      backup: {
        backup_dir: './backups',
        compression_enabled: true,
        compression_type: 'zstd',
        compression_level: 3,
        incremental_enabled: true,
        max_backups: 10,
        max_backup_age: 2_592_000,
      },
      compression: { enabled: true, threshold_bytes: 1024, method: 'lz4' },
      encryption: { enabled: false, key_env: 'LLMSPELL_STATE_KEY', keychain: false },
      redaction: { hash: true, field_names: [], patterns: [] },
    },
    sessions: {
      enabled: true,
      max_sessions: 100,
      max_artifacts_per_session: 1000,
      artifact_compression_threshold: 10_240,
      session_timeout_seconds: 3600,
      storage_backend: 'lmdb',
    },
    journal: { enabled: true, backend: 'files', content: true, retention_days: 30, lease_seconds: 30 },
    budget: {},
  },
  storage: {},
  permissions: { read: [], write: [], net: [], run: [], env: [], db: [] },
  databases: {},
  mcp: { servers: {} },
  tools: {
    file_operations: {
      enabled: true,
      allowed_paths: ['/tmp'],
      max_file_size: 50_000_000,
      atomic_writes: true,
      max_depth: 10,
      allowed_extensions: [],
      blocked_extensions: ['exe', 'dll', 'so', 'dylib'],
      validate_file_types: true,
    },
    web_search: {
      rate_limit_per_minute: 30,
      allowed_domains: ['*'],
      blocked_domains: [],
      max_results: 10,
      timeout_seconds: 30,
      user_agent: 'llmspell-web-search/1.0',
    },
    http_request: {
      allowed_hosts: [],
      blocked_hosts: [],
      max_request_size: 10_000_000,
      timeout_seconds: 30,
      max_redirects: 5,
      default_headers: { 'User-Agent': 'llmspell-http/1.0' },
    },
  },
  hooks: {
    enabled: true,
    files: [],
    rate_limit_per_minute: 60_000,
    timeout_ms: 5000,
    circuit_breaker_threshold: 0.01,
    monitor: { interval_ms: 1000, memory_mb: 1024, cpu_percent: 90, duration_ms: 10_000 },
  },
  events: {
    enabled: true,
    buffer_size: 10_000,
    overflow: 'drop_oldest',
    block_timeout_ms: 5000,
    handler_timeout_ms: 10_000,
    max_depth: 50,
    dead_letters: 1000,
    emit_timing_events: true,
    emit_state_events: false,
    emit_debug_events: false,
    filtering: { include_types: ['*'], exclude_types: [], include_components: ['*'], exclude_components: [] },
    export: { stdout: false, pretty_json: false },
  },
  debug: {
    enabled: false,
    level: 'info',
    output: { stdout: true, colored: true, format: 'text', buffer: { enabled: true, max_entries: 10_000 } },
    module_filters: { enabled: [], disabled: [], levels: {} },
    performance: { enabled: false, auto_report_interval: 0, include_children: true, min_duration_ms: 1 },
    stack_trace: { enabled: false, on_error: true, max_depth: 50, include_source: true },
  },
  rag: {
    enabled: false,
    multi_tenant: false,
    vector_storage: {
      dimensions: 384,
      backend: 'hnsw',
      max_memory_mb: 500,
      hnsw: {
        m: 16,
        ef_construction: 200,
        ef_search: 50,
        max_elements: 1_000_000,
        metric: 'cosine',
        allow_replace_deleted: true,
        parallel_batch_size: 128,
        enable_mmap: false,
        mmap_sync_interval: 60,
      },
    },
    embedding: {
      default_provider: 'openai',
      cache_enabled: true,
      cache_size: 10_000,
      cache_ttl_seconds: 3600,
      batch_size: 32,
      timeout_seconds: 30,
      max_retries: 3,
    },
    chunking: {
      strategy: 'sliding_window',
      chunk_size: 512,
      overlap: 64,
      max_chunk_size: 2048,
      min_chunk_size: 100,
    },
    cache: {
      search_cache_enabled: true,
      search_cache_size: 1000,
      search_cache_ttl_seconds: 300,
      document_cache_enabled: true,
      document_cache_size_mb: 100,
    },
  },
});

/** What a provider table gets for the keys it leaves out; its sub-tables only if they are written. */
export const PROVIDER_DEFAULTS = deepFreeze({
  enabled: true,
  streaming: true,
  rate_limit: { requests_per_minute: 60, auto_retry: true },
  retry: { max_retries: 3, initial_delay_ms: 1000, max_delay_ms: 30_000, backoff_multiplier: 2 },
} satisfies Partial<ProviderConfig>);

/** What `[debug.output.file]` gets for the keys it leaves out. */
export const LOG_FILE_DEFAULTS = deepFreeze({ append: true, max_size: 10_000_000, max_files: 5 });
