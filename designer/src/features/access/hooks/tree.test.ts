import { expect, test } from 'vitest';
import { pathTo, treeRows } from './tree';

const unit = (id: string, parent: string | null) => ({ id, name: id.toUpperCase(), parent });
const units = [unit('group', null), unit('north', 'group'), unit('south', 'group'), unit('harbour', 'north')];

test('Units stand below the one above them, with level and place', () => {
  expect(treeRows(units, new Set()).map(({ unit: { id }, level, place, isOpen }) => [id, level, ...place, isOpen])).toEqual([
    ['group', 1, 1, 1, true],
    ['north', 2, 1, 2, true],
    ['harbour', 3, 1, 1, false],
    ['south', 2, 2, 2, false],
  ]);
});

test('What lies below a folded unit is not in sight', () => {
  expect(treeRows(units, new Set(['north'])).map(({ unit: { id } }) => id)).toEqual(['group', 'north', 'south']);
});

test('No unit is lost, wherever its parent is', () => {
  const odd = [unit('lost', 'gone'), unit('a', 'b'), unit('b', 'a')];
  expect(treeRows(odd, new Set()).map(({ unit: { id } }) => id).sort()).toEqual(['a', 'b', 'lost']);
});

test('A path leads from the top to the unit', () => {
  expect(pathTo(units, 'harbour').map(({ id }) => id)).toEqual(['group', 'north', 'harbour']);
  expect(pathTo([unit('a', 'b'), unit('b', 'a')], 'a').map(({ id }) => id)).toEqual(['b', 'a']);
});
