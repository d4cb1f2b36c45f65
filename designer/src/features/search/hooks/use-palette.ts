import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import type { ModelIndex } from '@/api/model-index';
import { recentRecords } from '@/api/recent-records';
import { searchQuery, type FoundText, type SearchHit } from '@/api/search';
import { useRecordNames } from '@/api/use-record-names';
import type { TextKey } from '@/lib/i18n/text';
import { recordPath } from '@/lib/paths';
import type { Command } from '../command';
import { fitting } from './rank';

/** An entry of the palette. */
export interface PaletteItem {
  key: string;
  label: string;
  beside?: string | undefined;
  found?: FoundText | undefined;
  icon?: string | undefined;
  color?: string | undefined;
  path?: string | undefined;
  run?: (() => void) | undefined;
}

/** Entries under one heading. */
export interface PaletteGroup {
  heading: TextKey;
  items: PaletteItem[];
}

const mostRecent = 8;
const mostCommands = 6;

function hitItem(model: ModelIndex, app: string | undefined, hit: SearchHit): PaletteItem[] {
  const entity = model.entity(hit.entity);
  const home = model.appOf(hit.entity, app);
  if (!entity || !home) return [];
  return [{
    key: `${hit.entity}/${hit.id}`,
    label: hit.title ?? '–',
    beside: [entity.label, hit.subtitle].filter(Boolean).join(' · '),
    // What the title says need not be said twice.
    found: hit.found?.text === hit.title ? undefined : hit.found,
    icon: entity.icon,
    color: entity.color,
    path: recordPath(home.name, entity.plural, hit.id),
  }];
}

/** Records that were opened last, as far as they are still there and to be seen. */
function useRecentItems(app: string | undefined): PaletteItem[] {
  const model = useModel();
  const [recent] = useState(() => recentRecords(model.source.user.id).slice(0, mostRecent + 1));
  // The one on which the person is needs no way to it.
  const shown = recent.filter(({ entity, recordId }) => !window.location.pathname.endsWith(`/${model.entity(entity)?.plural ?? ''}/${recordId}`)).slice(0, mostRecent);
  const nameOf = useRecordNames(shown);
  return shown.flatMap(({ entity, recordId }) => {
    const title = nameOf(recordId);
    return title === undefined ? [] : hitItem(model, app, { entity, collection: '', id: recordId, title });
  });
}

/** What the palette shows for what is typed. */
export function usePalette(commands: readonly Command[], app: string | undefined) {
  const model = useModel();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 120);
  const hits = useQuery(searchQuery(useApi(), asked));
  const recent = useRecentItems(app);
  const isEmpty = typed.trim() === '';
  const ofKind = (kind: Command['kind']) =>
    fitting(commands.filter((command) => command.kind === kind && (!isEmpty || command.isNear)), typed, (command) => command.label, (command) => command.beside ?? '', isEmpty ? mostCommands * 2 : mostCommands);
  const found = isEmpty || !hits.data ? [] : hits.data.value.flatMap((hit) => hitItem(model, app, hit));
  const groups: PaletteGroup[] = [
    { heading: 'search.recent', items: isEmpty ? recent : [] },
    { heading: 'search.go', items: ofKind('go') },
    { heading: hits.data?.isSimilar ? 'search.similar' : 'search.records', items: found },
    { heading: 'search.create', items: ofKind('create') },
    { heading: 'search.do', items: ofKind('do') },
  ];
  return {
    typed,
    setTyped,
    groups: groups.filter((group) => group.items.length > 0),
    isSearching: !isEmpty && (hits.isFetching || asked !== typed.trim()),
    failure: isEmpty ? null : hits.error,
    incomplete: isEmpty ? [] : (hits.data?.incomplete ?? []).map((name) => model.entity(name)?.pluralLabel ?? name),
  };
}
