import { expect, test } from 'vitest';
import { fitting, rank } from './rank';

test.each([
  ['con', 'Contracts', '', 0],
  ['line', 'Contract lines', '', 1],
  ['tract', 'Contracts', '', 2],
  ['contracts ending', 'Ending soon', 'Contracts', 3],
  ['uber', 'Über uns', '', 0],
  ['strasse', 'Straße', '', 0],
  ['zzz', 'Contracts', 'Sales', null],
])('%s in %s beside %s is %s', (typed, label, beside, expected) => expect(rank(typed, label, beside)).toBe(expected));

test('The best come first, equally good ones in their order, and no more than asked for', () =>
  expect(fitting(['Recontact', 'Old contacts', 'Contacts', 'Contracts', 'Assets'], 'cont', (item) => item, () => '', 3)).toEqual(['Contacts', 'Contracts', 'Old contacts']));
