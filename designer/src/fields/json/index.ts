import type { FieldUi } from '../field-ui';
import { JsonCell } from './cell';

export const json: FieldUi = { cell: JsonCell, filter: 'none', wide: true, width: 220 };
