import { defineCommand } from '../command.js';
import { GRANT_OPTIONS } from '../setup.js';

const serve = defineCommand({
  name: 'serve',
  summary: 'Offer tools and spells to MCP clients',
  description: `Speaks the Model Context Protocol over standard input and output, or with --http over HTTP. Without --tools
all tools are offered; they may touch what the flags, the configuration and the manifests of the spells grant.`,
  args: [{ name: 'SPELLS', doc: 'Spells to offer as tools', rest: true, optional: true, complete: 'file' }],
  options: {
    tools: {
      value: 'NAMES',
      doc: 'Offer only these tools, divided by commas; none for no tool',
      complete: 'tool',
    },
    http: { value: '[HOST:]PORT', doc: 'Serve over HTTP at /mcp; HOST is 127.0.0.1 when absent' },
    'token-env': { value: 'NAME', doc: 'Variable that holds the token which HTTP clients must send' },
    timeout: { value: 'SECONDS', doc: 'Time limit of one run of a spell' },
    'accept-manifest': { doc: 'Grant what the spells say that they need, without asking' },
    ...GRANT_OPTIONS,
  },
  examples: [
    'llmspell mcp serve --allow-read=./docs',
    'llmspell mcp serve summarise.lua --tools none --accept-manifest',
    'llmspell mcp serve --http 8931 --tools calculator,file-search',
  ],
  run: async (invocation) => (await import('../mcp-serve.js')).serveMcp(invocation),
});

const list = defineCommand({
  name: 'list',
  summary: 'Connect to the configured MCP servers and list their tools',
  examples: ['llmspell mcp list', 'llmspell mcp list --output json'],
  run: async (invocation) => (await import('../mcp-servers.js')).listServers(invocation),
});

const accept = defineCommand({
  name: 'accept',
  summary: 'Accept the tools that an MCP server offers now',
  args: [{ name: 'SERVER', doc: 'Its name in [mcp.servers]' }],
  examples: ['llmspell mcp accept files'],
  run: async (invocation) => (await import('../mcp-servers.js')).acceptServer(invocation),
});

/** `llmspell mcp`: the Model Context Protocol, both ways. */
export default defineCommand({
  name: 'mcp',
  summary: 'Serve tools over MCP, and look after the MCP servers in use',
  subcommands: [serve, list, accept],
});
