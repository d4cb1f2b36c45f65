import type { FieldUi } from '../field-ui';
import { UrlCell } from './cell';

export const url: FieldUi = { cell: UrlCell, filter: 'text', sortable: true, width: 200 };
