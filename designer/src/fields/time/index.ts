import type { FieldUi } from '../field-ui';
import { TimeCell } from './cell';
import { TimeEditor } from './editor';

export const time: FieldUi = { editor: TimeEditor, cell: TimeCell, filter: 'none', sortable: true, width: 100 };
