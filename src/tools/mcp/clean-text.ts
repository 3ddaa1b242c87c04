/** What a server says, without characters that move a cursor, colour a terminal, or hide text from people but not from models. */
export function cleanText(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu,
    '',
  );
}
