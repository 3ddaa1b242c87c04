const EMAIL = /^[^\s@<>()[\]\\,;:"]+@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const HOST =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Whether the text is an email address as they are used: one `@`, a host with a dot. */
export function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  return text.length <= 254 && at > 0 && at <= 64 && EMAIL.test(text);
}

/** Whether the text is an absolute URL with a host, such as `https://example.org/x`. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/]/i.test(text) && !/\s/.test(text) && URL.canParse(text);
}

/** Whether the text is the name of a host. */
export function isHostname(text: string): boolean {
  return text.length <= 253 && HOST.test(text);
}
