import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from './client';

/** Where in a record the words were found. Places are in UTF-16 units. */
export interface FoundText {
  field: string;
  label: string;
  text: string;
  matches: { start: number; length: number }[];
}

/** A record that was found. */
export interface SearchHit {
  entity: string;
  collection: string;
  id: string;
  title?: string;
  subtitle?: string;
  found?: FoundText;
}

/** What was found in all kinds of records, the best first. */
export interface SearchAnswer {
  value: SearchHit[];
  /** Nothing has the words; these have words like them. */
  isSimilar?: boolean;
  /** Kinds of records that could not be searched in time. */
  incomplete?: string[];
}

const mostHits = 12;

/** Searches all kinds of records that the person may see. */
export function searchQuery(api: ApiClient, text: string) {
  return queryOptions({
    queryKey: ['records', 'search', text],
    enabled: text !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get<SearchAnswer>(`/api/search?q=${encodeURIComponent(text)}&$top=${mostHits}`, signal),
  });
}
