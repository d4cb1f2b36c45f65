import { describe, expect, it } from 'vitest';
import { Formulas } from '@/fields/formulas';
import { ModelIndex } from '@/api/model-index';
import { aField, anEntity, contract, sampleModel } from '../testing/sample';
import { bodyOf, fieldOfProperty, initialValues, mergeChanges } from './form-values';

const model = new ModelIndex(sampleModel);

describe('the body of a save', () => {
  it('carries new and stored rows, without what only the browser knows', () => {
    const lines = [{ id: 'l1', name: 'First', amount: '5', amount_label: 'x' }, { _key: 'k', name: 'Second' }];
    const base = { lines: [{ id: 'l1', name: 'First', amount: 4 }] };
    expect(bodyOf(model, contract, base, { lines, account: { id: 'a1', name: 'Acme' } }, false)).toEqual({
      lines: [{ id: 'l1', amount: 5 }, { name: 'Second' }],
    });
  });

  it('leaves a currency to the field that says it', () => {
    const columns = [{ name: 'fee', type: 'decimal', part: '' }, { name: 'fee_currency', type: 'text', part: 'currency' }, { name: 'fee_base', type: 'decimal', part: 'base' }];
    const entity = anEntity('fee', [aField('fee', { type: 'money', kind: 'number', columns, currency: 'currency' })]);
    expect(bodyOf(model, entity, {}, { fee: 5, fee_currency: 'EUR', fee_base: 5 }, false)).toEqual({ fee: 5 });
  });

  it('leaves out what may not be written', () => {
    const entity = { ...contract, fields: contract.fields.map((field) => ({ ...field, writable: field.name !== 'title' })) };
    expect(bodyOf(model, entity, {}, { title: 'x', status: 'active' }, false)).toEqual({ status: 'active' });
  });
});

describe('changes', () => {
  it('vanish when they lead back to the stored value', () => {
    expect(mergeChanges({ title: 'a', note: null }, { title: 'b' }, { title: 'a', note: '' })).toEqual({});
  });
});

describe('a property', () => {
  it('belongs to the field that has the column', () => {
    expect(fieldOfProperty(contract, 'account_id')?.name).toBe('account');
    expect(fieldOfProperty(contract, 'account@odata.bind')?.name).toBe('account');
    expect(fieldOfProperty(contract, 'nothing')).toBeUndefined();
  });
});

describe('a new record', () => {
  it('starts with constant defaults and what it is given', () => {
    expect(initialValues(model, contract, { account_id: 'a1' }, new Formulas(model))).toEqual({ status: 'draft', account_id: 'a1' });
  });
});
