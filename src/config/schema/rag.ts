import { count, flag, oneOf, table, text } from './fields.js';

const hnsw = table('The vector index.', {
  m: count('Links of one node. More find better and cost memory.', 2),
  ef_construction: count('Candidates looked at while inserting.'),
  ef_search: count('Candidates looked at while searching.'),
  max_elements: count('Vectors the index may hold.'),
  seed: count('Start of the random levels, for repeatable indexes.', 0).optional(),
  metric: oneOf(['cosine', 'euclidean', 'innerproduct'], 'How distance is measured.'),
  allow_replace_deleted: flag('Use the place of deleted vectors again.'),
  num_threads: count('Threads for building the index.').optional(),
  nb_layers: count('Layers of the index.').optional(),
  parallel_batch_size: count('Vectors inserted in one go.'),
  enable_mmap: flag('Map the stored index instead of reading it.'),
  mmap_sync_interval: count('Seconds between writes of a mapped index.'),
});

const vectorStorage = table('Where vectors are kept.', {
  dimensions: count('Numbers in one vector; must fit the embedding model.'),
  backend: oneOf(
    ['hnsw', 'flat', 'memory'],
    '`hnsw` searches an index, `flat` and `memory` compare every vector.',
  ),
  persistence_path: text('Directory of the stored vectors. Default: inside `storage.base_dir`.').optional(),
  max_memory_mb: count('Megabytes the index may use.'),
  hnsw,
});

const embedding = table('How text becomes vectors.', {
  default_provider: text('Provider of the embedding model.'),
  cache_enabled: flag('Remember vectors of texts.'),
  cache_size: count('Vectors that are remembered.'),
  cache_ttl_seconds: count('Seconds a vector is remembered.'),
  batch_size: count('Texts sent in one request.'),
  timeout_seconds: count('Seconds one request may take.'),
  max_retries: count('Further attempts after a failed request.', 0),
});

const chunking = table('How documents are cut.', {
  strategy: oneOf(['sliding_window', 'semantic', 'sentence'], 'Where cuts are made.'),
  chunk_size: count('Tokens of one chunk.'),
  overlap: count('Tokens that neighbouring chunks share.', 0),
  max_chunk_size: count('Most tokens of a chunk.'),
  min_chunk_size: count('Fewest tokens of a chunk; smaller ones join their neighbour.', 0),
});

const cache = table('Remembered results.', {
  search_cache_enabled: flag('Remember search results.'),
  search_cache_size: count('Searches that are remembered.'),
  search_cache_ttl_seconds: count('Seconds a search is remembered.'),
  document_cache_enabled: flag('Remember documents.'),
  document_cache_size_mb: count('Megabytes of remembered documents.'),
});

/** `[rag]`. */
export const rag = table('Search in documents.', {
  enabled: flag('Offer the `RAG` global.'),
  multi_tenant: flag('Keep the documents of tenants apart.'),
  vector_storage: vectorStorage,
  embedding,
  chunking,
  cache,
});
