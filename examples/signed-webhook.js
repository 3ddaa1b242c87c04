// Delivers a signed message to a webhook. What cannot be delivered is kept in a file, so that nothing is lost.
//
//   llmspell run examples/signed-webhook.js
//
// Prints why the message was not delivered (its host is not granted) and what is waiting in the file.

const message = { event: 'build.finished', build: 17 };
const outbox = '/tmp/llmspell-example-outbox.json';

function deliver(payload) {
  try {
    const { result } = Tool.execute('webhook-caller', {
      input: 'https://hooks.example.com/builds',
      payload,
      signature: { secret: 'only for this example', scheme: 'timestamped' },
      idempotency_key: `build-${payload.build}`,
    });
    return result.success;
  } catch (error) {
    print(`not delivered: ${error.code}`);
    return false;
  }
}

const files = (operation, more) => Tool.execute('file-operations', { operation, path: outbox, ...more });

if (deliver(message)) {
  print('delivered');
} else {
  files('write', { input: JSON.stringify([message]) });
  print(`waiting: ${files('read').text}`);
  files('delete');
}
