import type { FieldUi } from '../field-ui';
import { AddressCell } from './cell';
import { AddressEditor } from './editor';

export const address: FieldUi = { editor: AddressEditor, cell: AddressCell, filter: 'text', sortable: true, wide: true, width: 240 };
