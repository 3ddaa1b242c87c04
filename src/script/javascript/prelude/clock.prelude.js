// Time, chance and timers: all of it comes from the host, so that a recorded run replays.
(vm) => {
  const NativeDate = Date;
  const now = () => vm.ask('clock', '');

  function ScriptDate(...args) {
    if (!new.target) return dateText(new NativeDate(now()));
    if (args.length === 0) vm.append(args, now());
    return vm.construct(NativeDate, args, new.target);
  }
  const dateText = vm.uncurry(NativeDate.prototype.toString);
  vm.put(ScriptDate, 'now', now, false);
  vm.put(ScriptDate, 'parse', NativeDate.parse, false);
  vm.put(ScriptDate, 'UTC', NativeDate.UTC, false);
  vm.defineProperty(ScriptDate, 'prototype', {
    __proto__: null,
    value: NativeDate.prototype,
    writable: false,
  });
  vm.put(NativeDate.prototype, 'constructor', ScriptDate, false);
  vm.defineProperty(ScriptDate, 'length', { __proto__: null, value: 7, configurable: true });
  vm.global('Date', vm.named('Date', ScriptDate));

  vm.global('performance', { now: () => vm.ask('cpu', ''), timeOrigin: 0 });

  // sfc32, seeded from the run's seed; two draws make the 53 bits of a double.
  let a = 0;
  let b = 0;
  let c = 0;
  let counter = 0;

  vm.entries.seedRandom = (seed) => {
    a = seed | 0;
    b = vm.floor(seed / 4294967296) | 0;
    c = 0x9e3779b9 | 0;
    counter = 1;
    for (let i = 0; i < 12; i++) draw();
  };

  function draw() {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  }
  vm.put(
    Math,
    'random',
    vm.named('random', () => ((draw() >>> 5) * 67108864 + (draw() >>> 6)) / 9007199254740992),
    false,
  );

  // Timers wait in a list; the engine fires them one at a time when the script has nothing else to do.
  let timers;
  let lastTimer = 0;

  function add(fn, delay, args, every) {
    if (typeof fn !== 'function') throw new vm.TypeError('A timer needs a function');
    const wait = vm.isFinite(delay) && delay > 0 ? delay : 0;
    insert({ __proto__: null, id: ++lastTimer, fn, args, due: now() + wait, every, wait, next: undefined });
    return lastTimer;
  }

  function insert(timer) {
    let before;
    let after = timers;
    while (after && after.due <= timer.due) {
      before = after;
      after = after.next;
    }
    timer.next = after;
    if (before) before.next = timer;
    else timers = timer;
  }

  function remove(id) {
    let before;
    for (let timer = timers; timer; timer = timer.next) {
      if (timer.id !== id) {
        before = timer;
        continue;
      }
      if (before) before.next = timer.next;
      else timers = timer.next;
    }
  }

  vm.global('setTimeout', (fn, delay, ...args) => add(fn, +delay, args, false));
  vm.global('setInterval', (fn, delay, ...args) => add(fn, +delay, args, true));
  vm.global('clearTimeout', (id) => remove(id));
  vm.global('clearInterval', (id) => remove(id));

  // When the next timer is due, in milliseconds since the epoch; -1 when there is none.
  vm.entries.nextTimer = () => (timers ? timers.due : -1);
  vm.entries.clearTimers = () => {
    timers = undefined;
  };
  vm.entries.fireTimer = () => {
    const timer = timers;
    if (!timer) return;
    timers = timer.next;
    if (timer.every) {
      timer.due += vm.max(timer.wait, 1);
      insert(timer);
    }
    vm.apply(timer.fn, undefined, timer.args);
  };
};
