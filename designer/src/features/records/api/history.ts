import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { StoredRecord } from '@/api/records';

/** What became of a field. */
export interface HistoryChange {
  field: string;
  label: string;
  type: string;
  before?: unknown;
  after?: unknown;
  /** Stands for the value: the label of an option, the name of a record. */
  beforeText?: string;
  afterText?: string;
}

/** Through what something came about. */
export type HistorySource = 'screen' | 'api' | 'rule' | 'workflow' | 'import' | 'job' | 'system';

/** Something that happened to a record. */
export interface HistoryEntry {
  id: string;
  at: string;
  operation: 'create' | 'update' | 'delete' | 'restore';
  by: { id?: string; name?: string; isSystem: boolean };
  source?: HistorySource;
  cause?: { kind: string; id?: string; label?: string };
  /** For administrators. */
  address?: string;
  changes: HistoryChange[];
  /** The values were erased to protect a person. */
  valuesErased?: boolean;
}

/** A field as it was, against how it is. */
export interface HistoryField {
  field: string;
  label: string;
  type: string;
  value?: unknown;
  now?: unknown;
  text?: string;
  nowText?: string;
  differs: boolean;
  canRestore: boolean;
}

/** A record as it was. */
export interface HistoryState {
  at: string;
  isDeleted: boolean;
  fields: HistoryField[];
  /** Values of what has happened since were erased: it cannot be shown quite as it was. */
  valuesErased?: boolean;
}

interface HistoryPage {
  value: HistoryEntry[];
  '@odata.nextLink'?: string;
}

/** Path and query of a link that the server gave. */
export function pathOf(link: string): string {
  const url = new URL(link, window.location.origin);
  return url.pathname + url.search;
}

/** What happened to a record, the newest first, page by page. */
export function historyQuery(api: ApiClient, plural: string, id: string) {
  return infiniteQueryOptions({
    queryKey: ['records', plural, 'history', id],
    staleTime: 0,
    initialPageParam: `/api/data/${plural}/${id}/history`,
    queryFn: ({ pageParam, signal }) => api.get<HistoryPage>(pageParam, signal),
    getNextPageParam: (page) => (page['@odata.nextLink'] ? pathOf(page['@odata.nextLink']) : undefined),
  });
}

/** A record as it was after an entry. */
export function historyStateQuery(api: ApiClient, plural: string, id: string, entry: string) {
  return queryOptions({
    queryKey: ['records', plural, 'history', id, entry],
    staleTime: 0,
    queryFn: ({ signal }) => api.get<HistoryState>(`/api/data/${plural}/${id}/history/${entry}/state`, signal),
  });
}

/** Brings values of fields back, by an ordinary change; with an ETag only if nobody else changed the record since. */
export async function restoreValues(api: ApiClient, plural: string, id: string, entry: string, fields: string[], etag?: string): Promise<StoredRecord> {
  const headers: Record<string, string> = etag ? { 'If-Match': etag } : {};
  return (await api.call<StoredRecord>('POST', `/api/data/${plural}/${id}/history/${entry}/restore`, { headers, body: { fields } })).data;
}
