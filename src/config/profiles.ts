import { fail } from '../core/errors.js';
import { closest } from '../core/schema.js';
import { deepFreeze } from './freeze.js';
import type { Config, DeepPartial } from './types.js';

/** A named set of settings that comes with the program. */
export interface Profile {
  name: string;
  category: 'Core' | 'Common Workflows' | 'Local LLM' | 'RAG';
  description: string;
  use_cases: readonly string[];
  features: readonly string[];
  /** What it sets; everything else keeps its default. */
  values: DeepPartial<Config>;
}

/** The built-in profiles, by category. None needs a key, a service or a file to load. */
export const PROFILES: readonly Profile[] = deepFreeze<Profile[]>([
  {
    name: 'minimal',
    category: 'Core',
    description: 'Lua with the basic library, no providers',
    use_cases: ['Plain scripts', 'Learning the language', 'Tests that must not reach out'],
    features: ['Basic Lua library', 'Tools', 'No providers'],
    values: { engines: { lua: { stdlib: 'Basic' } } },
  },
  {
    name: 'development',
    category: 'Core',
    description: 'OpenAI and Anthropic with detailed logging',
    use_cases: ['Writing spells', 'Finding out what a spell does', 'Comparing providers'],
    features: ['OpenAI and Anthropic', 'Log level debug', 'Timing events'],
    values: {
      providers: {
        default_provider: 'openai',
        openai: {
          provider_type: 'openai',
          api_key_env: 'OPENAI_API_KEY',
          default_model: 'gpt-4',
          temperature: 0.7,
          max_tokens: 4000,
          timeout_seconds: 60,
        },
        anthropic: {
          provider_type: 'anthropic',
          api_key_env: 'ANTHROPIC_API_KEY',
          default_model: 'claude-3-5-sonnet-20241022',
          temperature: 0.7,
          max_tokens: 4000,
          timeout_seconds: 60,
        },
      },
      debug: { enabled: true, level: 'debug' },
    },
  },
  {
    name: 'providers',
    category: 'Common Workflows',
    description: 'OpenAI and Anthropic with small, cheap models',
    use_cases: ['Agents', 'Everyday model calls', 'Trying out providers'],
    features: ['OpenAI and Anthropic', 'Small models', 'Short answers'],
    values: {
      providers: {
        default_provider: 'openai',
        openai: {
          provider_type: 'openai',
          api_key_env: 'OPENAI_API_KEY',
          default_model: 'gpt-3.5-turbo',
          temperature: 0.7,
          max_tokens: 2000,
        },
        anthropic: {
          provider_type: 'anthropic',
          api_key_env: 'ANTHROPIC_API_KEY',
          default_model: 'claude-3-haiku-20240307',
          temperature: 0.7,
          max_tokens: 2000,
        },
      },
    },
  },
  {
    name: 'state',
    category: 'Common Workflows',
    description: 'State in memory, without migrations and backups',
    use_cases: ['Working with the State global', 'Tests that leave nothing behind'],
    features: ['State in memory', '10 MB a value', 'No providers'],
    values: {
      runtime: {
        state_persistence: {
          enabled: true,
          backend_type: 'memory',
          migration_enabled: false,
          backup_enabled: false,
          max_state_size_bytes: 10_000_000,
        },
      },
    },
  },
  {
    name: 'sessions',
    category: 'Common Workflows',
    description: 'Sessions with state, hooks and events',
    use_cases: ['Conversations over several runs of a spell', 'Artifacts', 'Replaying sessions'],
    features: ['Sessions in memory', 'State in memory', 'Hooks', 'Events'],
    values: {
      runtime: {
        state_persistence: { enabled: true, backend_type: 'memory' },
        sessions: {
          enabled: true,
          max_sessions: 100,
          max_artifacts_per_session: 1000,
          session_timeout_seconds: 3600,
          storage_backend: 'memory',
        },
      },
      hooks: { enabled: true },
      events: { enabled: true, buffer_size: 1000 },
    },
  },
  {
    name: 'ollama',
    category: 'Local LLM',
    description: 'Models on this machine through Ollama',
    use_cases: ['Private data', 'Working without the internet', 'Work without costs'],
    features: ['Ollama', 'llama3.1:8b', 'No key'],
    values: {
      providers: {
        default_provider: 'ollama',
        ollama: {
          provider_type: 'ollama',
          base_url: 'http://localhost:11434',
          default_model: 'llama3.1:8b',
          timeout_seconds: 120,
          auto_start: true,
          health_check_interval_seconds: 60,
          default_backend: 'ollama',
        },
      },
    },
  },
  {
    name: 'candle',
    category: 'Local LLM',
    description: 'Models on this machine inside the process',
    use_cases: ['Private data', 'Machines without any service', 'Small models'],
    features: ['Embedded inference', 'Quantised models', 'No key'],
    values: {
      providers: {
        default_provider: 'candle',
        candle: {
          provider_type: 'candle',
          default_model: 'llama3.1:8b-q4',
          timeout_seconds: 300,
          model_directory: '~/.llmspell/models/candle',
          device: 'auto',
          max_concurrent: 1,
          default_quantization: 'Q4_K_M',
          cpu_threads: 0,
          context_size: 4096,
          batch_size: 512,
          use_flash_attention: true,
        },
      },
    },
  },
  {
    name: 'rag-dev',
    category: 'RAG',
    description: 'Document search for trying things out: small, quick to build, no caches',
    use_cases: ['Developing document search', 'Small collections', 'Tests'],
    features: ['384 dimensions', 'Up to 10 000 vectors', 'Caches off', 'Small chunks'],
    values: {
      rag: {
        enabled: true,
        vector_storage: {
          dimensions: 384,
          backend: 'hnsw',
          max_memory_mb: 512,
          hnsw: { m: 8, ef_construction: 50, ef_search: 25, max_elements: 10_000, num_threads: 2 },
        },
        embedding: { cache_enabled: false },
        chunking: { strategy: 'sliding_window', chunk_size: 256, overlap: 32 },
        cache: { search_cache_enabled: false, document_cache_enabled: false },
      },
    },
  },
  {
    name: 'rag-prod',
    category: 'RAG',
    description: 'Document search for services: 768 dimensions, stored, tenants apart',
    use_cases: ['Services', 'Several tenants', 'Millions of vectors'],
    features: ['768 dimensions', 'Up to 5 million vectors', 'Stored on disk', 'Multi-tenant', 'Caches on'],
    values: {
      rag: {
        enabled: true,
        multi_tenant: true,
        vector_storage: {
          dimensions: 768,
          backend: 'hnsw',
          persistence_path: '/var/lib/llmspell/rag/vectors',
          max_memory_mb: 4096,
          hnsw: { m: 16, ef_construction: 200, ef_search: 50, max_elements: 5_000_000 },
        },
        embedding: { cache_enabled: true },
        cache: { search_cache_enabled: true, document_cache_enabled: true },
      },
    },
  },
  {
    name: 'rag-perf',
    category: 'RAG',
    description: 'Document search tuned for quality and speed on a large machine',
    use_cases: ['Very large collections', 'Machines with much memory', 'Measuring'],
    features: ['1536 dimensions', 'Up to 50 million vectors', '16 threads', 'Large chunks'],
    values: {
      rag: {
        enabled: true,
        vector_storage: {
          dimensions: 1536,
          backend: 'hnsw',
          persistence_path: '/mnt/fast-ssd/llmspell/rag/vectors',
          max_memory_mb: 8192,
          hnsw: {
            m: 48,
            ef_construction: 500,
            ef_search: 200,
            max_elements: 50_000_000,
            num_threads: 16,
            parallel_batch_size: 128,
          },
        },
        embedding: { cache_enabled: true },
        chunking: { strategy: 'sliding_window', chunk_size: 1024, overlap: 256 },
        cache: { search_cache_enabled: true, document_cache_enabled: true },
      },
    },
  },
]);

/**
 * The profiles of a comma list, in its order.
 * @throws `config.unknown_profile` with all names, and the one that was probably meant.
 */
export function findProfiles(names: string): Profile[] {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(findProfile);
}

function findProfile(name: string): Profile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile) return profile;
  const available = PROFILES.map((candidate) => candidate.name);
  const suggestion = closest(name, available);
  throw fail('config.unknown_profile', `Unknown profile '${name}'. Available: ${available.join(', ')}`, {
    hint: suggestion ? `Did you mean '${suggestion}'?` : 'List them with: llmspell config list-profiles',
    details: { name, available, ...(suggestion && { suggestion }) },
  });
}
