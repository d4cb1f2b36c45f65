import type { FieldUi } from '../field-ui';
import { RatingCell } from './cell';
import { RatingEditor } from './editor';

export const rating: FieldUi = { editor: RatingEditor, cell: RatingCell, filter: 'number', sortable: true, width: 120 };
