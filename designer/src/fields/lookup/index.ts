import type { FieldUi } from '../field-ui';
import { LookupCell } from './cell';
import { LookupEditor } from './editor';

export const lookup: FieldUi = { editor: LookupEditor, cell: LookupCell, filter: 'reference', sortable: true, width: 190 };
