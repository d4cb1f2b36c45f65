import type { FieldUi } from '../field-ui';
import { LinksCell } from './cell';

export const links: FieldUi = { cell: LinksCell, filter: 'none', showsReadOnly: true, width: 200 };
