import type { FieldUi } from '../field-ui';
import { ParentCell } from './cell';
import { ParentEditor } from './editor';

export const parent: FieldUi = { editor: ParentEditor, cell: ParentCell, filter: 'reference', sortable: true, width: 190 };
