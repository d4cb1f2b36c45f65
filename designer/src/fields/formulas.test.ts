import { describe, expect, it } from 'vitest';
import type { Entity, Field } from '@/api/model';
import { ModelIndex } from '@/api/model-index';
import { Formulas, type RecordScope } from './formulas';
import { lookupFilter } from './lookup/filter';

const plain = { search: false, allowOther: false, polymorphic: false, required: false, readonly: false, visible: true, hidden: false, recommended: false, createOnly: false, unique: false, computed: false, system: false, writable: true, masked: false };

function field(name: string, kind: string, target?: string): Field {
  return { ...plain, name, type: target ? 'lookup' : kind, kind, label: name, columns: [{ name: target ? `${name}_id` : name, type: kind, part: '' }], ...(target ? { targets: [target] } : {}) };
}

function entity(name: string, fields: Field[]): Entity {
  const rights = { create: true, read: true, update: true, delete: true, share: true, export: false, import: false };
  return { name, plural: `${name}s`, label: name, pluralLabel: name, primary: 'name', features: [], defaultSort: [], rights, fields, buttons: [], actions: [], inverses: [], rules: [], formScripts: [], isSettings: false, isPerson: false };
}

const account = entity('account', [field('name', 'text'), field('industry', 'text')]);
const contact = entity('contact', [field('name', 'text'), field('active', 'boolean'), field('account', 'reference', 'account')]);
const contract = entity('contract', [field('value', 'number'), field('status', 'text'), field('labels', 'list'), field('account', 'reference', 'account')]);
const model = new ModelIndex({
  version: 1,
  language: 'en',
  timeZone: 'Europe/Berlin',
  user: { id: 'u1', userName: 'ada', displayName: 'Ada', roles: ['legal'], isAdministrator: false, values: [] },
  apps: [],
  entities: [account, contact, contract],
  forms: [],
  views: [],
  scriptTexts: [],
});
const formulas = new Formulas(model);
const scope: RecordScope = { entity: contract, isNew: false, values: { value: 5, status: 'draft', account_id: 'a1', account: { id: 'a1', name: 'Acme' } } };

describe('a condition over a record', () => {
  it('is decided by the values at hand', () => {
    expect(formulas.holds("value > 3 && status == 'draft'", scope)).toBe(true);
    expect(formulas.holds("user.roles.includes('legal')", scope)).toBe(true);
  });

  it('has the days of the organisation, wherever the browser is', () => {
    const visits: RecordScope = { ...scope, entity: entity('visit', [field('at', 'datetime')]), values: { at: '2026-07-01T22:30:00Z' } };
    expect(formulas.value('date(at)', visits)).toBe('2026-07-02');
    const kiritimati = new Formulas(new ModelIndex({ ...model.source, timeZone: 'Pacific/Kiritimati' }));
    const pagoPago = new Formulas(new ModelIndex({ ...model.source, timeZone: 'Pacific/Pago_Pago' }));
    expect(kiritimati.value('today()', visits)).not.toBe(pagoPago.value('today()', visits));
  });

  it('takes a list without items for no value, as the server does', () => {
    expect(formulas.holds('labels == null', { ...scope, values: { ...scope.values, labels: [] } })).toBe(true);
  });

  it('reaches through a lookup as far as the record came with it', () => {
    expect(formulas.holds("account.name == 'Acme'", scope)).toBe(true);
    expect(formulas.holds("account.industry == 'tech'", scope)).toBeUndefined();
  });

  it('asks settings that are here, and leaves others to the server', () => {
    const firm = { ...entity('firm', [field('name', 'text'), field('limit', 'number'), field('branch', 'reference', 'account')]), isSettings: true };
    const wide = new ModelIndex({ ...model.source, entities: [...model.source.entities, firm] });
    const informed = new Formulas(wide, new Map([['firm', { id: 'f1', name: 'Our firm', limit: 4, branch_id: 'a1' }]]));
    expect(informed.holds("value > setting('firm').limit", scope)).toBe(true);
    expect(informed.value("setting('firm').name.length", scope)).toBe(8);
    expect(informed.holds("setting('firm').branch.industry == 'tech'", scope)).toBeUndefined();
    expect(new Formulas(wide).holds("value > setting('firm').limit", scope)).toBeUndefined();
    // Their own form shows them as they are being edited.
    expect(informed.value("setting('firm').limit", { entity: firm, isNew: false, values: { limit: 9 } })).toBe(9);
    expect(informed.pathsOf("value > setting('firm').limit")).toEqual([['value']]);
    const account = { ...field('account', 'reference', 'account'), filter: "name == setting('firm').name" };
    expect(lookupFilter(account, wide.entity('account') as Entity, informed.outerScope(scope))).toBe("name eq 'Our firm'");
  });

  it('sees the record of a child row', () => {
    const row: RecordScope = { entity: contact, values: {}, isNew: true, parent: { via: 'contract', scope } };
    expect(formulas.holds("parent.status == 'draft'", row)).toBe(true);
  });
});

describe('the value of a formula', () => {
  it('is written as the API writes it', () => {
    expect(formulas.value('value * 2', scope)).toBe(10);
    expect(formulas.value('today()', scope)).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

describe('the filter of a lookup', () => {
  const outer = formulas.outerScope(scope);

  it('is asked of the server with the values of the record', () => {
    const lookup = { ...field('contact', 'reference', 'contact'), filter: 'account == record.account && active' };
    expect(lookupFilter(lookup, contact, outer)).toBe('account_id eq a1 and active eq true');
  });

  it('leaves out what OData cannot say', () => {
    const lookup = { ...field('contact', 'reference', 'contact'), filter: 'len(name) > 3 && active' };
    expect(lookupFilter(lookup, contact, outer)).toBe('active eq true');
  });
});
