import type { FieldUi } from '../field-ui';
import { FilesCell } from './cell';

export const files: FieldUi = { cell: FilesCell, filter: 'none', showsReadOnly: true, width: 140 };
