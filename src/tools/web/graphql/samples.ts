import type { ToolSample } from '../../define.js';

/** Samples of the GraphQL tool: samples have no network, so they show what is refused before anything is sent. */
export const GRAPHQL_SAMPLES: readonly ToolSample[] = [
  {
    title: 'A query with variables; the host must be granted',
    input: {
      endpoint: 'https://api.example.com/graphql',
      input: 'query User($id: ID!) { user(id: $id) { name posts { title } } }',
      variables: { id: '7' },
    },
    error: 'permission.net',
  },
  {
    title: 'The schema of an endpoint; the host must be granted',
    input: { endpoint: 'https://api.example.com/graphql', operation: 'introspection', types: ['User'] },
    error: 'permission.net',
  },
  {
    title: 'Three events of a subscription over WebSocket; the host must be granted',
    input: {
      endpoint: 'wss://api.example.com/graphql',
      operation: 'subscription',
      input: 'subscription { ticker { price } }',
      max_events: 3,
    },
    error: 'permission.net',
  },
  {
    title: 'A document that is none',
    input: { endpoint: 'https://api.example.com/graphql', input: '{ user { name }' },
    error: 'input.invalid',
  },
  {
    title: 'A query that is nested too deeply, through a fragment',
    input: {
      endpoint: 'https://api.example.com/graphql',
      input: '{ me { ...friends } } fragment friends on User { friends { friends { name } } }',
      max_depth: 3,
    },
    error: 'input.invalid',
  },
];
