import { describe, expect, it } from 'vitest';
import type { Entity, Field, Rule, RuleAction } from '@/api/model';
import { ModelIndex } from '@/api/model-index';
import type { RecordValues } from '@/api/records';
import { Formulas, type RecordScope } from './formulas';
import { defaultedProperties, offeredBy, runRules, withoutTakenBack, withRules } from './rules';

const plain = { search: false, allowOther: false, polymorphic: false, required: false, readonly: false, visible: true, hidden: false, recommended: false, createOnly: false, unique: false, computed: false, system: false, writable: true, masked: false };

function field(name: string, kind: string, more: Partial<Field> = {}): Field {
  return { ...plain, name, type: kind, kind, label: name, columns: [{ name, type: kind === 'number' ? 'decimal' : kind, part: '' }], ...more };
}

function lookup(name: string): Field {
  return field(name, 'reference', { type: 'lookup', targets: ['person'], columns: [{ name: `${name}_id`, type: 'uuid', part: '' }] });
}

function action(kind: string, fields: string[], more: Partial<RuleAction> = {}): RuleAction {
  return { kind, fields, ...more };
}

function rule(when: string | undefined, then: RuleAction[], more: Partial<Rule> = {}): Rule {
  return { name: 'r', onCreate: true, onUpdate: true, fields: [], when, then, else: [], ...more };
}

const price = field('price', 'number');
const remark = field('remark', 'text');
const due = field('due', 'date');
const rank = field('rank', 'text', { options: ['low', 'high', 'urgent'].map((value) => ({ value, label: value, retired: false, when: [] })) });
const fields = [price, remark, due, rank, lookup('buyer'), lookup('payer')];

function deal(...rules: Rule[]): Entity {
  const rights = { create: true, read: true, update: true, delete: true, share: true, export: false, import: false };
  return { name: 'deal', plural: 'deals', label: 'Deal', pluralLabel: 'Deals', primary: 'remark', features: [], defaultSort: [], rights, fields, buttons: [], actions: [], inverses: [], rules, formScripts: [], isSettings: false, isPerson: false };
}

const user = { id: 'u1', userName: 'ada', displayName: 'Ada', roles: [], isAdministrator: false, values: [] };
const formulas = new Formulas(new ModelIndex({ version: 1, language: 'en', timeZone: 'UTC', user, apps: [], entities: [deal(), { ...deal(), name: 'person', plural: 'persons' }], forms: [], views: [], scriptTexts: [] }));
const scope = (rules: Rule[], values: RecordValues, more: Partial<RecordScope> = {}): RecordScope => ({ entity: deal(...rules), values, previous: values, isNew: false, ...more });
const run = (rules: Rule[], values: RecordValues, more: Partial<RecordScope> = {}) => runRules(scope(rules, values, more), formulas);
const shown = { visible: true, required: false, readOnly: false };

describe('rules over a record in a form', () => {
  it('take the one side or the other', () => {
    const rules = [rule('price > 100', [action('require', ['remark']), action('lock', ['due'])], { else: [action('hide', ['due'])] })];
    expect([...run(rules, { price: 101 }).required, ...run(rules, { price: 101 }).locked]).toEqual(['remark', 'due']);
    expect([...run(rules, { price: 1 }).hidden]).toEqual(['due']);
  });

  it('show a field that they show, and hide it while none of them does', () => {
    const rules = [rule('price > 100', [action('show', ['due'])]), rule("rank == 'high'", [action('show', ['due'])])];
    expect([...run(rules, { price: 1, rank: 'high' }).hidden]).toEqual([]);
    expect([...run(rules, { price: 1, rank: 'low' }).hidden]).toEqual(['due']);
  });

  it('hide nothing, and do nothing, where the browser cannot know', () => {
    const rules = [rule("buyer.remark == 'x'", [action('show', ['due']), action('require', ['remark'])], { else: [action('clear', ['price'])] })];
    const { hidden, required, values } = run(rules, { price: 5, buyer_id: 'b1' });
    expect([hidden.size, required.size, values['price']]).toEqual([0, 0, 5]);
  });

  it('run once each, in their order, and see what those before have set', () => {
    const rules = [
      rule('price > 100', [action('set', ['rank'], { to: "'high'" }), action('set', ['price'], { to: 'price * 2' })]),
      rule("rank == 'high'", [action('set', ['remark'], { to: "concat('is ', price)" })]),
      rule('price > 100', [action('set', ['price'], { to: 'price + 1' })]),
    ];
    expect(run(rules, { price: 150, rank: 'low' }).values).toMatchObject({ price: 301, rank: 'high', remark: 'is 300' });
    expect(run(rules, { price: 50, rank: 'low', remark: 'mine' }).values).toEqual({ price: 50, rank: 'low', remark: 'mine' });
  });

  it('run on their events and changes only', () => {
    const set = [action('set', ['remark'], { to: "'ran'" })];
    expect(run([rule(undefined, set, { onUpdate: false })], { remark: '' }).values['remark']).toBe('');
    expect(run([rule(undefined, set, { onUpdate: false })], {}, { isNew: true }).values['remark']).toBe('ran');
    expect(run([rule(undefined, set, { fields: ['price'] })], { price: 2 }, { previous: { price: 2 } }).values['remark']).toBeUndefined();
    expect(run([rule(undefined, set, { fields: ['price'] })], { price: 2 }, { previous: { price: 1 } }).values['remark']).toBe('ran');
  });

  it('propose a default where there is nothing, but not where somebody has emptied the field', () => {
    const rules = [rule(undefined, [action('default', ['remark'], { to: "'check'" })])];
    expect(run(rules, { remark: null }).values['remark']).toBe('check');
    expect(run(rules, { remark: 'mine' }).values['remark']).toBe('mine');
    expect(run(rules, { remark: '' }, { emptied: new Set(['remark']) }).values['remark']).toBe('');
    expect([...defaultedProperties(deal(...rules))]).toEqual(['remark']);
  });

  it('leave the options that all of them leave, and what is chosen', () => {
    const rules = [rule(undefined, [action('limit', ['rank'], { options: ['high', 'urgent'] })]), rule('price > 1', [action('limit', ['rank'], { options: ['high', 'low'] })])];
    const offered = (values: RecordValues) => offeredBy(rank, run(rules, values)).options?.map((option) => option.value);
    expect(offered({ price: 0 })).toEqual(['high', 'urgent']);
    expect(offered({ price: 2 })).toEqual(['high']);
    expect(offered({ price: 2, rank: 'low' })).toEqual(['low', 'high']);
  });

  it('tell', () => {
    const rules = [rule('price > 1', [action('error', ['price'], { message: 'Too much.' }), action('info', [], { message: 'Noted.' })])];
    expect(run(rules, { price: 2 }).notes).toEqual([{ kind: 'error', field: 'price', message: 'Too much.' }, { kind: 'info', field: undefined, message: 'Noted.' }]);
    expect(run(rules, { price: 1 }).notes).toEqual([]);
  });

  it('name the record that they point a lookup to', () => {
    const rules = [rule(undefined, [action('default', ['payer'], { to: 'buyer' })])];
    expect(run(rules, { buyer_id: 'b1', buyer: { id: 'b1', remark: 'Bob' } }).values).toMatchObject({ payer_id: 'b1', payer: { remark: 'Bob' } });
  });
});

describe('a field that rules decide about', () => {
  const rules = [rule('price > 100', [action('set', ['remark'], { to: "'dear'" }), action('lock', ['due'])])];

  it('cannot be changed meanwhile, unless it was changed before', () => {
    const outcome = run(rules, { price: 101 });
    expect([withRules(remark, shown, outcome, false).readOnly, withRules(due, shown, outcome, false).readOnly]).toEqual([true, true]);
    expect(withRules(remark, shown, outcome, true).readOnly).toBe(false);
    expect(withRules(remark, shown, run(rules, { price: 1 }), false).readOnly).toBe(false);
  });

  it('takes back what was typed there before the rule came to hold', () => {
    const typed = { price: 101, remark: 'mine', due: '2026-01-01', rank: 'low' };
    expect(withoutTakenBack(scope(rules, {}), typed, { price: 101 }, formulas)).toEqual({ price: 101, rank: 'low' });
    expect(withoutTakenBack(scope(rules, {}), typed, { remark: 'mine' }, formulas)).toEqual({ price: 101, remark: 'mine', rank: 'low' });
  });

  it('can be held at a limit while it is typed', () => {
    const clamp = [rule('price > 40', [action('set', ['price'], { to: '40' })])];
    const kept = withoutTakenBack(scope(clamp, { price: 1 }), { price: 45 }, { price: 45 }, formulas);
    const outcome = run(clamp, { price: 1, ...kept });
    expect([outcome.values['price'], withRules(price, shown, outcome, 'price' in kept).readOnly]).toEqual([40, false]);
  });
});
