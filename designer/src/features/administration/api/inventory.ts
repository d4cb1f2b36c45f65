import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';

/** What permits that personal data are kept. */
export const bases = ['consent', 'contract', 'legalObligation', 'vitalInterests', 'publicTask', 'legitimateInterests'] as const;

/** A field that says something about people. */
export interface PersonalField {
  entity: string;
  entityLabel: string;
  field: string;
  fieldLabel: string;
  isSensitive: boolean;
  /** Missing where nobody has said it. */
  purpose?: string;
  basis?: (typeof bases)[number];
  /** Missing where nothing leads from a person to such records. */
  erasure?: 'anonymise' | 'delete' | 'keep';
  keepReason?: string;
  /** ISO 8601, such as P10Y. */
  keepFor?: string;
  retentionAfter?: string;
  readers: string[];
}

/** Where the inventory lies as CSV. */
export const inventoryCsv = '/api/privacy/inventory?format=csv';

/** All fields that say something about people. */
export const inventoryQuery = (api: ApiClient) =>
  queryOptions({ queryKey: ['administration', 'inventory'], queryFn: async ({ signal }) => (await api.get<{ value: PersonalField[] }>('/api/privacy/inventory', signal)).value });
