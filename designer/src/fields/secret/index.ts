import type { FieldUi } from '../field-ui';
import { SecretCell } from './cell';

export const secret: FieldUi = { cell: SecretCell, filter: 'none', showsReadOnly: true, width: 110 };
