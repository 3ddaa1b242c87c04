// biome-ignore-all lint/style/useTemplate: templates are joined by String.prototype.concat, which a script can replace.
// Printing: strings as they are, everything else in one readable form.
(vm) => {
  const { keys, quote } = vm;
  const MAX_DEPTH = 6;
  const MAX_ITEMS = 100;
  const WIDTH = 100;

  function show(value, path) {
    switch (typeof value) {
      case 'string':
        return quote(value);
      case 'bigint':
        return value + 'n';
      case 'symbol':
        return vm.symbolText(value);
      case 'function':
        return showFunction(value);
      case 'object':
        return value === null ? 'null' : showObject(value, path);
      default:
        return vm.text(value);
    }
  }

  function showFunction(fn) {
    const property = vm.getOwnPropertyDescriptor(fn, 'name');
    const name = property && typeof property.value === 'string' ? property.value : '';
    const kind = vm.startsWith(vm.functionText(fn), 'class') ? 'class' : 'Function';
    return name === '' ? '[' + kind + ']' : '[' + kind + ': ' + name + ']';
  }

  function showObject(value, path) {
    const reference = vm.referenceOf(value);
    if (reference !== undefined) return '<' + reference + '>';
    for (let at = path; at; at = at.outer) if (at.value === value) return '[Circular]';
    if (path && path.depth >= MAX_DEPTH) return vm.isArray(value) ? '[Array]' : '[Object]';
    const inner = { __proto__: null, value, depth: path ? path.depth + 1 : 1, outer: path };
    if (vm.isArray(value)) return showList('[', ']', value, value.length, inner);
    const shower = vm.isPlain(value) ? undefined : exotic[vm.kindOf(value) ?? ''];
    return shower ? shower(value, inner) : showRecord(value, inner);
  }

  function showRecord(value, path) {
    const parts = [];
    const names = keys(value);
    for (let i = 0; i < names.length && i < MAX_ITEMS; i++)
      vm.append(parts, showField(value, names[i], path));
    return className(value) + block('{ ', ' }', '{}', limited(parts, names.length), path.depth);
  }

  function showField(value, name, path) {
    const property = vm.getOwnPropertyDescriptor(value, name);
    const text = property && 'value' in property ? show(property.value, path) : '[Getter]';
    return (isName(name) ? name : quote(name)) + ': ' + text;
  }

  function isName(text) {
    for (let i = 0; i < text.length; i++) {
      const code = vm.charCodeAt(text, i);
      const isLetter =
        (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36;
      if (!isLetter && !(i > 0 && code >= 48 && code <= 57)) return false;
    }
    return text !== '';
  }

  // The name of the script's own class, read without running anything.
  function className(value) {
    const prototype = vm.getPrototypeOf(value);
    if (prototype === null || prototype === vm.ObjectPrototype) return '';
    const made = vm.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    const name = typeof made === 'function' ? vm.getOwnPropertyDescriptor(made, 'name')?.value : undefined;
    return typeof name === 'string' && name !== '' ? name + ' ' : '';
  }

  function showList(open, close, list, length, path) {
    const parts = [];
    for (let i = 0; i < length && i < MAX_ITEMS; i++) vm.append(parts, show(list[i], path));
    return block(open, close, open + close, limited(parts, length), path.depth);
  }

  function limited(parts, total) {
    if (total > MAX_ITEMS) vm.append(parts, '... ' + (total - MAX_ITEMS) + ' more');
    return parts;
  }

  function block(open, close, empty, parts, depth) {
    if (parts.length === 0) return empty;
    let line = '';
    let lines = '';
    const pad = '\n' + vm.repeat('  ', depth);
    for (let i = 0; i < parts.length; i++) {
      line += (i > 0 ? ', ' : '') + parts[i];
      lines += (i > 0 ? ',' : '') + pad + parts[i];
    }
    if (line.length <= WIDTH && vm.indexOf(line, '\n') < 0) return open + line + close;
    return open[0] + lines + '\n' + vm.repeat('  ', depth - 1) + close[close.length - 1];
  }

  const exotic = {
    __proto__: null,
    date: (value) => (vm.isFinite(vm.dateTime(value)) ? vm.dateText(value) : 'Invalid Date'),
    regexp: (value) => vm.regexpText(value),
    error: (value) => vm.errorText(value),
    promise: () => 'Promise {}',
    number: (value) => '[Number: ' + vm.numberOf(value) + ']',
    string: (value) => '[String: ' + quote(vm.stringOf(value)) + ']',
    boolean: (value) => '[Boolean: ' + vm.booleanOf(value) + ']',
    typed: (value, path) => {
      const length = vm.arrayLength(value);
      return vm.arrayTag(value) + '(' + length + ') ' + showList('[', ']', value, length, path);
    },
    map: (value, path) => {
      const parts = [];
      vm.mapForEach(value, (item, key) => vm.append(parts, show(key, path) + ' => ' + show(item, path)));
      return 'Map(' + vm.mapSize(value) + ') ' + block('{ ', ' }', '{}', parts, path.depth);
    },
    set: (value, path) => {
      const parts = [];
      vm.setForEach(value, (item) => vm.append(parts, show(item, path)));
      return 'Set(' + vm.setSize(value) + ') ' + block('{ ', ' }', '{}', parts, path.depth);
    },
  };

  // `Name: message`, then where it happened.
  vm.errorText = (error) => {
    const head = vm.errorHead(error);
    const { stack } = error;
    if (typeof stack !== 'string' || stack === '') return head;
    return head + '\n' + (stack[stack.length - 1] === '\n' ? vm.slice(stack, 0, -1) : stack);
  };
  vm.errorHead = (error) => {
    const { name, message } = error;
    if (typeof message !== 'string' || message === '') return vm.text(name);
    return typeof name === 'string' && name !== '' ? name + ': ' + message : message;
  };

  vm.inspect = (value) => {
    try {
      return show(value, undefined);
    } catch {
      return '[object that cannot be shown]';
    }
  };

  function print(stream, values) {
    let line = '';
    for (let i = 0; i < values.length; i++) {
      line += (i > 0 ? ' ' : '') + (typeof values[i] === 'string' ? values[i] : vm.inspect(values[i]));
    }
    vm.ask('write', '["' + stream + '",' + quote(line + '\n') + ']');
  }

  const toOut = (...values) => print('stdout', values);
  const toError = (...values) => print('stderr', values);
  vm.global('console', {
    log: toOut,
    info: toOut,
    debug: toOut,
    dir: (value) => print('stdout', [value]),
    warn: toError,
    error: toError,
  });
  vm.global(
    'print',
    vm.named('print', (...values) => print('stdout', values)),
  );

  function exit(code) {
    const wanted = code === undefined || code === true ? 0 : code === false ? 1 : +code;
    vm.ask('exit', '[' + (vm.isFinite(wanted) ? vm.floor(wanted) & 0xff : 0) + ']');
    vm.halt();
  }
  vm.global('exit', exit);
};
