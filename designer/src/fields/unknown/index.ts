import type { FieldUi } from '../field-ui';
import { UnknownCell } from './cell';

/** Stands for a type that this version has no face for. */
export const unknown: FieldUi = { cell: UnknownCell, filter: 'none', showsReadOnly: true, width: 160 };
