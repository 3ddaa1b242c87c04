import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { defineTool, type ToolOutcome } from '../define.js';
import type { ToolHost } from '../host.js';
import { urlText } from '../parameters.js';
import { pageMetadata } from './url/page-metadata.js';
import { analyzableUrl, urlParts, withoutUser } from './url/parts.js';

const inputSchema = z.object({
  input: urlText('The URL to take apart, http or https.'),
  fetch_metadata: z.boolean().default(false).describe('Also ask the server about it, with a HEAD request.'),
  decode_params: z.boolean().default(true).describe('Whether names and values of the query are decoded.'),
  timeout: z.number().positive().max(300).default(10).describe('Seconds that the server may take.'),
});
type Input = z.output<typeof inputSchema>;

/** Takes URLs apart. */
export default defineTool({
  name: 'url-analyzer',
  aliases: ['url-parser', 'url-parse'],
  category: 'web',
  level: 'restricted',
  description:
    'Takes a URL apart: host, path, query parameters, international names; on request also what its server says.',
  capabilities: ['net'],
  input: inputSchema,
  parameterAliases: { url: 'input', uri: 'input', metadata: 'fetch_metadata' },
  timeoutMs: 310_000,
  samples: [
    {
      title: 'The parts of a URL',
      input: { input: 'http://localhost:8080/a/b.html?q=hello%20world&tag=x&tag=y#top' },
      expect: {
        success: true,
        operation: 'analyze',
        result: {
          scheme: 'http',
          host: 'localhost',
          port: 8080,
          path: '/a/b.html',
          fragment: 'top',
          query_params: { q: 'hello world', tag: 'y' },
          duplicate_params: ['tag'],
          host_details: { type: 'domain', is_ip: false },
        },
      },
    },
    {
      title: 'International names in both spellings',
      input: { input: 'https://bücher.example/' },
      expect: {
        result: {
          host: 'xn--bcher-kva.example',
          host_details: { is_idn: true, unicode: 'bücher.example', punycode: 'xn--bcher-kva.example' },
        },
      },
    },
    {
      title: 'Passwords are not repeated',
      input: { input: 'https://ada:secret@example.com/' },
      expect: {
        result: {
          normalized: 'https://***@example.com/',
          username: 'ada',
          has_auth: true,
          has_password: true,
        },
      },
    },
    {
      title: 'A query as it is written',
      input: { input: 'https://example.com/?q=a%20b', decode_params: false },
      expect: { result: { query_params: { q: 'a%20b' } } },
    },
    { title: 'A relative URL is refused', input: { input: 'not-a-url' }, error: 'input.invalid' },
    {
      title: 'Asking a server needs a grant',
      input: { input: 'https://example.com/', fetch_metadata: true },
      error: 'permission.net',
    },
  ],
  run: analyze,
});

async function analyze(input: Input, context: ExecutionContext, host: ToolHost): Promise<ToolOutcome> {
  const url = analyzableUrl(input.input);
  context.secrets.add(url.password);
  const parts = urlParts(input.input, url, input.decode_params);
  const asked = input.fetch_metadata
    ? await pageMetadata(withoutUser(url), input.timeout, context, host)
    : {};
  return {
    operation: 'analyze',
    result: { ...parts, ...asked },
    message: `${url.protocol.slice(0, -1)} URL of ${url.host}`,
  };
}
