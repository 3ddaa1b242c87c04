import { fail } from '../../../core/errors.js';

/** A mailbox: its address and, where it was written, a name. */
export interface Mailbox {
  name: string;
  address: string;
}

/** Recipients of all kinds together. */
export const MAX_RECIPIENTS = 500;

/** Reads addresses as people write them: `Ada <ada@example.com>, bob@example.com`. @throws `input.invalid` */
export async function parseMailboxes(
  given: string | readonly string[] | undefined,
  parameter: string,
): Promise<Mailbox[]> {
  const { default: parse } = await import('nodemailer/lib/addressparser');
  const texts = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  return texts.flatMap((text) => {
    refuseBreaks(text, parameter);
    const found = parse(text, { flatten: true });
    const named = /[<(]/.test(text);
    for (const { name, address } of found)
      if (!isAddress(address) || (name !== '' && !named))
        throw fail('input.invalid', `'${text}' in '${parameter}' is not a mail address`);
    return found.map(({ name, address }) => ({ name, address }));
  });
}

/** One mailbox; the first where several are written. */
export async function parseSender(given: string): Promise<Mailbox> {
  const [sender, ...more] = await parseMailboxes(given, 'from');
  if (!sender || more.length > 0) throw fail('input.invalid', "'from' must be one mail address");
  return sender;
}

/** A break in a header would let a caller write headers and recipients of their own. @throws `input.invalid` */
export function refuseBreaks(text: string, parameter: string): void {
  if (/[\r\n\0]/.test(text)) throw fail('input.invalid', `'${parameter}' may hold no line break`);
}

function isAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/.test(text);
}
