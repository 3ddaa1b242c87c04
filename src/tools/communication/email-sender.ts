import { defineTool } from '../define.js';
import { inputSchema } from './email/input.js';
import { runOperation } from './email/operations.js';
import { emailSenderSamples } from './email/samples.js';

/** Sends mail: SMTP servers, Amazon SES, SendGrid. */
export default defineTool({
  name: 'email-sender',
  aliases: ['email', 'send-email', 'mail'],
  category: 'communication',
  level: 'restricted',
  description:
    'Sends mail with text, HTML and attachments over SMTP, Amazon SES or SendGrid; can also just render it.',
  capabilities: ['net', 'read'],
  input: inputSchema,
  parameterAliases: {
    sender: 'from',
    recipient: 'to',
    recipients: 'to',
    replyTo: 'reply_to',
    text: 'body',
    content: 'body',
    message: 'body',
    input: 'body',
    html_body: 'html',
    body_html: 'html',
    files: 'attachments',
    timeout: 'timeout_ms',
  },
  operationAliases: {
    send_email: 'send',
    send_mail: 'send',
    preview: 'render',
    dry_run: 'render',
    compose: 'render',
    test: 'verify',
    check: 'verify',
  },
  timeoutMs: 310_000,
  samples: emailSenderSamples,
  run: runOperation,
});
