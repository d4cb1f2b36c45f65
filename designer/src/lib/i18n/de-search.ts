import type { searchEn } from './en-search';

/** Texts of the search and of the commands beside it, in German. */
export const searchDe: Record<keyof typeof searchEn, string> = {
  'search.title': 'Suche und Befehle',
  'search.open': 'Suchen',
  'search.keys': 'Strg K',
  'search.placeholder': 'Datensätze suchen oder öffnen …',
  'search.results': 'Ergebnisse',
  'search.recent': 'Zuletzt geöffnet',
  'search.go': 'Gehe zu',
  'search.records': 'Datensätze',
  'search.similar': 'Ähnliche Datensätze',
  'search.create': 'Neu',
  'search.do': 'Aktionen',
  'search.new': 'Neu: {name}',
  'search.nothing': 'Nichts passt zu „{text}“',
  'search.incomplete': 'Nicht zu Ende durchsucht: {names}',
};
