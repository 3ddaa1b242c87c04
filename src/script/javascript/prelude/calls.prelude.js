// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// Calls out of the machine, the errors they end in, and the functions that the outside calls back.
(vm) => {
  const { parse, put, quote, send } = vm;
  const kernelErrors = new vm.WeakMap();
  const functions = new vm.Map();
  let lastFunction = 0;

  // An error with a code; `origin` is the function the script called, which its stack ends at.
  vm.makeError = (data, origin) => {
    const error = new vm.Error(data.message);
    if (origin) vm.captureStackTrace(error, origin);
    put(error, 'code', data.code);
    if (data.hint !== undefined) put(error, 'hint', data.hint);
    if (data.details !== undefined) put(error, 'details', data.details);
    vm.weakSet(kernelErrors, error, data);
    return error;
  };
  vm.kernelErrorOf = (thrown) =>
    typeof thrown === 'object' && thrown !== null ? vm.weakGet(kernelErrors, thrown) : undefined;

  // The interrupt handler says stop from now on, so this ends at its next question and nothing can catch it.
  function halt() {
    for (;;);
  }
  vm.halt = halt;

  vm.ask = (operation, payload, origin) => {
    const answer = parse(send(operation, payload));
    switch (answer[0]) {
      case 'v':
        return answer[1];
      case 'r':
        return vm.revive(answer[1]);
      case 'e':
        throw vm.makeError(answer[1], origin);
      default:
        return halt();
    }
  };

  vm.call = (member, handle, args, origin) => {
    const target = handle === undefined ? 'null' : quote(handle);
    return vm.ask(
      'call',
      '[' + quote(member) + ',' + target + ',' + vm.wire(args, false, origin) + ']',
      origin,
    );
  };

  vm.local = (member, args, origin) =>
    vm.ask('local', '[' + quote(member) + ',null,' + vm.wire(args, false, origin) + ']', origin);

  vm.keepFunction = (fn) => {
    vm.mapSet(functions, ++lastFunction, fn);
    return lastFunction;
  };
  vm.functionOf = (id) => vm.mapGet(functions, id);

  vm.entries.releaseFunction = (id) => vm.mapDelete(functions, id);

  vm.entries.callFunction = (id, argsText) => {
    const fn = vm.functionOf(id);
    if (!fn)
      throw vm.makeError({ __proto__: null, code: 'handle.released', message: 'The function was released' });
    return vm.apply(fn, undefined, vm.unwire(argsText));
  };
};
