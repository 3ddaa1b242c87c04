import type { ToolSample } from '../../define.js';

/** Samples of the API tester: samples have no network, so they show what is refused before a request is sent. */
export const API_TESTER_SAMPLES: readonly ToolSample[] = [
  {
    title: 'Status, header, JSON path and time; the host must be granted',
    input: {
      input: 'https://api.example.com/health',
      expect: {
        status: 200,
        headers: { 'content-type': 'application/json' },
        json: { '$.status': 'up' },
        max_response_time_ms: 500,
      },
    },
    error: 'permission.net',
  },
  {
    title: 'Conditions on values of the body; the host must be granted',
    input: {
      input: 'https://api.example.com/users',
      method: 'POST',
      body: { name: 'Ada' },
      expect: {
        status: ['2xx', 409],
        json: [
          { path: '$.id', type: 'integer', greater_than: 0 },
          { path: '$.tags[*]', contains: 'new' },
        ],
      },
    },
    error: 'permission.net',
  },
  {
    title: 'A URL that is none',
    input: { input: 'not-a-url' },
    error: 'input.invalid',
  },
  {
    title: 'A JSON path that is none is refused before anything is sent',
    input: { input: 'https://api.example.com/', expect: { json: { '$.a[': 1 } } },
    error: 'input.invalid',
  },
  {
    title: 'A regular expression that is none',
    input: { input: 'https://api.example.com/', expect: { body_matches: '(' } },
    error: 'input.invalid',
  },
  {
    title: 'A schema that is none',
    input: { input: 'https://api.example.com/', expect: { schema: { type: 'nonsense' } } },
    error: 'input.invalid',
  },
];
