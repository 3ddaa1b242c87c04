// `Streaming`: a generator seen as a sequence. A plain function is run to its end at the first question, and what it
// gives to `yield` is kept until it is asked for.
(vm) => {
  const running = [];

  function* fromFunction(body) {
    const items = [];
    const yieldItem = (value) => vm.append(items, value);
    vm.append(running, yieldItem);
    let result;
    try {
      result = body(yieldItem);
    } finally {
      running.length--;
    }
    for (let i = 0; i < items.length; i++) yield items[i];
    return result;
  }

  class Stream {
    #iterator;
    #next;
    #done = false;

    constructor(iterator) {
      this.#iterator = iterator;
      this.#next = iterator.next;
    }

    // The call that lets the body end gives what the body returned.
    next() {
      if (this.#done) return undefined;
      let step;
      try {
        step = vm.apply(this.#next, this.#iterator, []);
      } catch (error) {
        this.#done = true;
        throw error;
      }
      if (step.done) this.#done = true;
      return step.value;
    }

    isDone() {
      return this.#done;
    }

    // An error of the body ends the list, as `collect` does in every language here.
    collect() {
      const items = [];
      try {
        this.each((value) => vm.append(items, value));
      } catch {
        this.#done = true;
      }
      return items;
    }

    each(visit) {
      while (!this.#done) {
        const value = this.next();
        if (value !== undefined && value !== null) visit(value);
      }
    }

    *[Symbol.iterator]() {
      while (!this.#done) {
        const value = this.next();
        if (!this.#done || value !== undefined) yield value;
      }
    }
  }
  vm.put(Stream.prototype, 'is_done', Stream.prototype.isDone, false);

  function create(body) {
    if (typeof body === 'object' && body !== null && typeof body.next === 'function') return new Stream(body);
    if (typeof body !== 'function')
      throw new vm.TypeError('Streaming.create needs a generator function or a function');
    const isGenerator = vm.inherits(
      vm.getPrototypeOf(function* () {}),
      body,
    );
    return new Stream(isGenerator ? body() : fromFunction(body));
  }

  function yieldValue(value) {
    if (running.length === 0)
      throw new vm.TypeError('Streaming.yield works inside a function given to Streaming.create');
    running[running.length - 1](value);
  }

  const existing = vm.hasOwn(globalThis, 'Streaming') ? globalThis.Streaming : {};
  vm.put(existing, 'create', create);
  vm.put(existing, 'yield', yieldValue);
  vm.global('Streaming', existing);
};
