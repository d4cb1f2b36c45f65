import type { ApiClient } from './client';

/** A record's values by API property: columns, and expanded records by field name. */
export type RecordValues = Record<string, unknown>;

/** What rules tell of a record that was saved. */
export interface SaveMessage {
  kind: 'warning' | 'info';
  /** Property that it is about; the record as a whole where missing. */
  field?: string;
  message: string;
}

/** A record that is stored. */
export interface StoredRecord extends RecordValues {
  id: string;
  '@odata.etag'?: string;
  /** In the answer to a write. */
  '@xrm.messages'?: SaveMessage[];
}

/** One page of a list. */
export interface RecordPage {
  rows: StoredRecord[];
  /** Number of all rows that match; absent where it was not asked for. */
  count?: number;
  hasMore: boolean;
}

/** What to list. */
export interface ListOptions {
  view?: string | undefined;
  select?: string[] | undefined;
  expand?: string | undefined;
  filter?: string | undefined;
  orderBy?: string | undefined;
  search?: string | undefined;
  top?: number | undefined;
  skip?: number | undefined;
  count?: boolean | undefined;
}

interface ListAnswer {
  value: StoredRecord[];
  '@odata.count'?: number;
  '@odata.nextLink'?: string;
}

/** The query part of a list's address. */
export function listQuery(options: ListOptions): string {
  const parts: [string, string | number | undefined][] = [
    ['view', options.view],
    ['$select', options.select?.join(',')],
    ['$expand', options.expand],
    ['$filter', options.filter],
    ['$orderby', options.orderBy],
    ['$search', options.search],
    ['$top', options.top],
    ['$skip', options.skip || undefined],
    ['$count', options.count ? 'true' : undefined],
  ];
  return parts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
}

/** Lists records. */
export async function listRecords(api: ApiClient, plural: string, options: ListOptions, signal?: AbortSignal): Promise<RecordPage> {
  const answer = await api.get<ListAnswer>(`/api/data/${plural}?${listQuery(options)}`, signal);
  const page: RecordPage = { rows: answer.value, hasMore: Boolean(answer['@odata.nextLink']) };
  if (answer['@odata.count'] !== undefined) page.count = Number(answer['@odata.count']);
  return page;
}

/** Reads one record. */
export async function getRecord(api: ApiClient, plural: string, id: string, options: ListOptions, signal?: AbortSignal): Promise<StoredRecord> {
  const query = listQuery(options);
  const answer = await api.call<StoredRecord>('GET', `/api/data/${plural}/${id}${query ? `?${query}` : ''}`, { signal });
  return answer.etag ? { ...answer.data, '@odata.etag': answer.etag } : answer.data;
}

/** Creates a record. */
export async function createRecord(api: ApiClient, plural: string, values: RecordValues): Promise<StoredRecord> {
  return (await api.call<StoredRecord>('POST', `/api/data/${plural}`, { body: values })).data;
}

/** Changes the named values; with an ETag only if nobody else changed the record since. A record that is gone is not created anew. */
export async function updateRecord(api: ApiClient, plural: string, id: string, values: RecordValues, etag?: string): Promise<StoredRecord> {
  const headers = { 'If-Match': etag ?? '*' };
  return (await api.call<StoredRecord>('PATCH', `/api/data/${plural}/${id}`, { body: values, headers })).data;
}

/** Deletes a record. */
export async function deleteRecord(api: ApiClient, plural: string, id: string, etag?: string): Promise<void> {
  await api.call('DELETE', `/api/data/${plural}/${id}`, { headers: etag ? { 'If-Match': etag } : {} });
}

/** Uses a lifecycle transition, or starts a workflow by its button. */
export async function runAction(api: ApiClient, plural: string, id: string, action: string, etag?: string, parameters: RecordValues = {}): Promise<StoredRecord | undefined> {
  const headers: Record<string, string> = etag ? { 'If-Match': etag } : {};
  return (await api.call<StoredRecord | undefined>('POST', `/api/data/${plural}/${id}/${action}`, { headers, body: parameters })).data;
}

/** Tells a secret of a record; the audit says that somebody asked. */
export async function revealSecret(api: ApiClient, plural: string, id: string, field: string): Promise<string> {
  const answer = await api.call<{ value: string | null }>('POST', `/api/data/${plural}/${id}/reveal?field=${encodeURIComponent(field)}`, { body: {} });
  return answer.data.value ?? '';
}
