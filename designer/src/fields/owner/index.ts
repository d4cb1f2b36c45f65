import type { FieldUi } from '../field-ui';
import { OwnerCell } from './cell';
import { OwnerEditor } from './editor';

export const owner: FieldUi = { editor: OwnerEditor, cell: OwnerCell, filter: 'reference', sortable: false, width: 190 };
