import type { ToolSample } from '../define.js';

/** Calls of `file-watcher` with what they give. */
export const fileWatcherSamples: readonly ToolSample[] = [
  {
    title: 'Watch a folder in which nothing happens',
    input: { operation: 'watch', input: ['{{dir}}'], timeout_ms: 200 },
    expect: { success: true, result: { events: [], event_count: 0, ended: 'timeout' } },
  },
  {
    title: 'Ask for the defaults',
    input: { operation: 'config' },
    expect: {
      result: { max_events: 1000, default_timeout: 300, default_debounce_ms: 100, max_paths: 100 },
    },
  },
  {
    title: 'A folder that does not exist',
    input: { operation: 'watch', input: ['{{dir}}/missing'], timeout_ms: 200 },
    error: 'tool.failed',
  },
];
