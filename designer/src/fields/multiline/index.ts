import type { FieldUi } from '../field-ui';
import { MultilineCell } from './cell';

export const multiline: FieldUi = { cell: MultilineCell, filter: 'text', wide: true, width: 260 };
