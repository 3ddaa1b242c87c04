import { fail } from '../core/errors.js';

/**
 * The name of the folder that belongs to a tenant, among those of others. Whatever the tenant is called, it is one
 * name: it leads nowhere else, and no two tenants share it.
 * @throws `storage.failed` for a tenant without a name
 */
export function tenantFolder(tenant: string): string {
  if (tenant === '')
    throw fail('storage.failed', 'A tenant has a name', { hint: 'Name it, or leave it out.' });
  // Dots alone name this folder and the one above it, and `encodeURIComponent` lets them be.
  return /^\.+$/.test(tenant) ? tenant.replaceAll('.', '%2E') : encodeURIComponent(tenant);
}
