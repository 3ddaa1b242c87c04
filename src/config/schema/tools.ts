import { z } from 'zod';
import { count, flag, freeTable, list, oneOf, openTable, optionalTable, table, text } from './fields.js';

const fileOperations = table('Files.', {
  enabled: flag('Offer the file tools.'),
  allowed_paths: list('Directories that may be read and written; added to `[permissions]`.').min(1),
  max_file_size: count('Bytes one file may have.'),
  atomic_writes: flag('Write to a temporary file first, then rename it into place.'),
  max_depth: count('Levels of directories that a recursive operation descends.'),
  allowed_extensions: list('If not empty, only files with these extensions.'),
  blocked_extensions: list('Files with these extensions are refused.'),
  validate_file_types: flag('Check that the content fits the extension.'),
});

const webSearch = table('Searching the web.', {
  rate_limit_per_minute: count('Searches a minute.'),
  allowed_domains: list('Domains whose results are kept; `*` means all.'),
  blocked_domains: list('Domains whose results are dropped.'),
  max_results: count('Results one search returns.'),
  timeout_seconds: count('Seconds one search may take.'),
  user_agent: text('How the tool introduces itself.'),
});

const httpRequest = table('Requests over HTTP.', {
  allowed_hosts: list('Hosts that may be reached; added to `permissions.net`.'),
  blocked_hosts: list('Hosts that are refused even if granted.'),
  max_request_size: count('Bytes a request or an answer may have.'),
  timeout_seconds: count('Seconds one request may take.'),
  max_redirects: count('Redirects that are followed.', 0),
  default_headers: z.record(z.string(), z.string()).describe('Headers that every request carries.'),
});

const network = optionalTable('What holds for all tools that use the network.', {
  timeout_seconds: count('Seconds one request may take.'),
  max_retries: count('Further attempts after a failed request.', 0),
  verify_ssl: flag('Check certificates. False is for tests only.'),
});

const webTools = optionalTable('Reading web pages.', {
  user_agent: text('How the tools introduce themselves.'),
  allowed_domains: list('Domains that may be read; `*` means all.'),
  blocked_domains: list('Domains that are refused.'),
  max_redirects: count('Redirects that are followed.', 0),
  scraping_delay_ms: count('Milliseconds between two requests to one site.', 0),
});

const media = optionalTable('Images, sound and film.', {
  max_file_size: count('Bytes one file may have.'),
  processing_timeout_seconds: count('Seconds one operation may take.'),
  image_max_dimensions: z
    .array(z.int().min(1))
    .length(2)
    .describe('Most pixels of an image, `[width, height]`.'),
  video_quality: text('Quality of converted film.'),
  audio_sample_rate: count('Samples a second of converted sound.'),
});

const database = optionalTable('Databases.', {
  connection_timeout_seconds: count('Seconds until a connection attempt is given up.'),
  max_connections: count('Connections that may be open at once.'),
  allowed_hosts: list('Database hosts that may be reached.'),
  query_timeout_seconds: count('Seconds one query may take.'),
  enable_query_logging: flag('Write queries to the log.'),
});

const email = optionalTable('Sending mail.', {
  smtp_host: text('Mail server.'),
  smtp_port: count('Port of the mail server.').max(65_535),
  smtp_username: text('Account on the mail server.'),
  smtp_password: z.string().describe('Password of that account.'),
  from_address: text('Sender address.'),
  rate_limit_per_minute: count('Mails a minute.'),
  enable_tls: flag('Encrypt the connection.'),
});

const system = optionalTable('Programs and the machine.', {
  allow_process_execution: flag('Offer the process tool.'),
  allowed_commands: list('Programs that may be started; added to `permissions.run`.'),
  max_output_size: count('Bytes of output that are kept.'),
  command_timeout_seconds: count('Seconds one program may run.'),
  allowed_env_vars: list('Variables that may be read; added to `permissions.env`.'),
});

const data = optionalTable('CSV, JSON and XML.', {
  max_csv_size: count('Bytes a CSV text may have.'),
  max_json_depth: count('Levels a JSON text may be nested.'),
  max_xml_size: count('Bytes an XML text may have.'),
  enable_validation: flag('Check data against its schema.'),
  processing_timeout_seconds: count('Seconds one operation may take.'),
});

const academic = optionalTable('Citations.', {
  citation_api_key: z.string().describe('Key for the citation service.'),
  max_references: count('References one call returns.'),
  default_citation_style: text('Citation style, e.g. `apa`.'),
  enable_doi_resolution: flag('Look up DOIs.'),
});

const document = optionalTable('PDF and other documents.', {
  max_pdf_size: count('Bytes a PDF may have.'),
  extract_images: flag('Extract images too.'),
  enable_ocr: flag('Recognise text in images.'),
  max_pages: count('Pages that are read.'),
  extract_metadata: flag('Return author, title and dates.'),
});

const search = optionalTable('Which search engine is asked.', {
  default_engine: oneOf(
    ['google', 'bing', 'duckduckgo', 'brave', 'tavily', 'serpapi', 'serperdev'],
    'Engine for searches that name none.',
  ),
  max_results: count('Results one search returns.'),
  api_key: z.string().describe('Key for that engine.'),
  safe_search: flag('Leave out adult content.'),
  timeout_seconds: count('Seconds one search may take.'),
});

/** `[tools]`. */
export const tools = openTable(
  'Settings of the built-in tools.',
  {
    enabled: flag('False switches off every tool.').optional(),
    rate_limit_per_minute: count('Tool calls a minute, all tools together.').optional(),
    file_operations: fileOperations,
    web_search: webSearch,
    http_request: httpRequest,
    network,
    web_tools: webTools,
    media,
    database,
    email,
    system,
    data,
    academic,
    document,
    search,
  },
  freeTable('Settings of another tool, read by that tool.'),
);
