// The bare round trip: post a message, sleep on shared memory, take the answer.
const { workerData, receiveMessageOnPort, parentPort } = require('node:worker_threads');
const { port, flag } = workerData;
const wake = new Int32Array(flag);
parentPort.on('message', (rounds) => {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) {
    Atomics.store(wake, 0, 0);
    port.postMessage({ i });
    Atomics.wait(wake, 0, 0);
    receiveMessageOnPort(port);
  }
  parentPort.postMessage((performance.now() - start) / rounds);
});
