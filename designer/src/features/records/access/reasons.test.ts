import { expect, test } from 'vitest';
import { textsOf } from '@/lib/i18n/text';
import type { ExplainedOperation, ExplainedRole, Explanation } from '../api/explanation';
import { reasonsOf } from './reasons';

const t = textsOf('en');
const explanation: Explanation = { user: { id: 'u', name: 'Ada', mayEverything: false }, owner: 'o', distance: 'unit', isOfReport: false, operations: [], fields: [] };
const role = (depth: ExplainedRole['depth'], changes: Partial<ExplainedRole> = {}): ExplainedRole => ({ name: depth, label: depth, depth, reaches: depth === 'unit' || depth === 'organisation', withReports: false, ...changes });
const told = (changes: Partial<ExplainedOperation>, about: Partial<Explanation> = {}) =>
  reasonsOf({ ...explanation, ...about }, { operation: 'update', isAllowed: false, isShared: false, lacks: [], roles: [], ...changes }, t);

test('The roles that reach the record are named', () => {
  expect(told({ isAllowed: true, roles: [role('own'), role('unit')] })).toEqual(['The role “unit” grants it for records of the own unit.']);
});

test('Administrators need no role', () => {
  expect(told({ isAllowed: true }, { user: { ...explanation.user, mayEverything: true } })).toEqual(['Administrators may do everything.']);
});

test('Reports and shares are reasons of their own', () => {
  expect(told({ isAllowed: true, roles: [role('own', { reaches: true, withReports: true })] })[0]).toContain('report to the person');
  expect(told({ isAllowed: true, isShared: true, roles: [role('own')] })).toEqual(['The record is shared for that.']);
});

test('A role that does not reach far enough says so', () => {
  expect(told({ roles: [role('own'), role('none')] })).toEqual(['The role “own” grants it for own records. This record lies further away.']);
});

test('A filter of a role is named, whether the record fulfils it or not', () => {
  const filter = "region == 'west'";
  expect(told({ isAllowed: true, roles: [role('unit', { filter, fulfils: true })] })).toEqual([`The role “unit” grants it for records of the own unit. It is for records for which ${filter}, as for this one.`]);
  expect(told({ roles: [role('unit', { filter, fulfils: false, reaches: false })] })).toEqual([
    `The role “unit” grants it for records of the own unit. It is for records alone for which ${filter}; this one is none of them.`,
  ]);
});

test('What no role grants is said, and a share that does not help', () => {
  expect(told({ roles: [role('none')] })).toEqual(['No role grants it.']);
  expect(told({ isShared: true, roles: [role('none')] })[0]).toContain('a share counts only where');
});

test('What is needed besides is named', () => {
  expect(told({ roles: [role('unit')], lacks: ['read'] })).toEqual(['It also needs the right to: See. That is not given.']);
});

test('There is always a reason', () => {
  expect(told({ isAllowed: true, roles: [] })).toEqual(['It is allowed.']);
  expect(told({ roles: [role('unit')] })).toEqual(['It is not allowed.']);
});
