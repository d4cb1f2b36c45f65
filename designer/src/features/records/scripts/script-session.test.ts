import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ApiClient } from '@/api/client';
import { ModelIndex } from '@/api/model-index';
import { ScriptCompiler } from '@compiler/compile-script.mjs';
import { aField, aLookup, anEntity, sampleModel } from '../testing/sample';
import { openHere } from '../testing/open-sandbox';
import type { FromSandbox, Question, Start } from './messages';
import { answerQuestion, filterOf } from './script-questions';
import { openingLimit, ScriptSession, ScriptsStopped, timeLimit } from './script-session';
import { fromScript, scriptNames, toScript } from './script-values';

const deal = anEntity('deal', [aField('title'), aField('price', { columns: [{ name: 'price', type: 'decimal', part: '' }] }), aLookup('account', 'account'), aField('number', { writable: false })]);

function sessionOf(text: string, answer: (question: Question) => Promise<unknown> = () => Promise.resolve(null), more: Partial<Start> = {}) {
  const start: Start = { scripts: [{ name: 'deal.form.js', text }], ...scriptNames(deal), previous: { title: 'old' }, user: { id: 'u', userName: 'ada', name: 'Ada', roles: ['clerk'] }, now: '2026-11-23T10:00:00.000Z', today: '2026-11-23', texts: {}, ...more };
  return new ScriptSession(openHere, start, answer);
}

const values = { id: null, title: 'a', price: 5, account: 'a1', number: 'D-1' };
const nobody = { required: [], locked: [], hidden: [], limits: [] };

describe('scripts of a form', () => {
  it('change the record, and see what it was, who looks and when', async () => {
    const session = sessionOf("onLoad(() => { record.title = [previous.title, user.name, user.roles[0], today, addMonths('2026-01-31', 1), daysBetween(today, '2026-11-25')].join(' '); });");
    expect(await session.run('load', [], values)).toMatchObject({ changes: { title: 'old Ada clerk 2026-11-23 2026-02-28 2' }, error: null, form: nobody, listens: [] });
  });

  it('hear of the changes that they wait for', async () => {
    const session = sessionOf("onChange('title', () => { record.price = record.title.length; }); onChange(['price', 'account'], () => form.focus('title'));");
    expect((await session.run('load', [], values))?.listens).toEqual(['title', 'price', 'account']);
    expect(await session.run('change', ['title'], { ...values, title: 'four' })).toMatchObject({ changes: { price: 4 }, focus: null });
    expect(await session.run('change', ['account'], values)).toMatchObject({ changes: {}, focus: 'title' });
  });

  it('shape the form until they say otherwise', async () => {
    const session = sessionOf("onLoad(() => { form.require(['title', 'price']); form.lock('account'); form.hide('number'); form.limit('title', ['a', 'b']); }); onChange('price', () => { form.require('title', false); form.show('number'); form.limit('title', null); });");
    expect((await session.run('load', [], values))?.form).toEqual({ required: ['title', 'price'], locked: ['account'], hidden: ['number'], limits: [{ field: 'title', options: ['a', 'b'] }] });
    expect((await session.run('change', ['price'], values))?.form).toEqual({ required: ['price'], locked: ['account'], hidden: [], limits: [] });
  });

  it('tell, refuse and translate', async () => {
    const session = sessionOf("onSave(() => { fail('price', translate('much', 'At most {0}.', 3)); warn('Look.'); form.info('title', 'So.'); });", undefined, { texts: { much: 'Höchstens {0}.' } });
    expect((await session.run('save', [], values))?.notes).toEqual([{ kind: 'error', field: 'price', message: 'Höchstens 3.' }, { kind: 'warning', field: undefined, message: 'Look.' }, { kind: 'info', field: 'title', message: 'So.' }]);
  });

  it('ask for other records', async () => {
    const asked: Question[] = [];
    const session = sessionOf("onLoad(async () => { const found = await get('account', record.account); const all = await query('deal', { where: { price: { gt: 3 } }, limit: 2 }); record.title = found.name + all.length; });", (question) => {
      asked.push(question);
      return Promise.resolve(question.kind === 'get' ? { name: 'Acme' } : [{}, {}]);
    });
    expect((await session.run('load', [], values))?.changes).toEqual({ title: 'Acme2' });
    expect(asked).toEqual([{ kind: 'get', entity: 'account', id: 'a1' }, { kind: 'query', entity: 'deal', options: { where: { price: { gt: 3 } }, limit: 2 } }]);
  });

  it.each([
    ["onLoad(() => {\n  record.tilte = 'x';\n});", "There is no field 'tilte'."],
    ["onLoad(() => { record.number = 'x'; });", "'number' cannot be changed."],
    ["onLoad(() => { record.title = get('account', 'x'); });", 'That is no value: write await before what answers later.'],
    ["onLoad(() => { record.title = () => 1; });", 'That is no value: write await before what answers later.'],
    ["onLoad(() => { throw 'plain'; });", 'plain'],
    ["onLoad(async () => { await get('nothing', 'x'); });", 'There is no such thing.'],
    ['onChange(() => 1);', "onChange needs the field: onChange('title', () => …)."],
    ['onLoad(', 'Unexpected token'],
    ["onLoad(() => { const ring = {}; ring.ring = ring; record.title = ring; });", 'circular'],
  ])('say what is wrong with %s', async (text, message) => {
    const session = sessionOf(text, () => Promise.reject(new Error('There is no such thing.')));
    const done = await session.run('load', [], values);
    expect(done?.error).toMatchObject({ script: 'deal.form.js' });
    expect(done?.error?.message).toContain(message);
  });

  it('name the line of a mistake', async () => {
    expect((await sessionOf("onLoad(() => {\n  record.title = 'x';\n  nothing();\n});").run('load', [], values))?.error).toEqual({ script: 'deal.form.js', line: 3, message: 'nothing is not defined' });
  });
});

describe('a compiled script', () => {
  it('tells the line that its author wrote', async () => {
    const source = "interface Told { text: string }\n\nconst told: Told = { text: 'x' };\nonLoad(async () => {\n  record.title = told.text;\n  nothing();\n});\n";
    const libraries = [{ name: 'all.d.ts', text: 'declare function onLoad(run: () => unknown): void; declare function nothing(): void; declare const record: any;' }];
    const { output, problems } = await new ScriptCompiler(ts, 'form', libraries, (name) => readFileSync(`node_modules/typescript/lib/${name}`, 'utf8')).compile({ file: 'deal.form.ts', text: source, contexts: [''] });
    expect(problems).toEqual([]);
    expect((await sessionOf(output).run('load', [], values))?.error).toEqual({ script: 'deal.form.js', line: 6, message: 'nothing is not defined' });
  });
});

describe('scripts that do not end', () => {
  afterEach(() => vi.useRealTimers());

  function silent() {
    vi.useFakeTimers();
    const close = vi.fn();
    let tell: (message: FromSandbox) => void = () => undefined;
    const open = (receive: typeof tell) => {
      tell = receive;
      return { send: () => undefined, close };
    };
    const session = new ScriptSession(open, { scripts: [], fields: [], writable: [], previous: null, user: { id: '', userName: '', name: '', roles: [] }, now: '', today: '', texts: {} }, () => Promise.resolve(null));
    return { session, close, tell };
  }

  it('are stopped, and are heard no more', async () => {
    const { session, close, tell } = silent();
    tell({ kind: 'ready' });
    const run = session.run('load', [], {});
    const stopped = expect(run).rejects.toBeInstanceOf(ScriptsStopped);
    await vi.advanceTimersByTimeAsync(timeLimit);
    await stopped;
    expect(close).toHaveBeenCalledOnce();
    expect(await session.run('save', [], {})).toBeNull();
  });

  it('have their time from when their sandbox is there', async () => {
    const { session, close, tell } = silent();
    const stopped = expect(session.run('load', [], {})).rejects.toBeInstanceOf(ScriptsStopped);
    await vi.advanceTimersByTimeAsync(openingLimit - 1);
    tell({ kind: 'ready' });
    await vi.advanceTimersByTimeAsync(timeLimit - 1);
    expect(close).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
  });

  it('are given up where no sandbox comes', async () => {
    const { session, close } = silent();
    const stopped = expect(session.run('load', [], {})).rejects.toBeInstanceOf(ScriptsStopped);
    await vi.advanceTimersByTimeAsync(openingLimit);
    await stopped;
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('a record', () => {
  it('is seen by field, and taken back by property', () => {
    expect(toScript(deal, { id: 'd1', title: 'a', account_id: 'a1', account: { name: 'Acme' } })).toEqual({ id: 'd1', title: 'a', price: null, account: 'a1', number: null });
    expect(fromScript(deal, { title: 'b', account: 'a2' })).toEqual({ title: 'b', account_id: 'a2', account: null });
  });
});

describe('a question of a script', () => {
  const model = new ModelIndex({ ...sampleModel, entities: [deal, anEntity('account', [aField('name')])] });

  it('becomes a filter that says nothing else', () => {
    expect(filterOf(model, deal, { title: "it's", price: [1, 2], 'account.name': { startsWith: 'A' }, or: [{ price: null }, { price: { ge: 3, lt: 5 } }] })).toBe(
      "title eq 'it''s' and price in (1,2) and startswith(account/name,'A') and ((price eq null) or (price ge 3 and price lt 5))",
    );
    expect(() => filterOf(model, deal, { price: '1 or true' })).toThrow('no value');
    expect(() => filterOf(model, deal, { secret: 1 })).toThrow("no field 'secret'");
    expect(() => filterOf(model, deal, { price: { 'eq 1 or': 2 } })).toThrow('no comparison');
  });

  it('asks for nothing but records', async () => {
    const paths: string[] = [];
    const api = { call: (_method: string, path: string) => (paths.push(path), Promise.resolve({ data: { id: 'x', name: 'Acme' }, etag: null })), get: (path: string) => (paths.push(path), Promise.resolve({ value: [] })) } as unknown as ApiClient;
    expect(await answerQuestion(api, model, { kind: 'get', entity: 'account', id: '../../auth/me' })).toBeNull();
    await answerQuestion(api, model, { kind: 'get', entity: 'account', id: '0190163d-8694-739b-aea5-966c26f8ad91' });
    await answerQuestion(api, model, { kind: 'query', entity: 'deal', options: { orderBy: 'price desc', limit: 5_000 } });
    await expect(answerQuestion(api, model, { kind: 'query', entity: 'deals?x', options: {} })).rejects.toThrow('no entity');
    expect(paths).toEqual(['/api/data/accounts/0190163d-8694-739b-aea5-966c26f8ad91', '/api/data/deals?$orderby=price%20desc&$top=1000']);
  });
});
