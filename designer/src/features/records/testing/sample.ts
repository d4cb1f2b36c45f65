import type { ApplicationModel, Entity, Field, Option } from '@/api/model';

/** A field with what tests do not care about filled in. */
export function aField(name: string, changes: Partial<Field> = {}): Field {
  return {
    name,
    type: 'text',
    kind: 'text',
    label: name[0]?.toUpperCase() + name.slice(1),
    columns: [{ name, type: 'text', part: '' }],
    required: false,
    readonly: false,
    visible: true,
    hidden: false,
    recommended: false,
    createOnly: false,
    unique: false,
    search: false,
    computed: false,
    system: false,
    writable: true, masked: false,
    allowOther: false,
    polymorphic: false,
    ...changes,
  };
}

/** A lookup to an entity. */
export function aLookup(name: string, target: string, changes: Partial<Field> = {}): Field {
  return aField(name, { type: 'lookup', kind: 'reference', columns: [{ name: `${name}_id`, type: 'uuid', part: '' }], targets: [target], ...changes });
}

function anOption(value: string, label: string): Option {
  return { value, label, retired: false, when: [] };
}

/** An entity with the given fields. */
export function anEntity(name: string, fields: Field[], changes: Partial<Entity> = {}): Entity {
  return {
    name,
    plural: `${name}s`,
    label: name,
    pluralLabel: `${name}s`,
    primary: fields[0]?.name ?? 'name',
    features: [],
    defaultSort: [],
    rights: { create: true, read: true, update: true, delete: true, share: true, export: true, import: true },
    fields,
    buttons: [],
    actions: [{
      name: 'discount', label: 'Discount', description: 'Lowers the price.', when: "status == 'draft'",
      parameters: [
        { name: 'percent', label: 'Percent', type: 'decimal', required: true, options: [], max: 50 },
        { name: 'reason', label: 'Reason', type: 'choice', required: false, default: 'loyal', options: [{ value: 'loyal', label: 'Loyal' }, { value: 'late', label: 'Late' }] },
      ],
    }],
    inverses: [],
    rules: [],
    formScripts: [],
    isSettings: false, isPerson: false,
    ...changes,
  };
}

const line = anEntity('line', [aField('name', { required: true }), aField('amount', { type: 'decimal', kind: 'number', columns: [{ name: 'amount', type: 'decimal', part: '' }] })]);
const account = anEntity('account', [aField('name')]);

/** A contract with an account and lines. */
export const contract = anEntity(
  'contract',
  [
    aField('title', { required: true, maxLength: 20 }),
    aLookup('account', 'account', { required: true }),
    aField('status', { type: 'choice', options: [anOption('draft', 'Draft'), anOption('active', 'Active')], default: 'draft' }),
    aField('lines', { type: 'children', columns: [], child: 'line', via: 'contract' }),
    aField('strange', { type: 'hologram' }),
  ],
  { lifecycle: { field: 'status', transitions: [{ name: 'activate', label: 'Activate', from: ['draft'], to: 'active' }] } },
);

/** A model of contracts, accounts and lines. */
export const sampleModel: ApplicationModel = {
  version: 1,
  language: 'en',
  timeZone: 'UTC',
  user: { id: '1', userName: 'ada', displayName: 'Ada', roles: [], isAdministrator: true, values: [] },
  apps: [{ name: 'app', label: 'App', navigation: [{ items: [{ entity: 'contract', label: 'Contracts' }] }] }],
  entities: [contract, account, line],
  forms: [
    {
      name: 'contract.main',
      entity: 'contract',
      label: 'Contract',
      header: [],
      tabs: [{ label: 'General', sections: [{ columns: 2, fields: contract.fields.map((field) => ({ field: field.name })) }] }],
    },
  ],
  scriptTexts: [],
  views: [{ name: 'contract.all', entity: 'contract', label: 'All contracts', default: true, columns: ['title', 'status', 'account'], sort: [] }],
};
