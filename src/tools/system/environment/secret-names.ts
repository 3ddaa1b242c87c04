import { isSecretKey } from '../../../core/redact.js';

const TELLING = /PASSWORD|SECRET|KEY|TOKEN|CREDENTIAL|AUTH|_PRIVATE_|^(?:AWS|AZURE|GCP|SSH|API)_/i;

/** Whether a variable with this name probably holds a secret. */
export function looksSecret(name: string): boolean {
  return isSecretKey(name) || TELLING.test(name);
}
