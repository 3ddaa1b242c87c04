import type { ToolSample } from '../../define.js';

const MAIL = { from: 'Ada <ada@example.com>', to: 'bob@example.com', subject: 'Tea', body: 'At four?' };

/** Calls that show each operation; run as tests. */
export const emailSenderSamples: readonly ToolSample[] = [
  {
    title: 'The finished message, without sending it',
    input: { operation: 'render', ...MAIL, message_id: 'tea@example.com' },
    expect: {
      result: {
        status: 'rendered',
        message_id: '<tea@example.com>',
        from: 'ada@example.com',
        truncated: false,
      },
    },
  },
  {
    title: 'Text and HTML, copies, and a file',
    input: {
      ...MAIL,
      dry_run: true,
      html: '<p>At <b>four</b>?</p>',
      cc: ['Carol <carol@example.com>', 'dan@example.com'],
      bcc: 'eve@example.com',
      reply_to: 'tea@example.com',
      attachments: ['{{dir}}/menu.txt'],
    },
    files: { 'menu.txt': 'Scones\n' },
    expect: {
      result: {
        cc: ['carol@example.com', 'dan@example.com'],
        attachments: [{ filename: 'menu.txt', size: 7 }],
      },
    },
  },
  {
    title: 'Sending needs a provider: tools.email.smtp_host, an API key, or smtp in the call',
    input: { operation: 'send', ...MAIL, provider: 'sendgrid' },
    error: 'tool.failed',
  },
  {
    title: 'Connecting and logging in only',
    input: { operation: 'verify', provider: 'ses' },
    error: 'tool.failed',
  },
  {
    title: 'A line break in a header is refused',
    input: { operation: 'render', ...MAIL, subject: 'Tea\nBcc: everybody@example.com' },
    error: 'input.invalid',
  },
];
