import { describe, expect, it } from 'vitest';
import type { Entity, Field } from '@/api/model';
import { ModelIndex } from '@/api/model-index';
import { Formulas, type RecordScope } from './formulas';
import { lookupFilter } from './lookup/filter';

const plain = { search: false, allowOther: false, polymorphic: false, required: false, readonly: false, visible: true, hidden: false, recommended: false, createOnly: false, unique: false, computed: false, system: false, writable: true };

function field(name: string, kind: string, target?: string): Field {
  return { ...plain, name, type: target ? 'lookup' : kind, kind, label: name, columns: [{ name: target ? `${name}_id` : name, type: kind, part: '' }], ...(target ? { targets: [target] } : {}) };
}

function entity(name: string, fields: Field[]): Entity {
  const rights = { create: true, read: true, update: true, delete: true };
  return { name, plural: `${name}s`, label: name, pluralLabel: name, primary: 'name', features: [], defaultSort: [], rights, fields, buttons: [], inverses: [] };
}

const account = entity('account', [field('name', 'text'), field('industry', 'text')]);
const contact = entity('contact', [field('name', 'text'), field('active', 'boolean'), field('account', 'reference', 'account')]);
const contract = entity('contract', [field('value', 'number'), field('status', 'text'), field('labels', 'list'), field('account', 'reference', 'account')]);
const model = new ModelIndex({
  version: 1,
  language: 'en',
  user: { id: 'u1', userName: 'ada', displayName: 'Ada', roles: ['legal'], isAdministrator: false },
  apps: [],
  entities: [account, contact, contract],
  forms: [],
  views: [],
});
const formulas = new Formulas(model);
const scope: RecordScope = { entity: contract, isNew: false, values: { value: 5, status: 'draft', account_id: 'a1', account: { id: 'a1', name: 'Acme' } } };

describe('a condition over a record', () => {
  it('is decided by the values at hand', () => {
    expect(formulas.holds("value > 3 && status == 'draft'", scope)).toBe(true);
    expect(formulas.holds("user.roles.includes('legal')", scope)).toBe(true);
  });

  it('takes a list without items for no value, as the server does', () => {
    expect(formulas.holds('labels == null', { ...scope, values: { ...scope.values, labels: [] } })).toBe(true);
  });

  it('reaches through a lookup as far as the record came with it', () => {
    expect(formulas.holds("account.name == 'Acme'", scope)).toBe(true);
    expect(formulas.holds("account.industry == 'tech'", scope)).toBeUndefined();
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
