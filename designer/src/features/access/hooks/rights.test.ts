import { expect, test } from 'vitest';
import { addEdit, cellOf, depthsFor, entitiesOf, readReports, withCell, withEdits, type RoleEntities } from './rights';
import { depths } from '@/lib/depths';

const reader: RoleEntities = { '*': { read: 'organisation' } };
const worker: RoleEntities = { case: { read: 'unit', update: 'own', readReports: true, filter: 'status == 1' } };

test('A cell shows what the role grants, and what it has from all that are not named', () => {
  expect(cellOf(worker, 'case', 'read')).toEqual({ depth: 'unit', isInherited: false, withReports: true });
  expect(cellOf(worker, 'case', 'update')).toEqual({ depth: 'own', isInherited: false, withReports: false });
  expect(cellOf(worker, 'other', 'read')).toEqual({ depth: 'none', isInherited: false, withReports: false });
  expect(cellOf(reader, 'case', 'read')).toEqual({ depth: 'organisation', isInherited: true, withReports: false });
});

test('An entity that is named begins with what it had from all others', () => {
  expect(withCell(reader, { entity: 'case', operation: 'update', value: 'own' })).toEqual({ '*': { read: 'organisation' }, case: { read: 'organisation', update: 'own' } });
  expect(withCell(reader, { entity: 'case', operation: 'read', value: 'none' })).toEqual({ '*': { read: 'organisation' }, case: {} });
});

test('What a role says of other things stays', () => {
  expect(withCell(worker, { entity: 'case', operation: 'read', value: 'team' })).toEqual({ case: { update: 'own', readReports: true, filter: 'status == 1', read: 'team' } });
});

test('An entity to which nothing is granted any more is not named', () => {
  expect(withCell({ case: { read: 'own' } }, { entity: 'case', operation: 'read', value: 'none' })).toEqual({});
});

test('A change that leads back is none', () => {
  const once = addEdit(worker, [], { entity: 'case', operation: 'read', value: 'team' });
  expect(once).toHaveLength(1);
  expect(addEdit(worker, once, { entity: 'case', operation: 'read', value: 'unit' })).toEqual([]);
  expect(addEdit(worker, [], { entity: 'case', operation: readReports, value: true })).toEqual([]);
  expect(addEdit(worker, once, { entity: 'case', operation: 'read', value: 'own' })).toEqual([{ entity: 'case', operation: 'read', value: 'own' }]);
});

test('Changes can be laid over a newer version', () => {
  const edits = addEdit(worker, [], { entity: 'case', operation: 'delete', value: 'own' });
  expect(withEdits({ ...worker, note: { read: 'own' } }, edits)).toEqual({ case: { ...worker['case'], delete: 'own' }, note: { read: 'own' } });
});

test('Records that nobody owns know only none and all', () => {
  expect(depthsFor({ name: 'a', label: 'A', isOwned: false, operations: [] }, depths)).toEqual(['none', 'organisation']);
  expect(depthsFor({ name: 'a', label: 'A', isOwned: true, operations: [] }, depths)).toHaveLength(6);
});

test('A role file without entities grants nothing', () => expect(entitiesOf('{ "name": "empty" }')).toEqual({}));
