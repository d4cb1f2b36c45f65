/* eslint-disable @typescript-eslint/no-unused-expressions */
// Runs inside the sandbox, as text: it knows nothing of the page but the messages that it gets, and imports nothing.
(function start(send) {
  'use strict';

  const mostQuestions = 100;
  const mostNotes = 100;
  const handlers = [];
  const waiting = new Map();
  const values = {};
  const forms = { required: {}, locked: {}, hidden: {}, limits: {} };
  let fields = new Set();
  let writable = new Set();
  let current = '';
  let run = null;
  let questions = 0;

  function emptyRun() {
    return { changes: {}, notes: [], focus: null };
  }

  function knownField(name) {
    if (!fields.has(name)) throw new Error(`There is no field '${name}'.`);
    return name;
  }

  function plain(value) {
    if (value === undefined) return null;
    if (value instanceof Date) return value.toISOString();
    if (typeof value === 'function' || (typeof value === 'object' && value !== null && typeof value.then === 'function')) throw new Error('That is no value: write await before what answers later.');
    return JSON.parse(JSON.stringify(value));
  }

  const record = new Proxy(values, {
    set(target, name, value) {
      if (!writable.has(knownField(String(name)))) throw new Error(`'${String(name)}' cannot be changed.`);
      target[name] = run.changes[name] = plain(value);
      return true;
    },
    deleteProperty(target, name) {
      return Reflect.set(record, name, null);
    },
    defineProperty() {
      throw new Error('Assign to the fields of record.');
    },
  });

  function note(kind) {
    return (...given) => {
      const [first, second] = given;
      const field = given.length > 1 ? knownField(String(first)) : undefined;
      if (run.notes.length < mostNotes) run.notes.push({ kind, field, message: String(given.length > 1 ? second : first) });
    };
  }

  function ask(call) {
    const answer = new Promise((resolve, reject) => {
      if (++questions > mostQuestions) return reject(new Error(`A form asks for other records ${mostQuestions} times at most.`));
      waiting.set(questions, { resolve, reject });
      send({ kind: 'ask', id: questions, call });
    });
    // A script that does not wait for its answer does not hear that it failed either: nobody is left to be told.
    answer.catch(() => undefined);
    return answer;
  }

  function switching(map) {
    return (names, on = true) => {
      for (const name of [names].flat()) map[knownField(name)] = Boolean(on);
    };
  }

  const form = Object.freeze({
    require: switching(forms.required),
    lock: switching(forms.locked),
    hide: switching(forms.hidden),
    show: (names) => switching(forms.hidden)(names, false),
    limit(name, options) {
      if (options === null || options === undefined) Reflect.deleteProperty(forms.limits, knownField(name));
      else forms.limits[knownField(name)] = options.map((option) => plain(option));
    },
    focus(name) {
      run.focus = knownField(name);
    },
    warn: note('warning'),
    info: note('info'),
  });

  function handler(event) {
    return (...given) => {
      const called = given.at(-1);
      if (typeof called !== 'function') throw new Error('Give the function to call.');
      const names = given.length > 1 ? [given[0]].flat().map(knownField) : null;
      if (event === 'change' && !names) throw new Error("onChange needs the field: onChange('title', () => …).");
      handlers.push({ event, names, called, script: current });
    };
  }

  function day(from) {
    return from instanceof Date ? from : new Date(from);
  }

  function shifted(shift) {
    return (from, count) => {
      if (from === null || from === undefined || count === null || count === undefined) return null;
      const date = day(from);
      shift(date, Math.trunc(count));
      return typeof from === 'string' && from.length === 10 ? date.toISOString().slice(0, 10) : date.toISOString();
    };
  }

  function addMonths(date, count) {
    const wanted = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + count);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(wanted, last));
  }

  /** The line of a script in a stack: the function that holds a script puts two lines before it. */
  function describe(wrong, script) {
    const message = wrong instanceof Error ? wrong.message : String(wrong);
    const place = wrong instanceof Error ? new RegExp(`${script.replace(/[.\\]/g, '\\$&')}:(\\d+)`).exec(wrong.stack ?? '') : null;
    return { script, line: place ? Number(place[1]) - 2 : null, message };
  }

  function load({ scripts, previous, user, now, today, texts }) {
    const translate = (key, text, ...given) => given.reduce((all, value, index) => all.replaceAll(`{${index}}`, String(value)), String(texts[key] ?? text ?? key));
    const api = {
      onLoad: handler('load'), onChange: handler('change'), onSave: handler('save'), form, record,
      previous: Object.freeze(previous), user: Object.freeze(user), now: new Date(now), today,
      fail: note('error'), warn: note('warning'), log: (...given) => console.log(...given), translate,
      get: (entity, id) => ask({ kind: 'get', entity, id }), query: (entity, options) => ask({ kind: 'query', entity, options: options ? plain(options) : {} }),
      addDays: shifted((date, count) => date.setUTCDate(date.getUTCDate() + count)), addMonths: shifted(addMonths), addYears: shifted((date, count) => addMonths(date, 12 * count)),
      daysBetween: (from, to) => (from === null || to === null ? null : Math.floor((day(to) - day(from)) / 86_400_000)),
    };
    for (const { name, text } of scripts) {
      current = name;
      new Function(...Object.keys(api), `${text}\n//# sourceURL=${name}`)(...Object.values(api));
    }
  }

  function suits({ event, names }, asked) {
    return event === asked.event && (names === null || names.some((name) => asked.fields.includes(name)));
  }

  async function answer(message) {
    run = emptyRun();
    let error = null;
    try {
      if (message.start) {
        fields = new Set(message.start.fields);
        writable = new Set(message.start.writable);
      }
      for (const name of Object.keys(values)) Reflect.deleteProperty(values, name);
      Object.assign(values, message.values);
      if (message.start) load(message.start);
      for (const each of handlers.filter((one) => suits(one, message))) {
        current = each.script;
        await each.called();
      }
    } catch (wrong) {
      error = describe(wrong, current);
    }
    const limits = Object.entries(forms.limits).map(([field, options]) => ({ field, options }));
    const on = (map) => Object.keys(map).filter((name) => map[name]);
    send({
      kind: 'done', id: message.id, ...run, error,
      form: { required: on(forms.required), locked: on(forms.locked), hidden: on(forms.hidden), limits },
      listens: [...new Set(handlers.flatMap(({ event, names }) => (event === 'change' ? names : [])))],
    });
  }

  function reply({ id, value, error }) {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  }

  let last = Promise.resolve();
  send({ kind: 'ready' });
  return (message) => {
    if (message.kind === 'reply') reply(message);
    // One event after the other: what one changes, the next sees through the page.
    else last = last.then(() => answer(message));
  };
});
