// A mail before it is sent: the finished message, and what is refused. Remove `dry_run` and name a server to send it.
//
//   llmspell run examples/mail-preview.js
//
// Prints the parts of the message. Nothing leaves the machine.

const mail = {
  from: 'Ada <ada@example.com>',
  to: ['Bob <bob@example.com>', 'carol@example.com'],
  subject: 'Tea at four?',
  body: 'The menu is attached.',
  html: '<p>The menu is <b>attached</b>.</p>',
  attachments: [{ filename: 'menu.txt', content: 'Scones\nJam\n' }],
  dry_run: true,
};

const { result } = Tool.execute('email-sender', mail);
print(`to: ${result.to.join(', ')}`);
for (const { filename, size } of result.attachments) print(`attached: ${filename}, ${size} bytes`);
for (const line of result.mime.split('\r\n')) if (/^Content-Type/.test(line)) print(line.replace(/;.*/, ''));

function refused(changes) {
  try {
    Tool.execute('email-sender', { ...mail, ...changes });
  } catch (error) {
    print(`${error.code}: ${error.message}`);
  }
}

refused({ subject: 'Tea\r\nBcc: everybody@example.com' });
refused({ to: 'Bob' });
refused({ dry_run: false });
