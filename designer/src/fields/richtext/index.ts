import type { FieldUi } from '../field-ui';
import { RichTextCell } from './cell';

export const richtext: FieldUi = { cell: RichTextCell, filter: 'text', wide: true, width: 260 };
