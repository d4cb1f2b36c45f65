/** Texts of the search and of the commands beside it, in English. */
export const searchEn = {
  'search.title': 'Search and commands',
  'search.open': 'Search',
  'search.keys': 'Ctrl K',
  'search.placeholder': 'Search records, or go to …',
  'search.results': 'Results',
  'search.recent': 'Opened last',
  'search.go': 'Go to',
  'search.records': 'Records',
  'search.similar': 'Similar records',
  'search.create': 'New',
  'search.do': 'Actions',
  'search.new': 'New: {name}',
  'search.nothing': 'Nothing fits “{text}”',
  'search.incomplete': 'Not searched to the end: {names}',
};
