import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useModel } from '@/api/application-model';
import type { Entity, Sort, View } from '@/api/model';
import { readConditions, type Condition } from './conditions';

/** What a list shows, kept in the address of the page so that it can be shared and survives a reload. */
export interface ListState {
  view: View | undefined;
  sort: Sort[];
  search: string;
  page: number;
  conditions: Condition[];
  setView(name: string): void;
  setSort(sort: Sort): void;
  setSearch(search: string): void;
  setPage(page: number): void;
  setConditions(conditions: Condition[]): void;
  clear(): void;
}

function readSort(text: string | null): Sort[] {
  return text ? [{ field: text.replace(/^-/, ''), descending: text.startsWith('-') }] : [];
}

/** Reads and changes what a list shows. */
export function useListState(entity: Entity): ListState {
  const model = useModel();
  const [params, setParams] = useSearchParams();
  const view = model.view(entity, params.get('view'));
  const own = readSort(params.get('sort'));
  const filter = params.get('filter');
  const conditions = useMemo(() => readConditions(filter), [filter]);
  const change = useCallback(
    (changes: Record<string, string | null>, replace = false) =>
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          for (const [name, value] of Object.entries({ page: null, ...changes })) {
            if (value === null || value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace },
      ),
    [setParams],
  );
  return {
    view,
    sort: own.length > 0 ? own : view?.sort.length ? view.sort : entity.defaultSort,
    search: params.get('q') ?? '',
    page: Math.max(1, Number(params.get('page')) || 1),
    conditions,
    setView: (name) => change({ view: name, sort: null, filter: null, q: null }),
    setSort: (sort) => change({ sort: `${sort.descending ? '-' : ''}${sort.field}` }),
    setSearch: useCallback((search: string) => change({ q: search }, true), [change]),
    setPage: (page) => change({ page: page > 1 ? String(page) : null }),
    setConditions: (next) => change({ filter: next.length ? JSON.stringify(next) : null }),
    clear: () => change({ q: null, filter: null }),
  };
}
