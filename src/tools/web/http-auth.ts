import { z } from 'zod';

/** The `auth` parameter of web tools. */
export const authSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('basic'), username: z.string(), password: z.string().default('') }),
  z.object({ type: z.literal('bearer'), token: z.string().min(1) }),
  z.object({
    type: z.literal('api_key'),
    key: z.string().min(1),
    header_name: z.string().default('X-API-Key'),
  }),
  z.object({ type: z.literal('custom'), headers: z.record(z.string(), z.string()) }),
]);

/** The headers that an `auth` parameter stands for. */
export function authHeaders(auth: z.output<typeof authSchema> | undefined): Record<string, string> {
  switch (auth?.type) {
    case 'basic': {
      const credentials = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
      return { Authorization: `Basic ${credentials}` };
    }
    case 'bearer':
      return { Authorization: `Bearer ${auth.token}` };
    case 'api_key':
      return { [auth.header_name]: auth.key };
    case 'custom':
      return auth.headers;
    default:
      return {};
  }
}
