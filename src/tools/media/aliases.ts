/** Other names of the parameters that every media tool has. */
export const MEDIA_PARAMETER_ALIASES = {
  path: 'file_path',
  input: 'file_path',
  input_path: 'file_path',
  source: 'source_path',
  output: 'target_path',
  output_path: 'target_path',
  target: 'target_path',
  format: 'target_format',
} as const;

/** Other names of the operation that describes a file. */
export const METADATA_ALIASES = {
  get_info: 'metadata',
  info: 'metadata',
  extract_metadata: 'metadata',
} as const;
