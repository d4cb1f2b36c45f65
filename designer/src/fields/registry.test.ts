import { describe, expect, it } from 'vitest';
import { editors } from './editors';
import { createFieldRegistry } from './registry';

/** The engine's types (engine/Xrm.Metadata/FieldTypes), one folder each. */
const engineTypes = [
  'text', 'multiline', 'richtext', 'email', 'phone', 'url', 'color', 'barcode', 'secret', 'integer', 'decimal', 'money', 'percent', 'float', 'rating',
  'duration', 'date', 'datetime', 'time', 'boolean', 'choice', 'choices', 'tags', 'lookup', 'owner', 'links', 'parent', 'children',
  'person_name', 'address', 'file', 'files', 'json', 'autonumber', 'uuid', 'code', 'markdown', 'icon',
];

describe('the registry of field types', () => {
  it('has a face for each type of the engine and for no other', () => {
    expect([...createFieldRegistry().keys()].sort()).toEqual([...engineTypes].sort());
  });

  it('has an editor for each type', () => {
    expect(Object.keys(editors).sort()).toEqual([...engineTypes].sort());
  });
});
