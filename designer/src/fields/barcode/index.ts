import type { FieldUi } from '../field-ui';
import { BarcodeCell } from './cell';
import { BarcodeEditor } from './editor';

export const barcode: FieldUi = { editor: BarcodeEditor, cell: BarcodeCell, filter: 'text', sortable: true, width: 160 };
