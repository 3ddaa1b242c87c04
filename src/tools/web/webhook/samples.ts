import type { ToolSample } from '../../define.js';

/** Samples of the webhook caller: samples have no network, so they show what is refused before anything is sent. */
export const WEBHOOK_SAMPLES: readonly ToolSample[] = [
  {
    title: 'A payload with retries and an idempotency key; the host must be granted',
    input: {
      input: 'https://hooks.example.com/build',
      payload: { event: 'build.finished', ok: true },
      max_retries: 5,
      idempotency_key: true,
    },
    error: 'permission.net',
  },
  {
    title: 'A signed payload (t=…,v1=…); the host must be granted',
    input: {
      input: 'https://hooks.example.com/build',
      payload: { event: 'ping' },
      signature: { secret: 'correct horse', scheme: 'timestamped' },
    },
    error: 'permission.net',
  },
  {
    title: 'A secret from the environment, which must be granted too',
    input: {
      input: 'https://hooks.example.com/build',
      signature: { secret_env: 'BUILD_HOOK_SECRET', algorithm: 'sha512', header: 'X-Build-Signature' },
    },
    error: 'permission.env',
  },
  { title: 'A URL that is none', input: { input: '://broken' }, error: 'input.invalid' },
];
