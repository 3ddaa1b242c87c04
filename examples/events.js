// Events: handlers that hear what is published, queues that wait to be read, and the past.
// Run it like this; it prints what was heard.
//   llmspell run examples/events.js
Event.subscribe('job.*', (event) => {
  print(`heard\t${event.event_type}\t${event.data.id}`);
});

const queue = Event.subscribe('*.failed');
Event.publish('job.started', { id: 1 });
Event.publish('job.failed', { id: 1, why: 'no paper' });

const event = Event.receive(queue, 1000);
print(`queued\t${event.event_type}\t${event.data.why}`);
print(`nothing more\t${Event.receive(queue, 10) ?? 'nil'}`);
print(`in the past\t${Event.history('job.*').length}`);
