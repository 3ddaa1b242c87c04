import caching from './caching.js';
import circuitBreaking from './circuit-breaking.js';
import costTracking from './cost-tracking.js';
import debugging from './debugging.js';
import type { Builtin } from './definition.js';
import logging from './logging.js';
import metrics from './metrics.js';
import rateLimiting from './rate-limiting.js';
import redaction from './redaction.js';
import retrying from './retrying.js';
import sanitizing from './sanitizing.js';
import securityAudit from './security-audit.js';

/** The hooks that come with llmspell. */
export const BUILTINS: readonly Builtin[] = [
  caching,
  circuitBreaking,
  costTracking,
  debugging,
  logging,
  metrics,
  rateLimiting,
  redaction,
  retrying,
  sanitizing,
  securityAudit,
];
