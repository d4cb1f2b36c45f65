import type { FieldUi } from '../field-ui';
import { UrlCell } from './cell';
import { UrlEditor } from './editor';

export const url: FieldUi = { editor: UrlEditor, cell: UrlCell, filter: 'text', sortable: true, width: 200 };
