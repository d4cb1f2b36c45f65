import type { FieldUi } from '../field-ui';
import { CodeCell } from './cell';

export const code: FieldUi = { cell: CodeCell, filter: 'text', wide: true, width: 240 };
